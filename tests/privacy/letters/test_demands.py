"""Each word that a law wants in a letter has its element there, for every law that we know."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from privacy.letters import LETTERS
from privacy.letters.elements import ELEMENTS
from privacy.letters.required import MUST_STATE, REQUIRED
from privacy.regimes.loader import regime_files
from privacy.regimes.schema import RuleSet


def demands(value: Any) -> Iterator[str]:
    """Every word of a rule's `must_state`, also of a period inside it."""
    if isinstance(value, BaseModel):
        yield from getattr(value, "must_state", ())
        for name in type(value).model_fields:
            yield from demands(getattr(value, name))
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from demands(each)


def of_regime(regime: RuleSet) -> set[tuple[str, str]]:
    return {(name, word) for name, rule in regime.rules() for word in demands(rule.value)}


def unsaid(asked: set[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(
        (rule, word)
        for rule, word in asked
        if rule not in MUST_STATE or any(word not in words for words in MUST_STATE[rule].values())
    )


@pytest.mark.acceptance("RIGHT-L10")
@pytest.mark.parametrize("regime", sorted(regime_files()))
def test_every_word_that_a_law_demands_has_its_element(regime: str) -> None:
    assert unsaid(of_regime(regime_files()[regime])) == []


def test_a_new_demand_fails_the_build() -> None:
    """A law that wants something else, or wants it of another letter."""
    assert unsaid({("clocks.refuse", "a_poem")}) == [("clocks.refuse", "a_poem")]
    assert unsaid({("duties.hold", "reasons")}) == [("duties.hold", "reasons")]


SAID = [
    (rule, letter, word, names)
    for rule, letters in MUST_STATE.items()
    for letter, words in letters.items()
    for word, names in words.items()
]


@pytest.mark.acceptance("RIGHT-L10")
@pytest.mark.parametrize(("rule", "letter", "word", "names"), SAID)
def test_the_element_stands_in_that_letter_and_can_not_be_left_out(
    rule: str, letter: str, word: str, names: tuple[str, ...]
) -> None:
    for name in names:
        assert name in LETTERS[letter].elements
        assert ELEMENTS[name].required


def test_no_word_is_explained_that_no_law_demands() -> None:
    asked = set[tuple[str, str]]().union(*map(of_regime, regime_files().values()))
    assert {(rule, word) for rule, _, word, _ in SAID} == asked


def test_what_is_demanded_is_demanded_of_letters_that_exist() -> None:
    assert REQUIRED.keys() <= LETTERS.keys()
    assert all(citation.strip() for names in REQUIRED.values() for citation in names.values())
