"""A correction to an address that somebody else has leaves that person alone."""

import uuid
from dataclasses import replace
from typing import Any

import pytest

from fluxrouter.sandbox.chatbase import ChatbaseSandbox
from privacy.connectors.base import Subject, Task
from privacy.models import ManualTask
from privacy.services.processor_letters import write_to_processor
from privacy.services.review import ReviewError
from tests.contract.test_chatbase_contract import chatbase_connector
from tests.support.lives import pump_once, staff
from tests.support.staff import do_url, member, signed_in
from tests.support.steps import approved
from tests.support.world import World

ANN, BEA = "ann.lee@example.org", "bea@example.org"
PATCH = {"email": BEA, "full_name": "Ann Newname", "phone": "+4930555"}


@pytest.mark.parametrize("external", ["", "somebody-else"])
def test_whoever_has_the_new_address_at_chatbase_is_neither_read_nor_changed(
    external: str,
) -> None:
    app = ChatbaseSandbox()
    app.add("contact", external_id="", email=ANN, name="Ann")
    hers = app.add("contact", external_id=external, email=BEA, name="Bea", phonenumber="555")
    before = dict(hers)
    connector = chatbase_connector(app)
    subject = Subject(uuid.uuid4(), ANN, {})
    task = Task("correct", subject, refs=connector.discover(subject).refs, patch=PATCH)
    seen = [value.text for value in connector.current(task)]
    connector.correct(task)
    assert "Bea" not in seen
    assert hers == before


def test_a_contact_that_has_its_new_address_by_now_is_still_theirs() -> None:
    app = ChatbaseSandbox()
    contact = app.add("contact", external_id="", email=ANN, name="Ann")
    connector = chatbase_connector(app)
    subject = Subject(uuid.uuid4(), ANN, {})
    task = Task("correct", subject, refs=connector.discover(subject).refs, patch=PATCH)
    connector.correct(task)
    assert (contact["email"], contact["name"]) == (BEA, "Ann Newname")
    again: Any = replace(task)
    assert {value.text for value in connector.current(again)} == set(PATCH.values())


def test_an_id_that_is_an_address_stays_out_of_every_row() -> None:
    app = ChatbaseSandbox()
    app.add("contact", id=ANN, external_id="", email=ANN)
    found = chatbase_connector(app).discover(Subject(uuid.uuid4(), ANN, {}))
    assert ANN not in str(found.as_json())


@pytest.mark.django_db(transaction=True)
def test_no_processor_is_asked_to_erase_whom_only_a_correction_is_for(world: World) -> None:
    """What only staff can correct there is a task, and the only letter we have asks to erase."""
    world.add_person(ANN)
    world.chatbase.add("lead", email=ANN)
    life = approved(world, "rectification")
    task = ManualTask.objects.get(processor="chatbase")
    assert task.step.request_id == life.request.pk
    with pytest.raises(ReviewError, match="asks for an erasure"):
        write_to_processor(task, actor=staff("hanna"))
    answer = signed_in(member("Handler")).post(do_url(life.request, "write_letter", task.step))
    assert answer.status_code == 409
    pump_once()
    sent = {address for letter in world.mailbox.messages.values() for address in letter.to}
    assert sent == {ANN}
