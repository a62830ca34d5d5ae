"""Which letters go out in which language: only what a named reviewer read and released."""

from enum import StrEnum
from typing import NamedTuple

from privacy.letters import LETTERS, Addressee
from privacy.letters.texts import ENGLISH
from privacy.letters.versions import DRAFTS, digest_of, gaps
from privacy.models import LetterRelease, PrivacyRequest

# Companies get English.
PEOPLE = (Addressee.PERSON, Addressee.ON_FILE, Addressee.REPRESENTATIVE)


class Version(StrEnum):
    RELEASED = "released"
    CHANGED = "changed"  # another version was released: this one is new
    DRAFT = "draft"
    GAPS = "gaps"


class Entry(NamedTuple):
    """Where a letter stands in one language."""

    letter: str
    language: str
    state: Version
    release: LetterRelease | None  # of this version, or the last one of another


def language_of(letter: str, request: PrivacyRequest) -> str:
    """The language in which this letter goes to this person: theirs if its text is released."""
    language = request.language
    if LETTERS[letter].to not in PEOPLE or language not in DRAFTS:
        return ENGLISH
    return language if released(letter, language) else ENGLISH


def released(letter: str, language: str) -> LetterRelease | None:
    """The release of the version that stands in the files now."""
    rows = LetterRelease.objects.filter(revoked_at=None, letter=letter, language=language)
    return rows.filter(digest=digest_of(letter, language)).first()


def entry(letter: str, language: str) -> Entry:
    rows = LetterRelease.objects.filter(revoked_at=None, letter=letter, language=language)
    last = rows.select_related("released_by").order_by("-released_at").first()
    if gaps(letter, language):
        return Entry(letter, language, Version.GAPS, last)
    if found := released(letter, language):
        return Entry(letter, language, Version.RELEASED, found)
    return Entry(letter, language, Version.CHANGED if last else Version.DRAFT, last)


def releasable() -> list[str]:
    """The letters that people read."""
    return [name for name, row in LETTERS.items() if row.to in PEOPLE]
