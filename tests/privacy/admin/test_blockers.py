"""What stands in the way, and what staff may let pass."""

import pytest
from django.test import Client

from accounts.models import User
from fluxrouter.foundation.models import TrailEvent
from privacy.grounds import BLOCKERS
from tests.support import staff

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
UNPROVED = BLOCKERS["unproved_customer"]


@pytest.fixture
def approver() -> User:
    return staff.member("Approver")


@pytest.fixture
def client(approver: User) -> Client:
    return staff.signed_in(approver)


@pytest.mark.acceptance("UX-S13")
def test_a_blocker_that_may_pass_must_be_ticked_and_the_trail_says_so(client: Client) -> None:
    request = staff.looked_up("access", stripe={"blockers": ["unproved_customer"]})
    url = staff.do_url(request, "propose")
    assert url in client.get(staff.page_url(request)).text
    form = {"typed": request.reference, "reason": "All three are hers."}
    assert "Each of these must be looked at first." in client.post(url, form).text
    assert client.post(url, {**form, "accept": ["unproved_customer"]}).status_code == 302
    request.refresh_from_db()
    assert request.status == "approved"
    event = TrailEvent.objects.get(code="request.proposed")
    assert event.data["accepted"] == ["unproved_customer"]
    page = client.get(staff.page_url(request)).text
    assert f"Looked at and let pass: {UNPROVED}" in page
    assert "looked at and let pass: unproved customer" in page


def test_a_second_person_can_approve_what_the_first_let_pass(client: Client) -> None:
    request = staff.looked_up("erasure", stripe={"blockers": ["unproved_customer"]})
    first = staff.signed_in(staff.member("Handler"))
    form = {"typed": request.reference, "reason": "Hers.", "accept": ["unproved_customer"]}
    assert first.post(staff.do_url(request, "propose"), form).status_code == 302
    assert client.post(staff.do_url(request, "approve"), {"reason": "Yes."}).status_code == 302
    request.refresh_from_db()
    assert request.status == "approved"


def test_a_blocker_that_nobody_may_pass_leaves_no_button(client: Client) -> None:
    request = staff.looked_up("access", stripe={"blockers": ["shared_customer"]})
    url = staff.do_url(request, "propose")
    assert url not in client.get(staff.page_url(request)).text
    form = {"typed": request.reference, "reason": "Yes.", "accept": ["shared_customer"]}
    assert client.post(url, form).status_code == 409


def test_what_was_found_since_the_approval_is_shown_and_taken_into_the_plan(
    client: Client,
) -> None:
    request = staff.looked_up("erasure")
    step = staff.came_back(request)
    url = staff.do_url(request, "accept_found", step)
    page = client.get(staff.page_url(request)).text
    assert url in page
    assert "Found: Tax numbers (2)." in page
    assert client.post(url, {"reason": "She added them last week."}).status_code == 302
    step.refresh_from_db()
    request.refresh_from_db()
    assert step.state == "ready"
    assert request.plan["stripe"]["found"] == {"tax_id": 2}
    assert "taken into the plan" in client.get(staff.page_url(request)).text
    assert client.post(url, {"reason": "Again."}).status_code == 409


def test_a_step_that_came_back_with_what_nobody_may_pass_can_only_be_retried(
    client: Client,
) -> None:
    request = staff.looked_up("erasure")
    step = staff.came_back(request, blockers=["shared_customer"])
    page = client.get(staff.page_url(request)).text
    assert staff.do_url(request, "accept_found", step) not in page
    assert staff.do_url(request, "retry", step) in page
    url = staff.do_url(request, "accept_found", step)
    assert client.post(url, {"reason": "Yes."}).status_code == 409


def test_the_residue_of_the_last_look_is_counted(client: Client) -> None:
    request = staff.looked_up("erasure")
    step = staff.parked(request, "stripe:verify", "residue")
    step.cursor = {"found": {"subscription": 1}}
    step.save(update_fields=["cursor"])
    page = client.get(staff.page_url(request)).text
    assert "Found: Subscriptions (1)." in page
    assert staff.do_url(request, "accept_found", step) not in page
