"""docs/letters.md: each letter in full under several laws, as a lawyer reads it."""

import pytest

from privacy.letters import LETTERS
from privacy.management.pages.letter_places import ELSE, PLACES, facts_in
from privacy.management.pages.letters import is_sent, letters, versions
from privacy.refusals import REASONS
from privacy.regimes.loader import regime_files

EUROPE, CALIFORNIA = PLACES[0], PLACES[2]
# What only one law has, and may not stand in a letter to people under another.
OF_ONE_LAW = {
    "BfDI": EUROPE,
    "Information Commissioner": PLACES[1],
    "California Privacy Protection Agency": CALIFORNIA,
    "Virginia Attorney General": PLACES[3],
    "Commission d'accès": PLACES[4],
    "where you live, now or later": PLACES[5],
}


@pytest.mark.acceptance("RIGHT-L12")
def test_every_letter_and_every_reason_is_on_the_page() -> None:
    page = letters()
    assert [name for name in LETTERS if f"## {name}" not in page] == []
    rows = [line for line in page if line.startswith("| `")]
    assert [code for code in REASONS if not any(f"`{code}`" in row for row in rows)] == []


@pytest.mark.acceptance("RIGHT-L12")
@pytest.mark.parametrize("letter", sorted(LETTERS))
def test_a_letter_names_nobody_that_only_another_law_knows(letter: str) -> None:
    for text, places in versions(letter).items():
        for words, place in OF_ONE_LAW.items():
            if words in " ".join(text.split()):
                assert all(name.startswith(place.name) for name in places), words


@pytest.mark.parametrize("letter", sorted(ELSE))
def test_how_else_a_letter_reads_is_another_text(letter: str) -> None:
    assert len(versions(letter)) > len(ELSE[letter])


def test_an_extension_is_only_shown_where_every_law_knows_one() -> None:
    assert regime_files()["qc_law25"].extensions.respond.value is None
    assert [place.name for place in PLACES if not is_sent("extension", place)] == ["Quebec"]


def test_the_examples_are_those_of_the_persons_own_laws() -> None:
    german, californian = facts_in(EUROPE), facts_in(CALIFORNIA)
    assert german.refused
    assert californian.refused
    assert german.refused[0].citation.startswith("GDPR Art. 17(3)(e)")
    assert californian.refused[0].citation.startswith("Cal. Civ. Code")
    assert californian.courts == ()
