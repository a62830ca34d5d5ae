"""Staff at work in a real browser: signing in, two people, the keyboard."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

from accounts.models import User
from privacy.models import PrivacyRequest
from tests.support import staff
from tests.support.world import World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
]
QUEUE = "/admin/privacy/privacyrequest/"
PASSWORD = "correct horse battery staple"
Open = Callable[..., Any]


def sign_in(site: Any, user: User) -> None:
    """By cookie: the sign-in page has tests of its own."""
    session = staff.signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site.address}
    site.page.context.add_cookies([cookie])


@pytest.mark.acceptance("UX-S31")
@pytest.mark.parametrize("scripts", [True, False])
def test_staff_sign_in_and_out_with_and_without_javascript(open_site: Open, scripts: bool) -> None:
    staff.member("Viewer", "vera")
    vera = User.objects.get(username="vera")
    vera.set_password(PASSWORD)
    vera.save()
    site = open_site(scripts=scripts)
    site.open("/admin/")
    if scripts:
        assert site.axe() == []
    site.page.get_by_label("Username").fill("vera")
    site.page.get_by_label("Password").fill(PASSWORD)
    site.press("Log in")
    assert site.page.get_by_role("heading", name="Today").is_visible()
    site.press("Log out")
    assert site.page.get_by_text("logged out", exact=False).first.is_visible()
    assert site.complaints == []


@pytest.mark.acceptance("UX-S13", "UX-S30")
def test_two_people_approve_an_erasure_without_javascript(
    open_site: Open, world: World, run_work: staff.Work
) -> None:
    world.add_person(staff.ANN)
    request = staff.reviewed(world, run_work, "erasure")
    first, second = open_site(scripts=False), open_site(scripts=False, width=320)
    sign_in(first, staff.member("Handler", "hanna"))
    sign_in(second, staff.member("Approver", "april"))
    propose(first, request)
    second.open("/admin/")
    second.follow("1 Waiting for a second approval")
    second.follow(request.reference)
    second.follow("Approve this erasure")
    second.page.get_by_label("Reason").fill("I checked it as well.")
    second.page.get_by_role("button", name="Erase in").click()
    assert second.page.get_by_text("Approved. The steps below show").is_visible()
    run_work()
    second.follow("Refresh")
    assert second.page.locator(".status").first.inner_text() == "Completed"


def propose(site: Any, request: PrivacyRequest) -> None:
    site.open(QUEUE)
    site.follow(request.reference)
    site.follow("Propose this erasure")
    site.page.get_by_label("The reference of this request").fill(request.reference)
    for blocker in site.page.locator("input[name=accept]").all():
        blocker.check()
    site.page.get_by_label("Reason").fill("It is complete.")
    site.press("Propose this erasure")
    assert site.page.get_by_text("Staff: second approval").is_visible()
    assert not site.page.get_by_role("link", name="Approve this erasure").is_visible()


@pytest.mark.acceptance("UX-S30")
def test_the_keyboard_reaches_the_buttons_and_shows_where_it_is(
    open_site: Open, world: World
) -> None:
    request = staff.looked_up("access")
    request.steps.update(state="done")  # nothing is under way, so there is no link to refresh
    site = open_site()
    sign_in(site, staff.member("Approver"))
    site.open(staff.page_url(request))
    site.page.keyboard.press("Tab")
    assert site.page.locator(":focus").inner_text() == "Skip to main content"
    site.page.keyboard.press("Enter")
    site.page.keyboard.press("Tab")
    focused = site.page.locator(":focus")
    assert focused.inner_text() == "Approve"
    outline = "element => getComputedStyle(element).outlineStyle"
    assert focused.evaluate(outline) == "solid"
