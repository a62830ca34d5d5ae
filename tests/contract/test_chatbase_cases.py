"""What only Chatbase does, or may do."""

import uuid
from typing import Any

import pytest

from fluxrouter.sandbox.chatbase import AGENT, ChatbaseSandbox
from privacy.connectors.base import Residue, Subject
from privacy.connectors.errors import NeedsHumanError, PermanentError
from privacy.connectors.testing import Life
from tests.contract.test_chatbase_contract import chatbase_connector

pytestmark = pytest.mark.acceptance("MAIN-34")
ANN = "ann.lee@example.org"
USER = str(uuid.UUID(int=7))


@pytest.fixture
def app() -> ChatbaseSandbox:
    return ChatbaseSandbox()


def life_of(app: ChatbaseSandbox, **options: Any) -> Life:
    subject = Subject(uuid.uuid4(), ANN, {"auth_users": [USER]})
    return Life(chatbase_connector(app, **options), subject)


@pytest.mark.acceptance("PROC-46")
@pytest.mark.parametrize("answer", [404, 409, 200])
def test_a_conversation_that_the_export_still_shows_is_a_manual_task(
    app: ChatbaseSandbox, answer: int
) -> None:
    app.widget_delete = answer
    app.add("conversation", userId=USER)
    app.add("conversation", userId=USER, source="API")
    life = life_of(app)
    assert life.look().erase == {"conversation": 2}
    life.erase()
    assert life.verify() == [Residue("conversation", 1, by_hand=True)]
    [left] = app.tables[AGENT]["conversation"]
    assert left["source"] == "Widget or Iframe"


@pytest.mark.acceptance("PROC-46")
def test_a_lead_and_a_conversation_that_holds_the_address_are_manual_tasks(
    app: ChatbaseSandbox,
) -> None:
    app.add("lead", email="Ann.Lee@example.org", phone="+4930123456")
    app.add("conversation", said=f"I am {ANN}. Call me")
    life = life_of(app)
    assert life.look().found == {"mention": 1, "lead": 1}
    life.erase()
    assert life.verify() == [
        Residue("mention", 1, by_hand=True),
        Residue("lead", 1, by_hand=True),
    ]
    assert "DELETE" not in {call.method for call in app.log}, "nobody guesses whose it is"


def test_a_contact_that_stays_is_no_manual_task_but_a_residue(app: ChatbaseSandbox) -> None:
    app.broken = frozenset({"deleted_contact_is_gone"})
    app.add("contact", external_id=USER, email=ANN)
    life = life_of(app)
    life.look()
    life.erase()
    assert life.verify() == [Residue("chat_contact", 1)]


def test_of_somebody_elses_words_only_those_with_the_address_are_exported(
    app: ChatbaseSandbox,
) -> None:
    conversation = app.add("conversation", said="My own number is 555")
    words = [{"type": "tool-result", "output": {"form": {"mail": [f"<{ANN.upper()}>"]}}}]
    conversation["messages"].append({"id": "m2", "role": "user", "parts": words})
    life = life_of(app)
    life.look()
    [(kind, record)] = life.export()
    assert kind == "mention"
    assert [each["id"] for each in record["messages"]] == ["m2"]


@pytest.mark.parametrize(
    "other",
    [
        "joann.lee@example.org",
        "x+ann.lee@example.org",
        "ann.lee@example.org.uk",
        "ann.lee@example.organic",
        "ann_lee@example.org",
    ],
)
def test_a_part_of_an_address_is_another_person(app: ChatbaseSandbox, other: str) -> None:
    app.add("contact", email=other)
    app.add("lead", email=other)
    app.add("conversation", said=f"Write to {other}, please")
    assert life_of(app).look().found == {}


def test_somebody_elses_conversation_about_the_person_is_not_theirs(app: ChatbaseSandbox) -> None:
    app.add("conversation", userId="another-user", said=f"What does {ANN} pay?")
    assert life_of(app).look().found == {}


def test_an_address_that_another_id_claims_stops_the_plan(app: ChatbaseSandbox) -> None:
    foreign = app.add("contact", external_id="another-user", email=ANN)
    life = life_of(app)
    discovery = life.look()
    assert (discovery.found, discovery.blockers) == ({}, ["foreign_contact"])
    with pytest.raises(NeedsHumanError, match="foreign_contact"):
        life.erase()
    life.approved["accepted"] = ["foreign_contact"]
    life.erase()
    assert life.verify() == []
    assert foreign in app.tables[AGENT]["contact"]


def test_a_contact_is_found_by_our_id_or_by_the_address_as_its_id(app: ChatbaseSandbox) -> None:
    app.add("contact", external_id=USER, email="old@example.org")
    app.add("contact", external_id=ANN.upper())
    life = life_of(app)
    assert life.look().found == {"chat_contact": 2}
    assert ANN.upper() not in str(life.written), "the external id is personal"
    life.erase()
    assert life.verify() == []


@pytest.mark.parametrize("status", [200, 204])
@pytest.mark.parametrize("field", ["external_id", "id"])
def test_a_contact_is_deleted_by_the_id_that_the_setting_names(
    app: ChatbaseSandbox, field: str, status: int
) -> None:
    app.contact_id, app.contact_deleted = field, status
    app.add("contact", external_id=USER, email=ANN)
    life = life_of(app, contact_id=field)
    life.look()
    life.erase()
    assert {"erased": {"chat_contact": 1}} in life.written
    assert life.verify() == []


def test_the_wrong_setting_is_noticed(app: ChatbaseSandbox) -> None:
    app.contact_id = "id"
    app.add("contact", external_id=USER, email=ANN)
    life = life_of(app)
    life.look()
    life.erase()
    assert life.verify() == [Residue("chat_contact", 1)]


def test_more_than_a_page_is_found_everywhere(app: ChatbaseSandbox) -> None:
    for number in range(130):
        mine = number % 2 == 0
        app.add("conversation", userId=USER if mine else None, source="API")
        app.add("lead", email=ANN if mine else "bea@example.org")
    app.add("contact", external_id=USER)
    for number in range(1010):
        app.add("contact", external_id=f"user-{number}")
    life = life_of(app)
    assert life.look().found == {"chat_contact": 1, "conversation": 65, "lead": 65}
    life.erase()
    assert life.verify() == [Residue("lead", 65, by_hand=True)]


def test_what_came_since_the_approval_is_deleted_as_well(app: ChatbaseSandbox) -> None:
    life = life_of(app)
    life.look()
    app.add("conversation", userId=USER, source="API")
    life.erase(without="prepare")
    assert life.verify() == []


def test_an_agent_that_is_not_there_is_a_mistake_and_no_empty_list(app: ChatbaseSandbox) -> None:
    app.agents = ("agent-of-somebody",)
    with pytest.raises(PermanentError, match="not_found"):
        life_of(app).look()


def test_a_wrong_key_stops_for_a_person(app: ChatbaseSandbox) -> None:
    app.api_key = "another-key"
    with pytest.raises(PermanentError, match="no_permission"):
        life_of(app).look()
