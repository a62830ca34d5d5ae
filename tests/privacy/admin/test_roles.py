"""Role × action: who has the button, who may open the page, whose direct POST counts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.roles import ROLES
from fluxrouter.foundation.models import TrailEvent
from privacy.admin.actions import ACTIONS
from privacy.admin.letter_actions import LETTER_ACTIONS
from privacy.admin.task_actions import TASK_ACTIONS
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.services import lifting, questions
from tests.support import people, post, staff, tasks
from tests.support.appeals import appealed, complained, denied
from tests.support.laws import measured_by

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

HANDLING = {
    *("propose", "look_again", "withdraw", "retry", "close_step", "reveal"),
    *("write_letter", "add_evidence", "enter_correction", "ask", "enter_answer"),
    *("open_letter", "send_again", "settle_letter"),
    *("forward", "no_customer", "help_customer", "end_help"),
    *("accept_proof", "reject_proof", "identify_child"),
}
MAY: dict[str, set[str]] = {
    "Viewer": set(),
    "Handler": HANDLING,
    "Approver": {
        *HANDLING,
        *("approve", "deny", "refuse_part", "approve alone", "accept_found"),
        *("announce_lifting", "call_off_lifting", "extend"),
        *("decide_appeal", "extend_appeal", "decide_complaint"),
        *("refuse_agent", "close_report"),
    },
    "Auditor": set(),
}
SHOW = {"reveal", "open_letter"}  # their answer is a page
CASES = sorted({*ACTIONS, "approve alone"})
ANSWERS = {
    "reason": "Because it is right.",
    "outcome": "done",
    "verdict": "rejected",
    "full_name": "Ann Lee",
    "how": "other_way",
}


CLOCK_ANSWERS = {
    "kind": "identity",
    "missing": "The year of the invoice.",
    "why": "Two people use this address.",
    "answer": "It was 2024.",
    "reasons": ["complexity"],
    "explanation": "The data lies in three archives.",
}


class Case(NamedTuple):
    request: PrivacyRequest
    action: str
    step: FulfilmentStep | None = None

    @property
    def url(self) -> str:
        return staff.do_url(self.request, self.action, self.step)

    def answers(self) -> dict[str, Any]:
        return {
            **ANSWERS,
            **staff.REFUSED_FOR,
            "typed": self.request.reference,
            "rights": self.request.rights,
            "whole": "part",
            **CLOCK_ANSWERS,
            **people.CHOSEN,
            "until": (self.request.due_on + timedelta(days=25)).isoformat(),
            "on": timezone.now().date().isoformat(),
            **tasks.sent(tasks.PDF),
        }


def to_retry(other: User) -> Case:
    request = staff.looked_up("access")
    return Case(request, "retry", staff.parked(request, "mail:confirmed"))


def to_accept(other: User) -> Case:
    request = staff.looked_up("erasure")
    return Case(request, "accept_found", staff.came_back(request))


def to_close(other: User) -> Case:
    step = staff.by_hand(other)
    return Case(step.request, "close_step", step)


def to_call_off(other: User) -> Case:
    request = staff.restricted()
    lifting.announce(request, actor=other, reason="It was right.")
    return Case(request, "call_off_lifting")


def to_decide(other: User) -> Case:
    request = denied(by=other)
    appealed(request)
    return Case(request, "decide_appeal")


def to_extend_appeal(other: User) -> Case:
    request = measured_by(denied(by=other, country="US", state="CO"), "us_co")
    appealed(request)
    return Case(request, "extend_appeal")


def to_hear(other: User) -> Case:
    request = denied(by=other)
    complained(request)
    return Case(request, "decide_complaint")


def to_answer(other: User) -> Case:
    request = staff.looked_up("access")
    questions.ask(request, actor=other, reason="identity", missing="A year.", why="Two do.")
    return Case(request, "enter_answer")


DUE: dict[str, Callable[[User], Case]] = {
    "approve": lambda other: Case(staff.proposed_by(other, "erasure"), "approve"),
    "approve alone": lambda other: Case(staff.looked_up("access"), "propose"),
    "retry": to_retry,
    "accept_found": to_accept,
    "close_step": to_close,
    "enter_correction": lambda other: Case(staff.looked_up("rectification"), "enter_correction"),
    "announce_lifting": lambda other: Case(staff.restricted(), "announce_lifting"),
    "call_off_lifting": to_call_off,
    "decide_appeal": to_decide,
    "extend_appeal": to_extend_appeal,
    "enter_answer": to_answer,
    "decide_complaint": to_hear,
}


def case_of(name: str, other: User) -> Case:
    """A request in which the action is due, so that only the role decides."""
    if name in TASK_ACTIONS:
        task = tasks.open_task()
        return Case(task.step.request, name, task.step)
    if name in LETTER_ACTIONS:
        sent = post.came_back()
        return Case(sent.step.request, name, sent.step)
    if name in people.DUE:
        return Case(people.DUE[name](other), name)
    return DUE[name](other) if name in DUE else Case(staff.looked_up("erasure"), name)


@pytest.mark.acceptance("UX-S25", "UX-S09", "MAIN-24", "SEC-08")
@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_has_its_buttons_and_no_direct_post_gets_further(role: str, name: str) -> None:
    other = staff.member("Approver", "somebody.else")
    case = case_of(name, other)
    client = staff.signed_in(staff.member(role, "me"))
    may = name in MAY[role]
    page = client.get(staff.page_url(case.request))
    assert page.status_code == 200
    assert (f'href="{case.url}"' in page.text) is may
    assert client.get(case.url).status_code == (200 if may else 403)
    events = TrailEvent.objects.count()
    answer = client.post(case.url, case.answers())
    if may:
        assert answer.status_code == (200 if name in SHOW else 302)
        assert TrailEvent.objects.count() > events
    else:
        assert answer.status_code == 403
        assert TrailEvent.objects.count() == events


PAGES = {
    "/admin/privacy/privacyrequest/": {"Viewer", "Handler", "Approver", "Auditor"},
    "/admin/privacy/privacyrequest/take-in/": {"Handler", "Approver"},
    "/admin/privacy/privacyrequest/add/": set(),
    "/admin/privacy/manualtask/": {"Viewer", "Handler", "Approver", "Auditor"},
    "/admin/privacy/manualtask/add/": set(),
    "/admin/privacy/inboundmail/": {"Viewer", "Handler", "Approver", "Auditor"},
    "/admin/privacy/inboundmail/add/": set(),
    "/admin/privacy/letterrelease/": {"Viewer", "Handler", "Approver", "Auditor"},
    "/admin/privacy/letterrelease/add/": set(),
    "/admin/retention/legalhold/": {"Viewer", "Handler", "Approver", "Auditor"},
    "/admin/retention/legalhold/add/": {"Approver"},
    "/admin/retention/disposition/": {"Viewer", "Handler", "Approver", "Auditor"},
    "/admin/retention/disposition/schedule/": {"Viewer", "Handler", "Approver", "Auditor"},
    "/admin/retention/retirement/": {"Viewer", "Handler", "Approver", "Auditor"},
    "/admin/foundation/trailevent/": {"Auditor"},
    "/admin/foundation/trailevent/verify/": {"Auditor"},
    "/admin/foundation/trailseal/": {"Auditor"},
    "/admin/foundation/jobrun/": {"Auditor"},
    "/admin/foundation/alarm/": {"Viewer", "Handler", "Approver", "Auditor"},
    "/admin/accounts/user/": set(),
    "/admin/accounts/user/add/": set(),
}


@pytest.mark.acceptance("UX-S25", "SEC-08")
@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_opens_its_pages_and_no_other(role: str) -> None:
    client = staff.signed_in(staff.member(role))
    for url, roles in PAGES.items():
        assert client.get(url).status_code == (200 if role in roles else 403), url
    index = client.get("/admin/").text
    assert ("/admin/foundation/trailevent/" in index) is (role == "Auditor")


@pytest.mark.acceptance("UX-S25")
@pytest.mark.parametrize("url", sorted(PAGES))
def test_whoever_is_not_signed_in_is_sent_to_the_sign_in_page(url: str, client: object) -> None:
    answer = client.get(url)
    assert answer.status_code == 302
    assert answer.url.startswith("/admin/login/")


@pytest.mark.acceptance("UX-S09", "UX-S13", "MAIN-24", "SEC-08")
def test_the_proposer_has_no_approve_button_and_their_post_changes_nothing() -> None:
    me = staff.member("Approver")
    request = staff.proposed_by(me, "erasure")
    client = staff.signed_in(me)
    assert staff.do_url(request, "approve") not in client.get(staff.page_url(request)).text
    answer = client.post(staff.do_url(request, "approve"), ANSWERS)
    assert answer.status_code == 409
    assert "Another person must approve it" in answer.text
    request.refresh_from_db()
    assert request.status == "in_review"


@pytest.mark.acceptance("UX-S09", "SEC-08")
def test_nobody_adds_changes_or_deletes_a_request_by_djangos_own_pages() -> None:
    root = User.objects.create_superuser("root")
    request = staff.looked_up("access")
    client = staff.signed_in(root)
    base = f"/admin/privacy/privacyrequest/{request.pk}/"
    assert client.post(f"{base}change/", {"status": "completed"}).status_code == 403
    assert client.post(f"{base}delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/privacy/privacyrequest/add/").status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": [str(request.pk)], "post": "yes"}
    client.post("/admin/privacy/privacyrequest/", bulk)
    request.refresh_from_db()
    assert request.status == "in_review"
