"""The last look after an erasure: on another path, and what it finds goes to a person."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import SupportMessage
from fluxrouter.sandbox.environment import BUCKET
from fluxrouter.sandbox.supabase.storage_files import add_file
from privacy.connectors.registry import connectors
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.services import review
from tests.support import staff
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-32"),
]
Leave = Callable[[World], Any]


def erased_but_not_looked_at(world: World, run_work: staff.Work) -> PrivacyRequest:
    """Every erasing step is done; the last looks wait for an hour that doesn't come."""
    world.add_person(staff.ANN)
    MODEL_FILES[id(world)] = dict(world.models.objects)
    request = staff.reviewed(world, run_work, "erasure")
    hanna = staff.member("Handler", "hanna")
    review.propose(
        request,
        actor=hanna,
        typed=request.reference,
        reason="Fine.",
        accept=["active_subscription"],
    )
    review.approve(request, actor=staff.member("Approver", "april"), reason="Seen.")
    looks(request).update(not_before=timezone.now() + timedelta(hours=1))
    run_work()
    return request


def looks(request: PrivacyRequest) -> Any:
    return FulfilmentStep.objects.filter(
        request=request, connector__in=connectors(), action="verify"
    )


def look(request: PrivacyRequest, run_work: staff.Work) -> PrivacyRequest:
    looks(request).update(not_before=timezone.now())
    run_work()
    request.refresh_from_db()
    return request


def leave_message(world: World) -> None:
    """Its address is all that names her: the account is gone."""
    SupportMessage.objects.create(
        email=staff.ANN.upper(), subject="Hello", body="?", received_at=timezone.now()
    )


def leave_customer(world: World) -> None:
    """A customer whose id the erasure never knew."""
    world.add("stripe", object="customer", email=staff.ANN)


def leave_log_entry(world: World) -> None:
    """Auth's interface doesn't show such a row; the tables do."""
    with world.connect() as connection:
        connection.execute(
            """INSERT INTO auth.audit_log_entries (instance_id, id, payload, created_at)
               VALUES (gen_random_uuid(), gen_random_uuid(),
                       json_build_object('actor_username', %s::text), now())""",
            [staff.ANN],
        )


def leave_file(world: World) -> None:
    name = f"{world.people[staff.ANN].user.id}/left.txt"
    with world.connect() as connection:
        add_file(connection, BUCKET, name, b"Hello")


def leave_contact(world: World) -> None:
    world.add("mailbox", email=staff.ANN)


def leave_visitor(world: World) -> None:
    user = str(world.people[staff.ANN].user.id)
    world.add("chatbase", object="contact", external_id=user, email=staff.ANN)


def leave_model_file(provider: str) -> Leave:
    """A deletion that the provider confirmed and didn't carry out."""

    def leave(world: World) -> None:
        [key] = [key for key in MODEL_FILES[id(world)] if key[0] == provider]
        world.models.objects[key] = MODEL_FILES[id(world)][key]

    return leave


MODEL_FILES: dict[int, dict[Any, Any]] = {}
LEFT: dict[str, tuple[Leave, str]] = {
    "supabase_storage": (leave_file, "stored_file"),
    "resend": (leave_contact, "contact"),
    "chatbase": (leave_visitor, "chat_contact"),
    "openai": (leave_model_file("openai"), "model_file"),
    "anthropic": (leave_model_file("anthropic"), "model_file"),
    "gemini": (leave_model_file("gemini"), "model_file"),
    "database": (leave_message, "accounts_supportmessage"),
    "stripe": (leave_customer, "customer"),
    "supabase_auth": (leave_log_entry, "audit_log_entries"),
}


def test_each_system_is_looked_at_again_before_the_request_ends(
    world: World, run_work: staff.Work
) -> None:
    assert {*connectors()} == {*LEFT}
    request = erased_but_not_looked_at(world, run_work)
    request.refresh_from_db()
    assert request.status == "fulfilling"
    assert look(request, run_work).status == "completed"
    assert {step.receipt["residues"] for step in looks(request)} == {0}


@pytest.mark.parametrize("system", LEFT)
def test_what_is_left_in_a_system_goes_to_a_person_and_the_request_stays_open(
    world: World, run_work: staff.Work, system: str
) -> None:
    request = erased_but_not_looked_at(world, run_work)
    leave, what = LEFT[system]
    leave(world)
    assert look(request, run_work).status == "fulfilling"
    [parked] = looks(request).exclude(state="done")
    assert (parked.connector, parked.state, parked.error) == (system, "parked", "residue")
    assert parked.cursor["found"] == {what: 1}
    page = staff.signed_in(staff.member("Handler", "hugo")).get(staff.page_url(request)).text
    assert "The last look still found something. Erase it, then retry." in page
    assert staff.do_url(request, "retry", parked) in page
    assert not request.steps.filter(action="erased", state="done").exists()


def test_the_deletion_in_auth_goes_over_its_interface_and_the_look_reads_its_tables(
    world: World, run_work: staff.Work
) -> None:
    request = erased_but_not_looked_at(world, run_work)
    calls = sum(world.auth.calls.values())
    assert any(method == "DELETE" for method, *_ in world.auth.calls)
    queries: list[str] = []

    def note(execute: Any, query: str, *rest: Any) -> Any:
        queries.append(query)
        return execute(query, *rest)

    with connections["supabase"].execute_wrapper(note):
        look(request, run_work)
    assert sum(world.auth.calls.values()) == calls
    assert any("audit_log_entries" in query for query in queries)
