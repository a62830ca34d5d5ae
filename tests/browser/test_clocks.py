"""The staff's dates, and the person's answer, in a real browser: no barrier, on desk and phone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from privacy.models import PrivacyRequest
from privacy.selectors import extending
from privacy.services import extensions, questions
from tests.browser.test_admin_pages import sign_in
from tests.support import staff
from tests.support.lives import pump_once
from tests.support.world import World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("RIGHT-C18"),
]
Open = Callable[..., Any]
ADDRESS = "ann.lee@example.org"


@pytest.fixture
def request_with_all(world: World, run_work: staff.Work) -> PrivacyRequest:
    """Confirmed, extended, and asked for something."""
    request = staff.reviewed(world, run_work, "access", "erasure")
    extensions.extend(
        request,
        actor=staff.member("Approver", "april"),
        reasons=["complexity"],
        explanation="Your data lies in three archives.",
        until=extending.latest_allowed(request) or timezone.now().date(),
    )
    questions.ask(
        request,
        actor=staff.member("Handler", "hal"),
        reason="clarification",
        missing="Which of your two accounts do you mean?",
        why="We must not erase the one that you want to keep.",
    )
    pump_once()
    return request


@pytest.mark.parametrize("dark", [False, True])
def test_staffs_dates_have_no_barrier(
    request_with_all: PrivacyRequest, open_site: Open, dark: bool
) -> None:
    site = open_site(color_scheme="dark" if dark else "light")
    sign_in(site, staff.member("Approver", "ada"))
    site.open(staff.page_url(request_with_all))
    site.page.get_by_text("All laws that apply, each with its own dates").click()
    site.inspect()


def test_the_person_answers_on_a_phone(
    world: World, request_with_all: PrivacyRequest, open_site: Open
) -> None:
    site = open_site(width=320)
    site.open(world.link(ADDRESS, "/status/"))
    site.follow("Answer")
    site.inspect()
    site.press("Send my answer")
    site.inspect()
    site.page.get_by_label("Your answer").fill("The one with the invoices.")
    site.press("Send my answer")
    site.inspect()
    assert request_with_all.questions.get().read("answer") == "The one with the invoices."


@pytest.mark.parametrize("name", ["extend", "ask", "enter_answer"])
def test_the_forms_of_staff_have_no_barrier(
    world: World, run_work: staff.Work, request: Any, open_site: Open, name: str
) -> None:
    if name == "enter_answer":
        found = request.getfixturevalue("request_with_all")
    else:
        found = staff.reviewed(world, run_work, "access")
    site = open_site()
    sign_in(site, staff.member("Approver", "ada"))
    site.open(staff.do_url(found, name))
    site.inspect()
