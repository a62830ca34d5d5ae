"""docs/letters.md: each letter in full, under several laws, for a lawyer to read."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from privacy.letters import LETTERS, render
from privacy.letters.required import REQUIRED
from privacy.letters.table import Addressee
from privacy.management.pages.letter_places import (
    ELSE,
    ONLY,
    PLACES,
    Place,
    facts_in,
    gives_more_time,
)
from privacy.management.pages.markdown import NOTE, table
from privacy.management.pages.regime_words import plain
from privacy.refusals import REASONS, Extent, Reason
from privacy.rights import Right

TO = {
    Addressee.PERSON: "the person",
    Addressee.ON_FILE: "the addresses of the person’s account, where they differ",
    Addressee.PROCESSOR: "a company that works for us",
    Addressee.CUSTOMER: "a customer of ours",
    Addressee.REPRESENTATIVE: "who acts for the person",
}
INTRODUCTION = (
    "Every letter as it is sent, with invented facts, under the laws of six places. Read a letter "
    "as a whole: each of its sentences must be true under that law. Where a letter can read "
    "otherwise, it follows under the first of them. What only other laws know stands under those."
)
OFFICES = (
    "Names of national authorities, courts and times come from `privacy/authorities.yaml`, most "
    "of them from knowledge. No machine opened their addresses: counsel checks them."
)
REASONS_INTRODUCTION = (
    "Why a right may be refused, from `privacy/refusals/table.py`. Staff choose a reason, never "
    "an article. A reason counts only if every law that likely binds us and grants the right has "
    "it, and never where a law lists what may be refused and leaves it out, or wants its "
    "provision named and we know none."
)


def is_sent(letter: str, place: Place) -> bool:
    """Whether the letter can go there."""
    return letter != "extension" or gives_more_time(place)


def versions(letter: str) -> dict[str, list[str]]:
    """Each text that the letter has, with the places where it reads so."""
    found: dict[str, list[str]] = {}
    for place in ONLY.get(letter, PLACES):
        if not is_sent(letter, place):
            continue
        text = render(letter, facts_in(place, letter)).text
        found.setdefault(text, []).append(place.name)
    for when, facts in ELSE.get(letter, {}).items():
        text = render(letter, replace(facts_in(PLACES[0], letter), **facts)).text
        found.setdefault(text, []).append(f"{PLACES[0].name}, {when}")
    return found


def one_letter(name: str) -> Iterator[str]:
    row, demands = LETTERS[name], REQUIRED.get(name, {})
    yield from (f"## {name}", "", f"To {TO[row.to]}. Subject: {row.subject}", "")
    if demands:
        yield from table(("it must say", "because of"), demands.items())
        yield ""
    texts = versions(name)
    for text, places in texts.items():
        if len(texts) > 1:
            yield from (f"### {name}: {', '.join(places)}", "")
        yield from ("```text", text.rstrip(), "```", "")


def reasons() -> Iterator[str]:
    heads = ("code", "the person reads", "for", "laws", "known", "besides")
    yield from table(heads, (reason_row(code, row) for code, row in REASONS.items()))


def reason_row(code: str, row: Reason) -> tuple[str, ...]:
    sources = [f"{each.laws}: {each.citation or 'its own rule'}" for each in row.sources]
    how = sorted({plain(each.certainty) for each in row.sources})
    words = [row.must, *limits(row)]
    return (
        f"`{code}`",
        row.says,
        ", ".join(row.rights) if len(row.rights) < len(Right) else "all",
        "; ".join([*sources, "and everywhere else"] if row.everywhere else sources),
        ", ".join(how),
        " ".join(filter(None, words)),
    )


def limits(row: Reason) -> Iterable[str]:
    if row.use != "refuses":
        yield "Never a refusal."
    if row.extent is Extent.PART:
        yield "Only for a part of a right."
    if row.dated:
        yield "With its last day."


def letters() -> list[str]:
    lines = ["# Letters", "", NOTE, "", INTRODUCTION, "", OFFICES, ""]
    for name in LETTERS:
        lines += one_letter(name)
    return [*lines, "## Reasons for a refusal", "", REASONS_INTRODUCTION, "", *reasons()]
