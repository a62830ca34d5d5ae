"""The tables of letters, elements and texts fit together, in every language."""

import re
from dataclasses import fields

import pytest

from privacy.letters import LETTERS, Facts
from privacy.letters.elements import ELEMENTS
from privacy.letters.table import END
from privacy.letters.texts import ENGLISH, texts
from tests.privacy.letters.full import ELEMENTS_IN, LANGUAGES, LETTERS_IN

VALUE = re.compile(r"{{ *(\w+)")
LOOP = re.compile(r"{% *for (\w+) in (\w+)[.\w]* *%}")
LOOPS = re.compile(r"{% *for .*{% *endfor *%}", re.DOTALL)
TAG = re.compile(r"{% *(\w+)")
MARKUP = re.compile(r"{{.*?}}|{%.*?%}")
INSIDE = r"(?:[^()]|\([^()]*\))*"
ARTICLE = re.compile(rf"\({INSIDE}(?:[Aa]rt\.|§|s\.) {INSIDE}\)")
VALUES_ALIKE = re.compile(r"\d|@|://|FluxRouter|Stripe|Supabase")


def test_there_is_english() -> None:
    assert ENGLISH in LANGUAGES


def test_every_element_is_in_a_letter_and_every_letter_is_made_of_elements() -> None:
    used = {name for letter in LETTERS.values() for name in letter.elements}
    assert used == ELEMENTS.keys()


def test_no_letter_says_a_thing_twice() -> None:
    for letter in LETTERS.values():
        assert len(set(letter.elements)) == len(letter.elements)


def test_every_fact_is_spoken_of_and_every_element_is_bound_to_facts_that_exist() -> None:
    spoken = set[str]().union(*(element.facts for element in ELEMENTS.values()))
    assert spoken == {each.name for each in fields(Facts)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_a_text_for_every_element_and_no_other(language: str) -> None:
    others = set() if language == ENGLISH else {"subjects", "names"}
    assert texts(language).keys() == {*ELEMENTS_IN[language], *others}
    if others:
        assert texts(language)["subjects"].keys() == set(LETTERS_IN[language])


def facts_of(text: str) -> set[str]:
    loops = dict(LOOP.findall(text))
    return {*VALUE.findall(text), *loops.values()} - loops.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_uses_each_fact_that_its_element_needs_and_no_other(language: str) -> None:
    wrong = {
        name: used ^ set(ELEMENTS[name].needs)
        for name in ELEMENTS_IN[language]
        if (used := facts_of(texts(language)[name])) != set(ELEMENTS[name].needs)
    }
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_loops_and_cases_of_the_english_text(language: str) -> None:
    tags = re.compile(r"{%.*?%}")
    wrong = {
        name
        for name in ELEMENTS_IN[language]
        if tags.findall(texts(language)[name]) != tags.findall(texts(ENGLISH)[name])
    }
    assert wrong == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_has_no_conditions_as_those_stand_in_the_table(language: str) -> None:
    """But for what one item of a list may lack."""
    for name in ELEMENTS_IN[language]:
        text = texts(language)[name]
        assert set(TAG.findall(text)) <= {"for", "endfor", "if", "elif", "endif"}, name
        assert TAG.findall(LOOPS.sub("", text)) == [], name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_has_no_values_of_its_own(language: str) -> None:
    """No number, address, link or name but from facts; articles of a law stand in brackets."""
    for name in ELEMENTS_IN[language]:
        plain = ARTICLE.sub("", MARKUP.sub("", texts(language)[name]))
        assert VALUES_ALIKE.findall(plain) == [], name


def test_every_letter_says_at_its_end_how_to_reach_us_and_who_we_are() -> None:
    # A letter without a request has no reference to name.
    others = {"processor_erasure": "answer_to", "account_unused": "objecting"}
    for name, letter in LETTERS.items():
        end = (others[name], "signature") if name in others else END
        assert letter.elements[-2:] == end, name
    assert ELEMENTS["questions"].needs == ELEMENTS["objecting"].needs == ("contact",)
    assert "reply_to" in ELEMENTS["answer_to"].needs


def test_a_letter_that_speaks_of_secrets_is_known_to_carry_them() -> None:
    carried = {name: row.links for name, row in LETTERS.items() if row.links}
    assert carried["erasure_approved"] == ("status", "stop")
    assert carried["erasure_notice"] == ("stop",)
    assert carried["download_code"] == ("download",)
    assert carried["verify"] == ("verify",)
    for silent in ("processor_erasure", "unconfirmed", "withdrawn", "lifting"):
        assert silent not in carried
