"""What we say after a restriction, a correction and a wait, and to a processor."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from privacy.connectors.base import Subject
from privacy.letters import LETTERS, MissingElementError, render
from privacy.letters.parts import Waiting
from privacy.services.mail import recipients
from tests.privacy.letters.full import CONTRARY, FULL, but, unfolded


def said(letter: str, **changes: Any) -> str:
    return unfolded(render(letter, but(FULL, **changes)).text)


def test_an_erasure_lists_what_waits_with_its_day_and_promises_another_letter() -> None:
    text = said("erased")
    assert "- Stripe: Past payments Why: They may be disputed. We erase it on 1 June 2027." in text
    assert "we write to you once more" in text
    assert "has to wait" not in unfolded(render("erased", CONTRARY).text)


def test_an_erasure_that_does_not_know_what_waits_is_not_told() -> None:
    with pytest.raises(MissingElementError, match="“waiting”"):
        said("erased", waiting=None)


def test_the_closing_letter_says_which_parts_are_gone_and_when() -> None:
    text = said("deferred_done", waiting=())
    assert "- Supabase: Old sign-ins Erased on 3 May 2027." in text
    assert "Nothing waits any more." in text


def test_the_closing_letter_does_not_close_while_something_waits() -> None:
    text = said(
        "deferred_done", waiting=(Waiting("Stripe", "A dispute", "It is open.", date(2027, 7, 9)),)
    )
    assert "- Stripe: A dispute Why: It is open. We erase it on 9 July 2027." in text
    assert "This closes your request." not in text


def test_a_restriction_says_what_stopped_what_goes_on_and_what_we_may_still_do() -> None:
    text = said("restricted")
    assert "- Analytics: Your use is left out of our statistics." in text
    assert "What goes on: Metering for bills." in text
    for case in ("you agree", "legal claim", "rights of another", "public interest"):
        assert case in text
    assert "Before we end this limit, we write to you." in text


def test_before_a_restriction_is_lifted_the_uses_and_the_day_are_named() -> None:
    text = said("lifting")
    assert "From 9 July 2027 we use your data again for:" in text
    assert "- Analytics - News and offers by e-mail" in text
    assert "write to help@example.org before 9 July 2027" in text


def test_a_correction_names_fields_and_reasons() -> None:
    text = said("corrected")
    assert "- Stripe: Name, Town" in text
    assert "- Past invoices: Company Why: An invoice can’t be changed." in text
    assert "could not correct" not in unfolded(render("corrected", CONTRARY).text)


def test_a_correction_of_nothing_is_no_correction() -> None:
    with pytest.raises(MissingElementError, match="“corrected”"):
        said("corrected", corrected=())


def test_a_processor_learns_who_asks_about_whom_by_when_and_what_to_prove() -> None:
    text = said("processor_erasure")
    assert "We are Acme Gateway. Chatbase handles personal data for us" in text
    assert "- E-mail address: ann@example.org - Lead: ld_5Tz" in text
    assert "by 20 February 2027." in text
    assert "what you could not erase, which law makes you keep it" in text
    assert "answer to answers@example.org and name our reference: T-77QX" in text


def test_a_processor_learns_nothing_else() -> None:
    text = said("processor_erasure")
    for other in ("FR-ABCD-1234", "Correct my data", "Stripe", "://", "help@example.org"):
        assert other not in text


def test_a_letter_to_a_processor_never_goes_to_the_person() -> None:
    person = Subject(uuid4(), "ann@example.org", {})
    with pytest.raises(ValueError, match="never sent to the person"):
        recipients(LETTERS["processor_erasure"], person)
