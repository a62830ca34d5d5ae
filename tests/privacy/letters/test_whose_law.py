"""A letter about a change cites the laws of whoever reads it, and no other."""

import re
from dataclasses import replace

import pytest

from privacy.letters import LETTERS, render
from privacy.letters.table import Addressee
from privacy.letters.texts import texts
from privacy.management.pages.letter_places import Place, facts_in
from privacy.models import DownstreamNotice
from privacy.regimes.loader import regime_files
from privacy.services.clocks import freeze_laws
from privacy.services.law_facts import TOLD_BY_LAW
from tests.privacy.letters.full import LANGUAGES, unfolded
from tests.support.database import BOTH
from tests.support.lives import pump_once
from tests.support.steps import ANN, reviewed
from tests.support.world import World

pytestmark = pytest.mark.acceptance("RIGHT-L13")
# How each law is named where it is cited, in any language.
NAMES = {
    "GDPR": r"(?<!UK )GDPR|DSGVO|RGPD",
    "UK GDPR": r"UK GDPR",
    "FADP": r"FADP",
    "California": r"Cal\. Civ\. Code|Cal\. Code Regs|\bCCR\b",
    "PIPEDA": r"PIPEDA",
}
OURS = {
    "AR": "",
    "CA": "PIPEDA",
    "CH": "FADP",
    "DE": "GDPR",
    "GB": "UK GDPR",
    "US-CA": "California",
}
CITED = {
    ("corrected", "DE"): ("GDPR Art. 16", "GDPR Art. 19"),
    ("corrected", "CH"): ("FADP Art. 32(1)(a)-(b)", "FADP Art. 32(4)"),
    ("corrected", "US-CA"): (
        "Cal. Civ. Code § 1798.106(a),(c); Cal. Code Regs. tit. 11, § 7023",
        "Cal. Code Regs. tit. 11, § 7023(c)",
    ),
    ("corrected", "CA"): ("PIPEDA Sch. 1 cl. 4.9.5-4.9.6", "PIPEDA Sch. 1 cl. 4.9.5"),
    ("deferred_done", "US-CA"): ("Cal. Code Regs. tit. 11, § 7022(b)(2)-(3),(c)",),
    ("erased", "CA"): (),  # its law speaks of corrections
    ("erased", "DE"): ("GDPR Art. 19",),
    ("lifting", "DE"): ("GDPR Art. 18(1)-(3)",),
    ("lifting", "US-CA"): (),
    ("restricted", "AR"): (),
    ("restricted", "CH"): ("FADP Art. 32(2)(a)-(b), 32(3)", "FADP Art. 32(4)"),
    ("restricted", "DE"): ("GDPR Art. 18(1)-(3)", "GDPR Art. 19"),
    ("restricted", "US-CA"): (),
}
PEOPLE = (Addressee.PERSON, Addressee.ON_FILE)
# What stays after an erasure, and the record of a request, is kept under grounds of our own.
OF_A_CHANGE = ("confirmed", "corrected", "deferred_done", "lifting", "restricted")


def place(code: str) -> Place:
    country, _, state = code.partition("-")
    return Place(code, country, state)


def others(code: str, text: str) -> list[str]:
    """The laws that a text names though they aren't the person's."""
    return [
        name for name, pattern in NAMES.items() if name != OURS[code] and re.search(pattern, text)
    ]


@pytest.mark.parametrize(("letter", "code"), sorted(CITED))
def test_it_cites_where_their_own_law_has_it(letter: str, code: str) -> None:
    facts = facts_in(place(code), letter)
    assert (*(facts.right_laws or ()), *(facts.telling_laws or ())) == CITED[letter, code]
    text = unfolded(render(letter, facts).text)
    assert all(citation in text for citation in CITED[letter, code])


@pytest.mark.parametrize("code", sorted(OURS))
@pytest.mark.parametrize("letter", OF_A_CHANGE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_in_no_language_it_names_another_law(language: str, letter: str, code: str) -> None:
    # A reason of our own says “as in” the article that it is modelled on.
    facts = replace(facts_in(place(code), letter), was_refused=False)
    assert others(code, unfolded(render(letter, facts, language).text)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_for_people_has_an_article_of_its_own(language: str) -> None:
    """An article comes from the person's laws or from a ground, so that it can be theirs."""
    # A letter that nobody's request brought about knows no laws of theirs.
    answers = [row for row in LETTERS.values() if row.to in PEOPLE and "reference" in row.facts]
    to_people = {name for row in answers for name in row.elements}
    said = {name: texts(language)[name] for name in sorted(to_people)}
    assert [name for name, text in said.items() if re.search(NAMES["GDPR"], text)] == []


def test_the_table_of_who_must_hear_of_it_knows_laws_and_kinds_that_exist() -> None:
    assert TOLD_BY_LAW.keys() <= regime_files().keys()
    assert {kind for kinds in TOLD_BY_LAW.values() for kind in kinds} == set(DownstreamNotice.Kind)
    for law in TOLD_BY_LAW:
        duty = regime_files()[law].duties.downstream.value
        assert duty
        assert duty.processors or duty.recipients


@pytest.mark.django_db(transaction=True, databases=BOTH)
@pytest.mark.parametrize("code", ["CH", "DE", "US-CA"])
@pytest.mark.parametrize(
    ("right", "letter", "subject"),
    [
        ("rectification", "corrected", "Your data is corrected"),
        ("restriction", "restricted", "We have limited the use of your data"),
    ],
)
def test_the_letter_that_is_sent_names_their_law_alone(
    world: World, right: str, letter: str, subject: str, code: str
) -> None:
    world.add_person(ANN)
    life = reviewed(world, right)
    request = life.request
    request.country, _, request.state = code.partition("-")
    freeze_laws(request)
    request.save(update_fields=["country", "state", "laws"])
    life.approve()
    pump_once()
    sent = next(each for each in world.letters(ANN) if each.subject == subject)
    text = unfolded(sent.text)
    assert others(code, text) == []
    assert "had to hear of it:" in text
    assert all(citation in text for citation in CITED[letter, code])
