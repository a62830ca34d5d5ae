"""What only Resend does, or may do."""

import uuid
from typing import Any

import pytest

from accounts.models import Account
from privacy.connectors.base import Subject
from privacy.connectors.errors import PermanentError, RetryError
from privacy.connectors.testing import Life
from tests.contract.test_resend_contract import resend_connector, send
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-34"),
]
ANN = "ann.lee@example.org"


def life_of(world: World, email: str = ANN, **refs: list[str]) -> Life:
    return Life(resend_connector(world.mailbox), Subject(uuid.uuid4(), email, refs))


def contact(world: World, email: str = ANN, **fields: Any) -> dict[str, Any]:
    return world.mailbox.add_contact(email=email, **fields)


@pytest.mark.acceptance("PROC-45")
def test_a_contact_that_is_gone_is_success(world: World) -> None:
    life = life_of(world)
    held = contact(world)
    life.look()
    del world.mailbox.contacts[held["id"]]
    life.erase(without="prepare")
    assert {"erased": {"contact": 0}} in life.written
    assert life.verify() == []


@pytest.mark.acceptance("PROC-45")
def test_sent_mail_is_said_to_stay_and_stays(world: World) -> None:
    for _ in range(3):
        send(world.mailbox, f"Ann <{ANN}>")
    life = life_of(world)
    assert life.look().keep == [{"what": "sent_mail", "count": 3, "ground": "mail_log"}]
    life.erase()
    assert life.verify() == []
    assert len(world.mailbox.messages) == 3
    assert "DELETE" not in {call.method for call in world.mailbox.log}


def test_letters_that_came_since_the_approval_surprise_nobody(world: World) -> None:
    life = life_of(world)
    contact(world)
    life.look()
    send(world.mailbox, ANN)
    world.mailbox.add_suppression(ANN, "bounce")
    life.erase()
    assert life.verify() == []


def test_mails_to_several_people_name_only_the_person(world: World) -> None:
    send(world.mailbox, ANN, "bea@example.org", cc="cleo@example.org")
    life = life_of(world)
    life.look()
    [(kind, mail)] = life.export()
    assert (kind, mail["to"], mail["cc"]) == ("sent_mail", [ANN], [])
    assert "text" not in mail


def test_more_than_a_page_of_mails_is_found(world: World) -> None:
    for number in range(120):
        send(world.mailbox, ANN if number % 2 else "bea@example.org")
    life = life_of(world)
    assert life.look().found == {"sent_mail": 60}
    assert len(life.export()) == 60


def test_the_last_look_reads_every_page(world: World) -> None:
    left = contact(world, "ANN.Lee@example.org")
    for number in range(120):
        contact(world, f"person.{number}@example.org")
    life = life_of(world)
    assert life.look().found == {}, "nobody knew this spelling"
    life.erase()
    assert [(each.what, each.number, each.by_hand) for each in life.verify()] == [
        ("contact", 1, False)
    ]
    assert left["id"] in world.mailbox.contacts


def test_a_deleted_contact_is_in_no_list(world: World) -> None:
    contact(world)
    life = life_of(world)
    life.look()
    life.erase()
    assert life.verify() == []


def test_every_spelling_that_an_account_has_is_asked_for(world: World) -> None:
    planted = world.add_person("Ann.Lee@example.org", calls=0)
    contact(world, ANN)  # the other spelling's came with the person
    life = life_of(world, "ANN.LEE@example.org", accounts=[str(planted.account.pk)])
    assert Account.objects.filter(email="Ann.Lee@example.org").exists()
    assert life.look().found == {"contact": 2}
    life.erase()
    assert not world.mailbox.contacts


def test_a_part_of_the_address_is_another_person(world: World) -> None:
    for other in ("joann.lee@example.org", "ann.lee@example.org.uk", "ann_lee@example.org"):
        contact(world, other)
        send(world.mailbox, other)
    assert life_of(world).look().found == {}


def test_a_restriction_keeps_a_contact_out_of_broadcasts_until_the_lift(world: World) -> None:
    subscribed, gone = contact(world), contact(world, "Ann.Lee@example.org", unsubscribed=True)
    life = life_of(world, "Ann.Lee@example.org")
    life.look()
    life.restrict()
    assert (subscribed["unsubscribed"], gone["unsubscribed"]) == (True, True)
    life.lift()
    assert (subscribed["unsubscribed"], gone["unsubscribed"]) == (False, True)


def test_a_new_address_is_written_and_the_contact_keeps_its_past(world: World) -> None:
    held = contact(world, first_name="Ann", last_name="Lee", properties={"since": "2020"})
    life = life_of(world)
    life.look()
    life.correct({"email": "ann.ray@example.org", "full_name": "Ann Mary Ray"})
    assert (held["email"], held["first_name"], held["last_name"]) == (
        "ann.ray@example.org",
        "Ann",
        "Mary Ray",
    )
    assert held["properties"] == {"since": "2020"}
    assert {"corrected": {"email": 1, "full_name": 1}} in life.written


def corrected_by_hand(world: World) -> list[str]:
    life = life_of(world)
    life.look()
    life.patch = {"email": "ann.ray@example.org"}
    task = life._task("correct", "", {}, 0)
    return life.connector.correct(task).by_hand


def test_an_address_that_resend_does_not_take_is_for_staff(world: World) -> None:
    world.mailbox.broken |= {"address_can_be_changed"}
    contact(world)
    assert corrected_by_hand(world) == ["contact"]


def test_an_address_that_has_another_contact_is_for_staff(world: World) -> None:
    held = contact(world)
    contact(world, "ann.ray@example.org")
    assert corrected_by_hand(world) == ["contact"]
    assert held["email"] == ANN


def test_a_key_that_may_only_send_stops_for_a_person(world: World) -> None:
    connector = resend_connector(world.mailbox, "re_sending_only")
    with pytest.raises(PermanentError, match="no_permission"):
        connector.discover(Subject(uuid.uuid4(), ANN, {}))


def test_a_refusal_names_the_wait_that_resend_asks_for(world: World) -> None:
    world.mailbox.faults.add("rate_limited", headers={"retry-after": "7"})
    with pytest.raises(RetryError) as refused:
        life_of(world).connector.discover(Subject(uuid.uuid4(), ANN, {}))
    assert refused.value.after is not None
    assert refused.value.after.total_seconds() == 7


def test_a_contact_for_a_drill_is_made_only_when_allowed(world: World) -> None:
    subject = Subject(uuid.uuid4(), ANN, {})
    with pytest.raises(PermanentError, match="no_test_mode"):
        resend_connector(world.mailbox).plant(subject)
    assert not world.mailbox.contacts
    connector = resend_connector(world.mailbox, drill=True)
    connector.plant(subject)
    [made] = world.mailbox.contacts.values()
    assert made["unsubscribed"] is True
    life = Life(connector, subject)
    life.look()
    life.erase()
    assert life.verify() == []
