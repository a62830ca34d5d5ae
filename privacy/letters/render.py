"""From a letter's elements and facts to the text that is sent."""

import re
import textwrap
from typing import Any, NamedTuple

from django.template import Context, Engine
from django.utils import translation

from privacy.letters.elements import ELEMENTS
from privacy.letters.facts import Facts
from privacy.letters.table import LETTERS
from privacy.letters.texts import ENGLISH, texts
from privacy.letters.vocabulary import in_language

LONGEST_LINE = 78
BESIDE_A_NUMBER = re.compile(r"(?<=\d) (?=[^\W\d])|(?<=[^\W\d]) (?=\d{4}\b)|(?<=\.) (?=\d)")
HARD_SPACE = "\u00a0"
ENGINE = Engine(autoescape=False)  # plain text, not HTML


class MissingElementError(Exception):
    """A letter can't be made without this element. The message holds nothing personal."""

    def __init__(self, letter: str, element: str) -> None:
        super().__init__(f"The letter “{letter}” lacks its element “{element}”.")
        self.letter = letter
        self.element = element


class Rendered(NamedTuple):
    """A letter as it is sent."""

    subject: str
    text: str


def render(letter: str, facts: Facts, language: str = ENGLISH) -> Rendered:
    """The subject and text of a letter. Raises MissingElementError."""
    names = LETTERS[letter].elements
    with translation.override(language):
        parts = [said(letter, name, facts, language) for name in names]
    return Rendered(
        subject=subject_of(letter, language),
        text="\n\n".join(laid_out(part) for part in parts if part) + "\n",
    )


def subject_of(letter: str, language: str) -> str:
    """On one line: a break would begin another header."""
    row = LETTERS[letter]
    subject = row.subject if language == ENGLISH else texts(language)["subjects"].get(letter, "")
    if not subject.strip():
        raise MissingElementError(letter, "subject")
    return " ".join(subject.split())


def said(letter: str, name: str, facts: Facts, language: str) -> str:
    """What an element says in this letter, "" when it has no place there."""
    element = ELEMENTS[name]
    known = {fact: getattr(facts, fact) for fact in element.facts}
    if all(value is not None for value in known.values()):
        if any(bool(known[fact]) != wanted for fact, wanted in element.conditions.items()):
            return ""
        if text := filled(name, {need: known[need] for need in element.needs}, language):
            return text
    if element.required:
        raise MissingElementError(letter, name)
    return ""


def filled(name: str, values: dict[str, Any], language: str) -> str:
    """An element's text with its facts, "" when one of these is empty."""
    if any(is_empty(value) for value in values.values()):
        return ""
    template = ENGINE.from_string(texts(language).get(name, ""))
    named = {fact: in_language(value, language) for fact, value in values.items()}
    return str(template.render(Context(named, autoescape=False))).strip()


def is_empty(value: Any) -> bool:
    """Nothing to tell. A number or a yes and no always tells something."""
    return value == () or (isinstance(value, str) and not value.strip())


def laid_out(text: str) -> str:
    """With lines that any mail program shows whole (RFC 5322, 2.1.1), and no wide gaps."""
    lines = [folded(line) for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def folded(line: str) -> str:
    """A line on as many lines as it needs; what follows a dash or a space stays beneath itself.

    Dates, articles and amounts stay whole.
    """
    margin = re.match(r"(- | )*", line)
    return textwrap.fill(
        BESIDE_A_NUMBER.sub(HARD_SPACE, line),
        LONGEST_LINE,
        subsequent_indent=" " * len(margin.group() if margin else ""),
        break_long_words=False,
        break_on_hyphens=False,
    ).replace(HARD_SPACE, " ")
