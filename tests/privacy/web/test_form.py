"""The questions."""

from datetime import timedelta

import pytest
from django.utils import timezone

from privacy.models import Draft, PrivacyRequest
from tests.support.visitor import Visitor

pytestmark = pytest.mark.django_db


@pytest.mark.acceptance("UX-P03", "MAIN-05")
@pytest.mark.parametrize(
    ("role", "page", "words"),
    [
        ("account_holder", "rights", "What do you want to ask for?"),
        ("visitor", "rights", "What do you want to ask for?"),
        ("end_user", "which", "“controller”"),
        ("agent", "person", "permission"),
        ("", "rights", "What do you want to ask for?"),
    ],
)
def test_the_first_question_routes_by_role(role: str, page: str, words: str) -> None:
    seen = Visitor().start().answer(role=role)
    assert f"/{page}/" in seen.path
    assert words in seen.text


@pytest.mark.acceptance("UX-P03")
def test_end_users_read_who_decides_and_can_go_on() -> None:
    seen = Visitor().start().answer(role="end_user").answer(customer="")
    assert "/rights/" in seen.path


def test_an_agent_must_say_that_they_may() -> None:
    seen = Visitor().start().answer(role="agent").answer(person="Ann")
    assert "Tell us that you may ask for this person" in seen.text
    assert 'value="Ann"' in seen.page
    assert "/own/" in seen.answer(person="Ann", permission="on").path
    assert "/rights/" in seen.answer(own_email="agent@example.org").path


@pytest.mark.acceptance("UX-P06", "MAIN-05")
def test_one_question_is_the_heading_and_begins_the_title() -> None:
    seen = Visitor().start()
    for answer in (
        {"role": "agent"},
        {"permission": "on"},
        {"own_email": "agent@example.org"},
        {"rights": "objection"},
        {"message": ""},
        {"country": "US"},
        {"state": ""},
        {"elsewhere": ""},
    ):
        assert seen.h1
        assert seen.page.count("<h1") == 1
        assert seen.title.startswith(seen.h1)
        seen.answer(**answer)
    assert seen.h1 == "What is the person’s e-mail address?"


@pytest.mark.acceptance("UX-P06", "UX-P09")
def test_an_empty_answer_shows_what_is_wrong_and_where() -> None:
    seen = Visitor().start().answer(role="visitor").answer()
    assert seen.title.startswith("Error: What do you want to ask for?")
    message = "Choose what you want to ask for"
    assert f'<a href="#id_rights_0">{message}</a>' in seen.page
    assert 'id="id_rights_0"' in seen.page
    assert seen.page.index('id="errors"') < seen.page.index("<h1>")
    assert seen.text.count(message) == 2


@pytest.mark.acceptance("UX-P07", "MAIN-09")
def test_going_back_finds_every_answer() -> None:
    seen = Visitor().fill("ann@example.org", "access", "erasure")
    draft = seen.draft
    assert 'value="ann@example.org"' in seen.get(f"{draft}email/").page
    assert f'class="back" href="{draft}place/"' in seen.page
    assert 'value="DE" selected' in seen.get(f"{draft}place/").page
    seen.get(f"{draft}rights/")
    assert seen.ticked == 2
    seen.answer()  # an error
    seen.get(f"{draft}rights/")
    assert seen.ticked == 2


@pytest.mark.acceptance("UX-P08", "MAIN-09")
def test_two_forms_in_two_tabs_never_mix() -> None:
    visitor = Visitor()
    first = visitor.start().draft
    second = visitor.start().draft
    assert first != second
    visitor.post(f"{first}email/", email="first@example.org")
    visitor.post(f"{second}email/", email="second@example.org")
    assert "first@example.org" in visitor.get(f"{first}email/").page
    assert "second@example.org" in visitor.get(f"{second}email/").page


