"""Staff's pages in a real browser: axe, the console, 320 pixels, dark, and no JavaScript."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from fluxrouter.foundation.alarms import raise_alarm
from fluxrouter.foundation.trail.seal import seal_trail
from privacy.grounds import ACCEPTABLE
from privacy.models import Drill
from privacy.services import drill, review
from privacy.services.evidence import add_evidence
from retention.services.holds import place_hold
from tests.support import staff, tasks
from tests.support.world import World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
]
QUEUE = "/admin/privacy/privacyrequest/"
PASSWORD = "correct horse battery staple"
RULE = "accounts.SupportMessage.received_at"
Open = Callable[..., Any]


def sign_in(site: Any, user: User) -> None:
    """By cookie: the sign-in page has tests of its own."""
    session = staff.signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site.address}
    site.page.context.add_cookies([cookie])


def drilled(world: World, run_work: staff.Work) -> Drill:
    """A fire drill that has ended, with a system that wasn't planted."""
    begun = drill.begin()
    run_work()
    begun.refresh_from_db()
    assert drill.finish(begun)
    assert begun.passed
    return begun


@pytest.fixture
def pages(world: World, run_work: staff.Work) -> dict[str, str]:
    """Every page of staff, by name, with requests in several states behind them."""
    world.add_person(staff.ANN, calls=30)
    planted = world.add_person("held@example.net")
    approver = staff.member("Approver", "april")
    erasure = staff.reviewed(world, run_work, "access", "erasure")
    review.propose(
        erasure, actor=approver, typed=erasure.reference, reason="Complete.", accept=[*ACCEPTABLE]
    )
    held = place_hold(
        planted.account.pk,
        ground="claim",
        citation="12 O 345/26",
        review_on=timezone.now().date() + timedelta(days=90),
        actor=approver,
    )
    stopped = staff.reviewed(world, run_work, "erasure", email="held@example.net")
    stranger = staff.reviewed(world, run_work, "access", email="stranger@example.net")
    late = staff.made("objection", days_ago=40)
    raise_alarm("request_overdue", late.reference)
    hand = staff.by_hand(approver)
    task = tasks.open_task()
    form = tasks.open_task("gemini", request=task.step.request, days=-1, objects=["files/f-1"])
    add_evidence(form, tasks.pdf(), actor=approver)
    done = staff.reviewed(world, run_work, "access", email="bo@example.net")
    review.propose(
        done, actor=approver, typed=done.reference, reason="Complete.", accept=[*ACCEPTABLE]
    )
    run_work()
    limited = staff.reviewed(world, run_work, "restriction", email="held@example.net")
    review.propose(limited, actor=approver, typed=limited.reference, reason="The law.")
    run_work()
    wrong = staff.looked_up("rectification")
    fire = drilled(world, run_work)
    seal_trail()
    person = f"/admin/accounts/user/{approver.pk}"
    hold = f"/admin/retention/legalhold/{held.pk}"
    return {
        "dashboard": "/admin/",
        "queue": f"{QUEUE}?status=all",
        "empty queue": f"{QUEUE}?status=denied",
        "proposed": staff.page_url(erasure),
        "held": staff.page_url(stopped),
        "nothing found": staff.page_url(stranger),
        "unconfirmed": staff.page_url(late),
        "by hand": staff.page_url(hand.request),
        "done": staff.page_url(done),
        "propose": staff.do_url(stranger, "propose"),
        "deny": staff.do_url(stranger, "deny"),
        "refuse a part": staff.do_url(stranger, "refuse_part"),
        "look again": staff.do_url(stranger, "look_again"),
        "withdraw": staff.do_url(stranger, "withdraw"),
        "reveal": staff.do_url(stranger, "reveal"),
        "approve": staff.do_url(erasure, "approve"),
        "close step": staff.do_url(hand.request, "close_step", hand),
        "tasks": "/admin/privacy/manualtask/",
        "request with tasks": staff.page_url(task.step.request),
        "write to a processor": staff.do_url(task.step.request, "write_letter", task.step),
        "write through a form": staff.do_url(form.step.request, "write_letter", form.step),
        "add a file": staff.do_url(task.step.request, "add_evidence", task.step),
        "close task": staff.do_url(task.step.request, "close_step", task.step),
        "restriction in force": staff.page_url(limited),
        "announce lifting": staff.do_url(limited, "announce_lifting"),
        "enter correction": staff.do_url(wrong, "enter_correction"),
        "drills": "/admin/privacy/drill/",
        "drill": f"/admin/privacy/drill/{fire.pk}/change/",
        "not now": staff.do_url(done, "deny"),
        "take in": f"{QUEUE}take-in/",
        "holds": "/admin/retention/legalhold/",
        "hold": f"{hold}/change/",
        "place hold": "/admin/retention/legalhold/add/",
        "keep hold": f"{hold}/review/",
        "release hold": f"{hold}/release/",
        "disposals": "/admin/retention/disposition/",
        "schedule": "/admin/retention/disposition/schedule/",
        "rule": f"/admin/retention/disposition/schedule/{RULE}/",
        "rule of days": "/admin/retention/disposition/schedule/accounts.GatewayRequest.id/",
        "retired days": "/admin/retention/retirement/",
        "published numbers": "/admin/retention/rollupcell/",
        "trail": "/admin/foundation/trailevent/",
        "verify": "/admin/foundation/trailevent/verify/",
        "seals": "/admin/foundation/trailseal/",
        "runs": "/admin/foundation/jobrun/",
        "alarms": "/admin/foundation/alarm/",
        "app": "/admin/privacy/",
        "password": "/admin/password_change/",
        "staff": "/admin/accounts/user/",
        "add staff": "/admin/accounts/user/add/",
        "one of staff": f"{person}/change/",
        "history": f"{person}/history/",
        "their password": f"{person}/password/",
    }


@pytest.mark.acceptance("UX-S30", "UX-S31")
@pytest.mark.parametrize("options", [{}, {"width": 320}, {"color_scheme": "dark"}])
def test_no_page_fails_axe_the_console_or_a_narrow_screen(
    open_site: Open, pages: dict[str, str], options: dict[str, Any]
) -> None:
    site = open_site(**options)
    sign_in(site, User.objects.create_superuser("root", password=PASSWORD))
    wrong: dict[str, Any] = {}
    for name, path in pages.items():
        site.open(path)
        if site.complaints:
            wrong[f"{name}, console"] = list(site.complaints)
        if found := site.axe():
            wrong[f"{name}, axe"] = found
        if site.scrolls_sideways():
            wrong[f"{name}, width"] = "scrolls sideways"
        site.complaints.clear()  # axe itself tries inline styles on some of Django's forms
    assert wrong == {}
    assert site.elsewhere == []


@pytest.mark.acceptance("UX-S30")
def test_a_form_with_errors_passes_axe_and_its_title_says_error(
    open_site: Open, pages: dict[str, str]
) -> None:
    site = open_site()
    sign_in(site, User.objects.create_superuser("root", password=PASSWORD))
    for name in (
        "propose",
        "deny",
        "close step",
        "add a file",
        "enter correction",
        "take in",
        "place hold",
        "release hold",
    ):
        site.open(pages[name])
        with site.page.expect_navigation():  # to the same address
            site.page.locator("main form [type=submit]").first.click()
        assert site.page.title().startswith("Error: "), name
        assert site.axe() == [], name
