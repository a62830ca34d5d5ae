"""Entering a correction, seeing what it writes, and never its values unasked."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from fluxrouter.foundation.keystore import keystore
from privacy.correctable import CORRECTABLE
from privacy.models import PrivacyRequest
from privacy.services import review
from tests.support import staff
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("PROC-43"),
]
NEW = {"full_name": "Anna Lehmann", "email": "anna.lehmann@example.org"}


@pytest.fixture
def client() -> Client:
    return staff.signed_in(staff.member("Approver"))


def text(client: Client, url: str) -> str:
    return " ".join(client.get(url).text.split())


def enter(client: Client, request: PrivacyRequest, **patch: str) -> Any:
    return client.post(staff.do_url(request, "enter_correction"), patch)


def revealed(client: Client, request: PrivacyRequest) -> str:
    answer = client.post(staff.do_url(request, "reveal"), {"reason": "To check it."})
    return " ".join(answer.text.split())


def test_the_form_asks_for_every_field_and_for_what_no_system_has(
    world: World, client: Client
) -> None:
    page = text(client, staff.do_url(staff.looked_up("rectification"), "enter_correction"))
    for row in CORRECTABLE.values():
        assert f">{row.label}</label>" in page
    assert ">Something else</label>" in page


def test_before_it_is_entered_there_is_nothing_to_propose(world: World, client: Client) -> None:
    request = staff.looked_up("rectification")
    page = text(client, staff.page_url(request))
    assert "Nobody has entered it yet." in page
    assert staff.do_url(request, "propose") not in page
    answer = client.get(staff.do_url(request, "propose"))
    assert answer.status_code == 409
    assert "Enter the correction first" in answer.text


def test_after_it_each_system_names_its_fields_and_no_value(world: World, client: Client) -> None:
    request = staff.looked_up("rectification")
    assert enter(client, request, **NEW, other="The note is wrong.").status_code == 302
    for page in (
        text(client, staff.page_url(request)),
        text(client, staff.do_url(request, "propose")),
    ):
        assert "<td>Supabase Auth (sign-in)</td><td>E-mail address</td>" in page
        assert "<td>FluxRouter’s own database</td><td>Name</td>" in page
        assert "<td>By hand</td><td>Something else</td>" in page
        assert "Lehmann" not in page
        assert "lehmann" not in page
        assert "The note" not in page
    assert "Correction entered" in text(client, staff.page_url(request))


def test_what_can_not_be_right_is_said_at_its_field(world: World, client: Client) -> None:
    request = staff.looked_up("rectification")
    answer = enter(client, request, country="Germany", email="no address")
    assert answer.status_code == 200
    assert "At most 2 characters." in answer.text
    assert "This doesn’t look like one." in answer.text
    assert "Fill in at least one of these." in enter(client, request).text
    request.refresh_from_db()
    assert request.corrections is None


def test_a_new_address_is_proposed_and_then_approved_by_another(
    world: World, client: Client
) -> None:
    request = staff.looked_up("rectification")
    handler = staff.signed_in(staff.member("Handler"))
    enter(handler, request, **NEW)
    page = text(handler, staff.do_url(request, "propose"))
    assert "another person must approve it" in page
    form = {"typed": request.reference, "reason": "Proved by phone."}
    assert handler.post(staff.do_url(request, "propose"), form).status_code == 302
    page = text(client, staff.do_url(request, "approve"))
    assert ">Approve</button>" in page
    assert "names the fields, not their values" in page
    assert client.post(staff.do_url(request, "approve"), {"reason": "Yes."}).status_code == 302
    request.refresh_from_db()
    assert request.status == "approved"


def test_a_handler_alone_can_not_approve_a_correction(world: World) -> None:
    request = staff.looked_up("rectification")
    handler = staff.signed_in(staff.member("Handler"))
    enter(handler, request, full_name="Anna Lehmann")
    assert handler.get(staff.do_url(request, "propose")).status_code == 403


@pytest.fixture
def done(world: World, run_work: staff.Work, client: Client) -> PrivacyRequest:
    """Name and address, written everywhere but at Auth, where somebody has that address."""
    world.add_person(staff.ANN)
    world.add_person(NEW["email"], "Other Person")
    request = staff.reviewed(world, run_work, "rectification")
    enter(client, request, **NEW)
    first = staff.member("Handler")
    review.propose(request, actor=first, typed=request.reference, reason="Proved.")
    client.post(staff.do_url(request, "approve"), {"reason": "Yes."})
    run_work()
    return request


def test_a_partial_failure_stands_beside_what_was_written(
    done: PrivacyRequest, client: Client
) -> None:
    page = text(client, staff.page_url(done))
    assert "<td>FluxRouter’s own database</td><td>Name</td> <td>" in page
    assert "Written on" in page
    assert "Not written. Another sign-in has this e-mail address or phone number already." in page
    step = done.steps.get(connector="supabase_auth", action="correct")
    assert staff.do_url(done, "retry", step) in page


def test_old_and_new_are_shown_once_after_a_reveal(done: PrivacyRequest, client: Client) -> None:
    for hidden in (text(client, staff.page_url(done)), text(client, staff.page_url(done))):
        assert "Lehmann" not in hidden
        assert "Ann Example" not in hidden
    page = revealed(client, done)
    assert "<td>Ann Example</td><td>Anna Lehmann</td>" in page
    assert "Lehmann" not in text(client, staff.page_url(done))


def test_once_the_key_is_gone_the_page_says_so(done: PrivacyRequest, client: Client) -> None:
    keystore().destroy(done.pk)
    PrivacyRequest.objects.filter(pk=done.pk).update(
        key_destroyed_at=timezone.now(), status="completed", closed_at=timezone.now()
    )
    assert "Its values were destroyed with their key" in text(client, staff.page_url(done))
