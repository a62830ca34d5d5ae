"""One version of a letter's texts in one language: what a reviewer reads and releases."""

import hashlib
import json

from privacy.letters.table import LETTERS
from privacy.letters.texts import ENGLISH, FOLDER, texts
from privacy.letters.vocabulary import NAMES_IN, names

LANGUAGES: tuple[str, ...] = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))
DRAFTS = tuple(language for language in LANGUAGES if language != ENGLISH)
SUBJECT = "subject"
NAMES = {
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "pt": "Portuguese",
}


def words_of(letter: str, language: str) -> dict[str, str]:
    """Every text that the letter may have in that language, by element, and the names that its
    facts may bring, by their English ones; "" where one lacks.
    """
    row, known = LETTERS[letter], texts(language)
    subject = row.subject if language == ENGLISH else known.get("subjects", {}).get(letter)
    found = {SUBJECT: subject, **{name: known.get(name) for name in row.elements}}
    for fact in sorted(row.facts & NAMES_IN.keys()):
        found |= {name: named(name, language) for name in NAMES_IN[fact]}
    return {name: str(text or "").strip() for name, text in found.items()}


def named(name: str, language: str) -> str:
    return name if language == ENGLISH else names(language).get(name, "")


def gaps(letter: str, language: str) -> list[str]:
    """Which of its texts are still to be written: with one of them it can't be released."""
    return [name for name, text in words_of(letter, language).items() if not text]


def digest_of(letter: str, language: str) -> str:
    """SHA-256 over all its texts in order: another word, and it is another version."""
    return hashlib.sha256(
        json.dumps(list(words_of(letter, language).items()), ensure_ascii=False).encode()
    ).hexdigest()
