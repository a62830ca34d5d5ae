"""Facts from which every letter can be made, and where they are the other way round.

A new fact gets its example in `privacy/management/pages/letter_examples.py`.
"""

from dataclasses import replace
from typing import Any

from privacy.letters import LETTERS, Facts
from privacy.letters.elements import ELEMENTS
from privacy.letters.texts import ENGLISH, FOLDER
from privacy.management.pages.letter_examples import EXAMPLE as FULL
from privacy.services.post.releases import releasable

__all__ = [
    "CONTRARY",
    "ELEMENTS_IN",
    "FULL",
    "IN_LETTERS",
    "LANGUAGES",
    "LETTERS_IN",
    "but",
    "facts_against",
    "facts_for",
    "unfolded",
]

LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
# Letters to companies are English; of the others each language has all.
LETTERS_IN = {
    language: [name for name in LETTERS if language == ENGLISH or name in releasable()]
    for language in LANGUAGES
}
ELEMENTS_IN = {
    language: list(dict.fromkeys(name for letter in names for name in LETTERS[letter].elements))
    for language, names in LETTERS_IN.items()
}
CONTRARY = replace(
    FULL,
    by_agent=False,
    by_guardian=False,
    extension_citations=(),
    pause_citations=(),
    is_appeal=False,
    offices=(),
    grace_hours=0,
    paused=False,
    stopped_meanwhile=(),
    declined=(),
    erased=(),
    found=(),
    was_refused=False,
    not_ours=False,
    asked_for_copy=False,
    courts=(),
    held=(),
    waiting=(),
    expiring=(),
    not_corrected=(),
)
IN_LETTERS = [(letter, name) for letter, row in LETTERS.items() for name in row.elements]


def facts_for(name: str) -> Facts:
    """Facts under which this element is said."""
    return CONTRARY if ELEMENTS[name].unless else FULL


def facts_against(name: str) -> Facts:
    """Facts under which this element is silent."""
    conditions = ELEMENTS[name].conditions
    said = {fact: getattr(FULL, fact) for fact in conditions}
    empty = {fact: type(value)() for fact, value in said.items()}
    return replace(
        FULL, **{fact: empty[fact] if conditions[fact] else said[fact] for fact in said}
    )


def but(facts: Facts, **changes: Any) -> Facts:
    return replace(facts, **changes)


def unfolded(text: str) -> str:
    """Without the line breaks, so that a sentence can be found."""
    return " ".join(text.split())
