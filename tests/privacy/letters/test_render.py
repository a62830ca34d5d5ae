"""Every letter in every language, as it is read."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from privacy.letters import LETTERS, Facts, MissingElementError, render
from privacy.letters.elements import ELEMENTS
from privacy.letters.render import LONGEST_LINE, filled, laid_out, subject_of
from privacy.letters.texts import FOLDER, texts
from tests.privacy.letters.full import (
    CONTRARY,
    FULL,
    IN_LETTERS,
    LANGUAGES,
    LETTERS_IN,
    but,
    facts_against,
    facts_for,
    unfolded,
)

LEFTOVERS = ("&#", "&amp;", "{{", "{%", "None", "True", "\n\n\n", " \n", "\u00a0")
WHOLE = [(letter, language) for language in LANGUAGES for letter in LETTERS_IN[language]]


@pytest.mark.parametrize(("letter", "language"), WHOLE)
@pytest.mark.parametrize("facts", [FULL, CONTRARY], ids=["full", "contrary"])
def test_a_letter_is_whole_and_plain(letter: str, language: str, facts: Facts) -> None:
    subject, text = render(letter, facts, language)
    assert subject.strip()
    assert "\n" not in subject
    assert text.startswith(texts(language)["greeting"])
    assert text.endswith("\n")
    assert [left for left in LEFTOVERS if left in text] == []
    wide = [line for line in text.splitlines() if len(line) > LONGEST_LINE and " " in line]
    assert wide == []


@pytest.mark.parametrize(("letter", "language"), WHOLE)
def test_a_letter_says_how_to_reach_us(letter: str, language: str) -> None:
    text = render(letter, FULL, language).text
    assert ("answers@example.org" if letter == "processor_erasure" else "help@example.org") in text


@pytest.mark.parametrize(("letter", "language"), WHOLE)
def test_each_element_stands_in_its_letter(letter: str, language: str) -> None:
    for name in LETTERS[letter].elements:
        facts = facts_for(name)
        values = {need: getattr(facts, need) for need in ELEMENTS[name].needs}
        with translation.override(language):  # as `render` has it, for the names of months
            said = unfolded(filled(name, values, language))
        assert said in unfolded(render(letter, facts, language).text), name


@pytest.mark.parametrize(
    ("letter", "name"), [each for each in IN_LETTERS if ELEMENTS[each[1]].conditions]
)
def test_an_element_is_silent_when_its_condition_does_not_hold(letter: str, name: str) -> None:
    head = texts("en")[name].split("{{")[0].splitlines()[0]
    assert head
    assert head in unfolded(render(letter, facts_for(name)).text)
    assert head not in unfolded(render(letter, facts_against(name)).text)


def refused_because(explanation: str) -> Facts:
    refused = FULL.refused or ()
    return but(FULL, refused=tuple(each._replace(explanation=explanation) for each in refused))


def test_values_are_written_as_they_are() -> None:
    reason = "It is Ann & Bob’s <account>, {{ code }} {% now 'Y' %} not yours."
    assert reason in unfolded(render("denied", refused_because(reason)).text)


def test_the_lines_of_a_reason_stay_lines() -> None:
    text = render("denied", refused_because("First.\nSecond.")).text
    assert "In your case: First.\nSecond.\n" in text


def test_a_link_is_never_broken() -> None:
    far = "https://privacy.example.org/" + "a-long-path/" * 10
    assert f"\n{far}\n" in render("done", but(FULL, status_url=far)).text


def test_what_follows_a_dash_stays_beneath_itself() -> None:
    text = laid_out("- " + "word " * 30 + "\n  " + "more " * 30)
    assert all(re.match(r"(- |  )\w", line) for line in text.splitlines())
    assert len(text.splitlines()) == 4


@pytest.mark.parametrize("start", range(40, 79))
def test_no_line_ends_inside_a_date_or_an_article(start: int) -> None:
    text = laid_out(f"{'x' * start} 14 March 2027 and (GDPR Art. 17(1)) in 15 minutes.")
    assert "14 March 2027" in text
    assert "Art. 17(1)" in text
    assert "15 minutes" in text
    assert max(map(len, text.splitlines())) <= LONGEST_LINE


def german(folder: Path, letter: str) -> None:
    """A draft of a language: English words, a German subject of one letter."""
    english = (FOLDER / "en.yaml").read_text("utf-8")
    draft = f'{english}\nsubjects:\n  {letter}: "Ihre\\n  Daten"\n'
    (folder / "de.yaml").write_text(draft, encoding="utf-8")


def test_a_language_is_a_file_and_dates_are_written_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    german(tmp_path, "confirmed")
    monkeypatch.setattr("privacy.letters.texts.FOLDER", tmp_path)
    texts.cache_clear()
    try:
        subject, text = render("confirmed", FULL, "de")
        assert "14 März 2027" in text
        assert subject == "Ihre Daten"
        with pytest.raises(MissingElementError, match="“subject”"):
            subject_of("denied", "de")
    finally:
        texts.cache_clear()