@pytest.mark.acceptance("UX-P10", "UX-P11")
def test_only_right_country_and_address_must_be_given() -> None:
    seen = Visitor().start()
    assert "Optional." in seen.text
    seen.answer().answer(rights="rectification")
    assert "Optional." in seen.text
    assert 'type="file"' not in seen.page
    seen.answer(message="").answer(country="US")
    assert "Optional." in seen.text
    seen.answer(state="")
    assert "Optional." in seen.text
    seen.answer(elsewhere="").answer(email="ann@example.org")
    assert seen.h1 == "Check your answers before you send them"


@pytest.mark.acceptance("UX-P12")
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter an e-mail address"),
        ("ann", "in the form name@example.com"),
        ("a" * 250 + "@example.org", "Enter an e-mail address"),
        ('"a\x07b"@example.org', "invisible characters"),
    ],
)
def test_a_wrong_address_is_explained(typed: str, words: str) -> None:
    seen = Visitor().start()
    seen.get(f"{seen.draft}email/")
    assert 'autocomplete="email"' in seen.page
    assert words in seen.answer(email=typed).text
    assert Draft.objects.get().answers is None


def test_an_address_is_trimmed() -> None:
    seen = Visitor().fill("  ann@example.org ")
    assert "E-mail address ann@example.org Change" in seen.text


@pytest.mark.acceptance("UX-P13")
def test_every_answer_can_be_changed_from_the_check_page() -> None:
    seen = Visitor().fill("ann@example.org")
    for words in ("what you ask for", "your country", "the e-mail address", "who you are"):
        assert f'Change<span class="unseen"> {words}</span>' in seen.page
    seen.get(f"{seen.draft}place/?change=1").answer(country="FR")
    assert "/check/" in seen.path
    assert "France" in seen.text


def test_a_change_that_opens_a_question_asks_it_first() -> None:
    seen = Visitor().fill("ann@example.org")
    seen.get(f"{seen.draft}place/?change=1").answer(country="US")
    assert "/state/?change=1" in seen.path
    assert "/elsewhere/?change=1" in seen.answer(state="CA").path
    assert "California" in seen.answer(elsewhere="").text
    assert "/check/" in seen.path


def test_checking_too_early_leads_to_the_open_question() -> None:
    seen = Visitor().start()
    assert "/rights/" in seen.get(f"{seen.draft}check/").path


@pytest.mark.acceptance("UX-P31")
def test_who_asks_to_erase_reads_what_that_means_and_is_offered_a_copy() -> None:
    seen = Visitor().fill("ann@example.org", "erasure")
    for words in ("We erase", "We keep invoices", "can’t be undone", "You may want a copy"):
        assert words in seen.text
    assert "You may want a copy" not in Visitor().fill("a@example.org", "erasure", "access").text


@pytest.mark.acceptance("MAIN-09")
def test_another_browser_and_another_day_find_no_form() -> None:
    owner = Visitor().fill("ann@example.org")
    stranger = Visitor().start()
    assert stranger.get(f"{owner.draft}email/").status == 404
    assert stranger.h1 == "This form is not open any more"
    assert "ann@example.org" not in stranger.page
    Draft.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert owner.get(owner.path).status == 404


@pytest.mark.acceptance("MAIN-07")
def test_answers_are_not_readable_in_the_database() -> None:
    Visitor().fill("ann@example.org")
    assert b"ann@" not in bytes(Draft.objects.get().answers or b"")


@pytest.mark.acceptance("PROC-43")
def test_a_correction_asks_what_is_wrong_and_how_it_is_right() -> None:
    seen = Visitor().start().answer().answer(rights=["rectification"])
    assert seen.h1 == "What is wrong, and how is it right?"
    assert "what should stand there instead" in seen.text
    seen.answer(message="My name is Anna.").answer(country="DE").answer(email="ann@example.org")
    seen.send()
    request = PrivacyRequest.objects.get()
    assert "My name is Anna." in request.read("details")
    assert b"Anna" not in bytes(request.details)
