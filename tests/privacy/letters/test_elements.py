"""A letter without one of its required elements is never made."""

from dataclasses import fields
from typing import Any

import pytest

from privacy.letters import LETTERS, Facts, MissingElementError, render
from privacy.letters.elements import ELEMENTS
from privacy.letters.required import REQUIRED as DEMANDED
from privacy.letters.texts import texts
from tests.privacy.letters.full import FULL, IN_LETTERS, but, facts_for, unfolded

REQUIRED = [(letter, name) for letter, name in IN_LETTERS if ELEMENTS[name].required]
BOUND = [
    (letter, name, fact) for letter, name in REQUIRED for fact in sorted(ELEMENTS[name].facts)
]
NEEDED = [(letter, name, fact) for letter, name in REQUIRED for fact in ELEMENTS[name].needs]
EMPTY: dict[type, Any] = {str: "", tuple: ()}


@pytest.mark.acceptance("RIGHT-L10")
@pytest.mark.parametrize(
    ("letter", "name"), [(letter, name) for letter, names in DEMANDED.items() for name in names]
)
def test_what_the_law_demands_is_a_required_element(letter: str, name: str) -> None:
    assert name in LETTERS[letter].elements
    assert ELEMENTS[name].required


@pytest.mark.acceptance("RIGHT-L10")
@pytest.mark.parametrize(("letter", "name"), REQUIRED)
def test_without_the_text_of_a_required_element_there_is_no_letter(
    letter: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = facts_for(name)
    assert render(letter, facts).text
    for nothing in ("", " \n", "{# To be written. #}"):
        monkeypatch.setitem(texts("en"), name, nothing)
        with pytest.raises(MissingElementError) as caught:
            render(letter, facts)
        assert (caught.value.letter, caught.value.element) == (letter, name)
    monkeypatch.delitem(texts("en"), name)
    with pytest.raises(MissingElementError, match=f"“{name}”"):
        render(letter, facts)


@pytest.mark.acceptance("RIGHT-L10")
@pytest.mark.parametrize(("letter", "name", "fact"), BOUND)
def test_without_a_fact_of_a_required_element_there_is_no_letter(
    letter: str, name: str, fact: str
) -> None:
    with pytest.raises(MissingElementError) as caught:
        render(letter, but(facts_for(name), **{fact: None}))
    assert_names_an_element_of(letter, fact, caught.value)


@pytest.mark.parametrize(("letter", "name", "fact"), NEEDED)
def test_an_empty_fact_does_not_fill_a_required_element(letter: str, name: str, fact: str) -> None:
    kind = type(getattr(FULL, fact))
    if kind not in EMPTY or fact in ELEMENTS[name].conditions:
        return  # a date, a number or a yes is never empty; an empty condition leaves it out
    with pytest.raises(MissingElementError) as caught:
        render(letter, but(facts_for(name), **{fact: EMPTY[kind]}))
    assert_names_an_element_of(letter, fact, caught.value)


def assert_names_an_element_of(letter: str, fact: str, error: MissingElementError) -> None:
    """An earlier element of the letter may rest on the same fact."""
    assert error.element in LETTERS[letter].elements
    assert fact in ELEMENTS[error.element].facts
    assert str(error) == f"The letter “{letter}” lacks its element “{error.element}”."


def test_an_element_that_is_not_required_is_left_out_without_its_fact() -> None:
    until = "We delete it on 2 April 2027"
    assert until in unfolded(render("package_ready", FULL).text)
    text = unfolded(render("package_ready", but(FULL, package_until=None)).text)
    assert "We delete it" not in text
    assert "It is one ZIP file" in text


def test_facts_show_nothing_when_they_are_printed() -> None:
    assert repr(FULL).startswith("<privacy.letters.facts.Facts object")
    assert str(FULL) == repr(FULL)


def test_the_full_facts_know_everything() -> None:
    assert [each.name for each in fields(Facts) if getattr(FULL, each.name) is None] == []
