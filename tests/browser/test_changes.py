"""Corrections and restrictions in a real browser, on a desk and on a phone."""

from collections.abc import Callable
from typing import Any

import pytest

from privacy.models import PrivacyRequest
from tests.browser.test_admin_work import sign_in
from tests.support import staff
from tests.support.visitor import link
from tests.support.world import World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
]
Open = Callable[..., Any]
NEW = {"full_name": "Anna Lehmann", "email": "anna.lehmann@example.org", "street": "5 Road"}


@pytest.mark.acceptance("PROC-43", "UX-S30")
def test_a_correction_is_entered_approved_and_followed(
    open_site: Open, world: World, run_work: staff.Work
) -> None:
    world.add_person(staff.ANN)
    world.add_person(NEW["email"], "Other Person")
    request = staff.reviewed(world, run_work, "rectification")
    first, second = open_site(scripts=False), open_site()
    sign_in(first, staff.member("Handler", "hanna"))
    sign_in(second, staff.member("Approver", "april"))
    enter(first, request)
    first.follow("Propose")
    first.page.get_by_label("The reference of this request").fill(request.reference)
    first.page.get_by_label("Reason").fill("Proved by phone.")
    first.press("Propose")
    second.open(staff.page_url(request))
    second.inspect()
    second.page.get_by_role("link", name="Approve", exact=True).click()
    second.inspect()
    second.page.get_by_label("Reason").fill("Seen.")
    second.press("Approve")
    run_work()
    second.open(staff.page_url(request))
    assert second.page.get_by_text("Not written. Another sign-in has").first.is_visible()
    second.inspect()
    second.follow("Reveal")
    second.page.get_by_label("Reason").fill("To check.")
    second.press("Reveal")
    assert second.page.get_by_text("Anna Lehmann").first.is_visible()
    second.inspect()


def enter(site: Any, request: PrivacyRequest) -> None:
    site.open(staff.page_url(request))
    site.follow("Enter the correction")
    site.page.get_by_label("Country").fill("Germany")
    site.press("Enter the correction")
    assert site.page.get_by_text("At most 2 characters.").is_visible()
    site.inspect()
    site.page.get_by_label("Country").fill("")
    site.page.get_by_label("Name", exact=True).fill(NEW["full_name"])
    site.page.get_by_label("E-mail address").fill(NEW["email"])
    site.page.get_by_label("Street and number").fill(NEW["street"])
    site.page.get_by_label("Something else").fill("The note of 3 May.")
    site.press("Enter the correction")
    assert site.page.get_by_text("Kept, sealed.").is_visible()


@pytest.mark.acceptance("PROC-42", "UX-S30")
def test_a_restriction_is_approved_seen_in_force_and_ended(
    open_site: Open, world: World, run_work: staff.Work
) -> None:
    world.add_person(staff.ANN)
    request = staff.reviewed(world, run_work, "restriction")
    site = open_site()
    sign_in(site, staff.member("Approver", "april"))
    site.open(staff.page_url(request))
    site.follow("Approve")
    site.inspect()
    site.page.get_by_label("The reference of this request").fill(request.reference)
    site.page.get_by_label("Reason").fill("The law.")
    site.press("Approve")
    run_work()
    site.open(staff.page_url(request))
    assert site.page.get_by_text("In force since").is_visible()
    site.inspect()
    site.open(link(request, "status"))
    site.inspect()
    site.open(staff.page_url(request))
    site.follow("Announce the lifting")
    site.inspect()
    site.page.get_by_label("Reason").fill("It was right.")
    site.press("Announce the lifting")
    site.inspect()
