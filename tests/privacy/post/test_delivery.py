"""What became of a letter: told by signed events that come twice, late and in any order."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fluxrouter.foundation.alarms import open_alarms
from fluxrouter.foundation.models import TrailEvent
from fluxrouter.sandbox.mailbox import webhooks
from privacy.letters import Rendered
from privacy.models import PrivacyRequest, ProcessorEvent, SentLetter
from privacy.services.post import delivery, kept
from privacy.services.post.delivery import watch_letters
from tests.support import post, staff
from tests.support.steps import at_once
from tests.support.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.acceptance("RIGHT-P03")]
Work = Callable[[], int]
BACK = {"bounced": "bounced", "failed": "failed", "suppressed": "failed"}
FORGED = [
    {"svix-signature": "v1,Zm9yZ2Vk"},
    {"svix-signature": "v1"},
    {"svix-signature": "v1,?"},
    {"svix-signature": ""},
    {"svix-id": "msg_other"},
    {"svix-timestamp": "0"},
    {"svix-timestamp": "soon"},
]


@pytest.fixture(autouse=True)
def webhooks_on(settings: Any) -> None:
    post.turn_on(settings)


@pytest.fixture
def letter(world: World, run_work: Work) -> SentLetter:
    request = staff.made()
    run_work()
    return SentLetter.objects.get(step__request=request)


def tell(world: World, letter: SentLetter, kind: str, **options: Any) -> webhooks.Delivery:
    event = webhooks.about_letter(world.mailbox, letter.message_ids[0], kind)
    return webhooks.signed(event, webhooks.LETTERS_SECRET, **options)


def told(world: World, letter: SentLetter, *kinds: str) -> str:
    """The letter's state after these events."""
    for kind in kinds:
        assert post.deliver(post.LETTERS, tell(world, letter, kind)) == 200
    letter.refresh_from_db()
    return letter.state


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        *{"delivered": "delivered", "delivery_delayed": "delayed"}.items(),
        *BACK.items(),
        ("complained", "complained"),
        *dict.fromkeys(("sent", "opened", "clicked", "scheduled"), "accepted").items(),
    ],
)
def test_an_event_moves_its_letter(
    world: World, letter: SentLetter, kind: str, state: str
) -> None:
    assert told(world, letter, kind) == state
    assert told(world, letter, kind) == state


@pytest.mark.acceptance("RIGHT-P04")
@pytest.mark.parametrize(
    "kinds", list(itertools.permutations(["delivery_delayed", "delivered", "bounced"]))
)
def test_the_order_of_events_makes_no_difference(
    world: World, letter: SentLetter, kinds: tuple[str, ...]
) -> None:
    assert told(world, letter, *kinds) == "bounced"


@pytest.mark.acceptance("RIGHT-P04")
def test_an_event_that_comes_twice_counts_once(world: World, letter: SentLetter) -> None:
    delivery = tell(world, letter, "bounced")
    assert [post.deliver(post.LETTERS, delivery) for _ in range(2)] == [200, 200]
    assert ProcessorEvent.objects.count() == 1
    assert TrailEvent.objects.filter(code="letter.bounced").count() == 1


@pytest.mark.acceptance("RIGHT-P04")
def test_an_event_before_its_letter_is_written_down_counts(
    world: World, run_work: Work, letter: SentLetter
) -> None:
    step, message = letter.step, letter.message_ids[0]
    letter.delete()
    event = webhooks.about_letter(world.mailbox, message, "bounced")
    delivery = webhooks.signed(event, webhooks.LETTERS_SECRET)
    assert post.deliver(post.LETTERS, delivery) == 200
    post.try_again(step)
    assert run_work()
    assert SentLetter.objects.get(step=step).state == "bounced"


@pytest.mark.acceptance("RIGHT-P04")
@pytest.mark.parametrize("number", range(4))
def test_a_letter_and_its_event_at_the_same_moment_never_miss_each_other(number: int) -> None:
    step = staff.made().steps.get(connector="mail")
    head = delivery.Head(f"evt_{number}", "bounced", "re_1", None)

    def keep() -> None:
        kept.keep(step, Rendered("Please confirm", "Hello,"), "re_1", language="en")

    assert at_once(keep, lambda: delivery.take_in(head)) == []
    assert SentLetter.objects.get(step=step).state == "bounced"


