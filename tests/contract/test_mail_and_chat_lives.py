"""Whole requests with Resend and Chatbase in use."""

import json

import pytest

from fluxrouter.sandbox.chatbase import ChatbaseSandbox
from privacy.connectors import registry
from privacy.connectors.database import DatabaseConnector
from privacy.models import FulfilmentStep, ManualTask
from tests.contract.test_chatbase_contract import chatbase_connector
from tests.contract.test_resend_contract import resend_connector
from tests.support.connectors import model_connectors
from tests.support.lives import Clock, Life, run_whole
from tests.support.steps import ANN, approved
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])


def erased(world: World, chat: ChatbaseSandbox, clock: Clock) -> Life:
    with registry.use(
        DatabaseConnector(),
        resend_connector(world.mailbox),
        chatbase_connector(chat),
        *model_connectors(world.models),
    ):
        life = Life.begin(world, ANN, "erasure")
        run_whole([life], clock)
    return life


def receipts(life: Life) -> str:
    rows = FulfilmentStep.objects.filter(request=life.request)
    return json.dumps(list(rows.values_list("receipt", "cursor")))


@pytest.mark.acceptance("PROC-45")
def test_an_erasure_deletes_the_contact_and_says_that_sent_mail_stays(
    world: World, clock: Clock
) -> None:
    world.add_person(ANN, calls=1)
    life = erased(world, ChatbaseSandbox(), clock)
    assert not world.mailbox.contacts
    assert life.request.status == "completed", life.problems
    looked = life.request.steps.get(connector="resend", action="prepare").receipt
    [kept] = looked["keep"]
    assert (kept["what"], kept["ground"]) == ("sent_mail", "mail_log")
    assert kept["count"] >= 1
    assert ANN not in receipts(life)


@pytest.mark.acceptance("PROC-46")
def test_what_chatbase_still_shows_becomes_a_task_for_staff(world: World, clock: Clock) -> None:
    planted = world.add_person(ANN, calls=1)
    chat = ChatbaseSandbox()
    user = str(planted.user.id)
    chat.add("conversation", userId=user, source="API")
    chat.add("conversation", userId=user, said="From the widget")
    chat.add("contact", external_id=user, email=ANN)
    chat.add("lead", email=ANN)
    life = erased(world, chat, clock)
    tasks = ManualTask.objects.filter(step__request=life.request)
    assert {(task.processor, task.step.object) for task in tasks} == {
        ("chatbase", "conversation"),
        ("chatbase", "lead"),
    }
    assert life.request.status == "fulfilling", "it doesn't end before they are done"
    assert ANN not in receipts(life)


def test_a_marketing_objection_reaches_the_mail_contact(world: World) -> None:
    world.add_person(ANN, calls=1)
    [contact] = world.mailbox.contacts.values()
    with registry.use(DatabaseConnector(), resend_connector(world.mailbox)):
        life = approved(world, "objection")
    assert contact["unsubscribed"] is True, life.problems
