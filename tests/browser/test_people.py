"""Pages about agents, parents, customers and who is told, in a real browser, by day and night."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from privacy.models import PrivacyRequest
from privacy.services import authorities, children, forwarding, intake, tokens
from privacy.states import Status
from tests.support import staff, tasks
from tests.support.rows import make_account
from tests.support.steps import approved
from tests.support.visitor import link
from tests.support.world import World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("RIGHT-N24"),
]
Open = Callable[..., Any]
NIGHT: list[dict[str, Any]] = [{}, {"color_scheme": "dark"}]


def asked(role: str, **details: str) -> PrivacyRequest:
    answers = intake.Answers(role, ["access", "erasure"], "DE", staff.ANN, details=details)
    return intake.take_in(answers, channel="email", received_at=timezone.now(), actor="system")


def proof_path(request: PrivacyRequest) -> str:
    return f"/privacy/authority/{tokens.issue(request.pk, 'authority', uuid.uuid4())}/"


def sign_in(site: Any, user: User) -> None:
    session = staff.signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site.address}
    site.page.context.add_cookies([cookie])


@pytest.mark.parametrize("night", NIGHT, ids=["day", "night"])
def test_the_pages_of_those_who_ask_for_others_have_no_barrier(
    open_site: Open, night: dict[str, Any]
) -> None:
    site = open_site(**night)
    site.open("/privacy/child/")
    site.inspect()
    site.press("Send this report")
    site.inspect()
    site.page.fill("[name=what]", "kid@example.org, a pupil of mine, 9 years old.")
    site.page.fill("[name=email]", "teacher@example.org")
    site.press("Send this report")
    assert site.page.url.endswith("/privacy/child/sent/")
    site.inspect()
    for role in ("agent", "guardian"):
        request = asked(role, own_email="ada@agency.example.org")
        site.open(proof_path(request))
        site.inspect()
        site.press("Send this file")
        site.inspect()
    site.open("/privacy/")
    site.press("Start")
    site.page.check("[value=guardian]")
    site.press("Continue")
    site.inspect()
    site.press("Continue")
    site.inspect()
    site.press("Continue")
    assert "Enter an e-mail address" in site.page.content()
    site.inspect()


@pytest.mark.parametrize("night", NIGHT, ids=["day", "night"])
def test_staffs_pages_about_others_have_no_barrier(
    open_site: Open, world: World, run_work: staff.Work, night: dict[str, Any]
) -> None:
    world.add_person(staff.ANN)
    erased = approved(world, "erasure").request
    customer = make_account(email="hello@customer.example.org", company="Example Assistant")
    user = asked("end_user", customer="Example Assistant")
    user.transition_to(Status.IN_REVIEW, verified_at=timezone.now(), round=1)
    parent = asked("guardian", own_email="ada@example.org", age="9")
    letter = parent.steps.get(action="agent_received")
    token = tokens.find(tokens.issue(parent.pk, "authority", letter.pk), "authority")
    authorities.add(token, "guardian", tasks.pdf())
    report = children.report(uuid.uuid4(), email="t@example.org", what="A pupil.")
    april = staff.member("Approver", "april")
    site = open_site(**night)
    sign_in(site, april)
    for request in (erased, user, parent, report):
        site.open(staff.page_url(request))
        site.inspect()
    for request, name in (
        (parent, "accept_proof"),
        (parent, "reject_proof"),
        (report, "close_report"),
    ):
        site.open(staff.do_url(request, name))
        site.inspect()
    site.open(staff.do_url(user, "forward"))
    site.page.fill("[name=find]", "assistant")
    site.page.fill("[name=reason]", "Its name.")
    site.press("Pass it on to the customer")
    assert str(customer.pk) in site.page.content()
    site.inspect()
    forwarding.forward(user, account_id=customer.pk, actor=april)
    forwarding.help_asked(user, actor=april, what="Find user 77.")
    site.open(staff.page_url(user))
    site.inspect()
    site.open(link(erased, "status") + "certificate/")
    site.inspect()