def test_an_event_about_another_mail_changes_nothing(world: World, letter: SentLetter) -> None:
    event = webhooks.about_letter(world.mailbox, letter.message_ids[0], "bounced")
    event["data"]["email_id"] = "of-the-newsletter"
    assert post.deliver(post.LETTERS, webhooks.signed(event, webhooks.LETTERS_SECRET)) == 200
    letter.refresh_from_db()
    assert letter.state == "accepted"


def test_only_the_head_of_an_event_is_kept(world: World, letter: SentLetter) -> None:
    told(world, letter, "delivered")
    row = ProcessorEvent.objects.values().get()
    assert (row["processor"], row["kind"]) == ("resend", "delivered")
    assert row["object_id"] == letter.message_ids[0]
    assert staff.ANN not in str(row)


@pytest.mark.acceptance("RIGHT-P05")
@pytest.mark.parametrize("headers", FORGED)
def test_a_forged_event_is_refused(
    world: World, letter: SentLetter, headers: dict[str, str]
) -> None:
    body, good = tell(world, letter, "bounced")
    assert post.deliver(post.LETTERS, (body, {**good, **headers})) == 400
    assert not ProcessorEvent.objects.exists()


@pytest.mark.acceptance("RIGHT-P05")
def test_a_changed_an_old_and_a_strangers_event_are_refused(
    world: World, letter: SentLetter
) -> None:
    body, headers = tell(world, letter, "bounced")
    old = tell(world, letter, "bounced", at=datetime.now(UTC) - timedelta(minutes=6))
    event = webhooks.about_letter(world.mailbox, letter.message_ids[0], "bounced")
    others = webhooks.signed(event, webhooks.MAIL_SECRET)
    for refused in ((body + b" ", headers), old, others, (b"\xff", headers)):
        assert post.deliver(post.LETTERS, refused) == 400
    letter.refresh_from_db()
    assert letter.state == "accepted"


@pytest.mark.acceptance("RIGHT-P05")
@pytest.mark.parametrize("event", [[], "text", {}, {"type": "email.bounced"}, None, 7])
def test_a_signed_event_that_is_none_is_no_error_of_ours(event: Any) -> None:
    delivery = webhooks.signed(event, webhooks.LETTERS_SECRET)
    assert post.deliver(post.LETTERS, delivery) in (200, 400)


@pytest.mark.acceptance("RIGHT-P05")
def test_without_its_secret_there_is_no_such_page(settings: Any) -> None:
    settings.ANYMAIL = {**settings.ANYMAIL, "RESEND_SIGNING_SECRET": ""}
    assert post.deliver(post.LETTERS, (b"{}", {})) == 404


def test_an_event_that_is_too_long_is_not_read(world: World, letter: SentLetter) -> None:
    body, headers = tell(world, letter, "bounced")
    assert post.deliver(post.LETTERS, (body + b" " * 1024 * 1024, headers)) == 413


@pytest.mark.acceptance("RIGHT-P06")
@pytest.mark.parametrize("kind", sorted(BACK))
def test_a_letter_that_came_back_is_an_alarm(world: World, letter: SentLetter, kind: str) -> None:
    told(world, letter, "delivered")
    assert not open_alarms().filter(code="letter_bounced").exists()
    told(world, letter, kind)
    alarm = open_alarms().get(code="letter_bounced")
    assert alarm.about == letter.step.request.reference
    assert watch_letters() == {"letter_bounced": 1}


def test_several_addresses_show_the_one_that_needs_a_person(
    world: World, letter: SentLetter
) -> None:
    letter.message_ids = [*letter.message_ids, "second"]
    letter.save(update_fields=["message_ids"])
    event = webhooks.about_letter(world.mailbox, letter.message_ids[0], "bounced")
    event["data"]["email_id"] = "second"
    post.deliver(post.LETTERS, webhooks.signed(event, webhooks.LETTERS_SECRET))
    assert told(world, letter, "delivered") == "bounced"
    assert PrivacyRequest.objects.count() == 1
