"""Staff see what became of letters, read one, and deal with one that came back."""

from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from fluxrouter.foundation.alarms import open_alarms
from fluxrouter.foundation.models import TrailEvent
from privacy.admin.letter_actions import SETTLED
from privacy.models import MailToken, RequestNote, SentLetter
from privacy.services import tokens
from privacy.services.post import again, delivery
from privacy.services.review import ReviewError
from tests.support import staff
from tests.support.steps import at_once
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], int]


@pytest.fixture
def hanna() -> User:
    return staff.member("Handler", "hanna")


@pytest.fixture
def client(hanna: User) -> Client:
    return staff.signed_in(hanna)


@pytest.fixture
def letter(world: World, run_work: Work) -> SentLetter:
    request = staff.made()
    run_work()
    return SentLetter.objects.get(step__request=request)


@pytest.fixture
def back(letter: SentLetter) -> SentLetter:
    """A letter that came back."""
    delivery.take_in(delivery.Head("evt_1", "bounced", letter.message_ids[0], None))
    letter.refresh_from_db()
    assert letter.state == "bounced"
    return letter


def url(letter: SentLetter, name: str) -> str:
    return staff.do_url(letter.step.request, name, letter.step)


def page(client: Client, letter: SentLetter) -> str:
    return str(client.get(staff.page_url(letter.step.request)).text)


@pytest.mark.acceptance("RIGHT-P07")
def test_the_page_lists_letters_without_their_text(client: Client, letter: SentLetter) -> None:
    text = page(client, letter)
    listed = text[text.index('<h2 id="letters">') :]
    assert "Please confirm your privacy request" in listed
    assert "The person" in listed
    assert "Handed over" in listed
    assert f'href="{url(letter, "open_letter")}"' in listed
    assert "To confirm the request" not in text
    assert staff.ANN not in text


@pytest.mark.acceptance("RIGHT-P07")
def test_a_letter_is_read_with_a_reason_and_the_trail_says_so(
    client: Client, letter: SentLetter, hanna: User
) -> None:
    assert "Reason" in client.get(url(letter, "open_letter")).text
    assert client.post(url(letter, "open_letter"), {"reason": ""}).status_code == 200
    assert not TrailEvent.objects.filter(code="letter.opened").exists()
    text = client.post(url(letter, "open_letter"), {"reason": "They say it is wrong."}).text
    assert "To confirm the request" in text
    assert "/privacy/verify/…/" in text
    event = TrailEvent.objects.get(code="letter.opened")
    assert event.actor == str(hanna.pk)
    assert RequestNote.objects.get(about="letter_opened").read("text") == "They say it is wrong."


@pytest.mark.acceptance("RIGHT-P07")
@pytest.mark.parametrize(("role", "status"), [("Viewer", 403), ("Auditor", 403), ("Handler", 200)])
def test_only_who_may_reveal_reads_a_letter(letter: SentLetter, role: str, status: int) -> None:
    client = staff.signed_in(staff.member(role, f"a-{role}"))
    answer = client.post(url(letter, "open_letter"), {"reason": "To look."})
    assert answer.status_code == status
    assert ("To confirm" in answer.text) == (status == 200)


@pytest.mark.acceptance("RIGHT-P06")
def test_a_letter_that_came_back_is_seen_in_the_queue_and_on_its_page(
    client: Client, back: SentLetter
) -> None:
    assert "<strong>Came back</strong>" in page(client, back)
    listed = client.get("/admin/privacy/privacyrequest/?status=all&waiting=letter").text
    assert "Staff: a letter came back; the person who asked" in listed
    banner = client.get("/admin/").text
    assert "A letter came back" in banner
    assert "?status=all&amp;waiting=letter" in banner


@pytest.mark.acceptance("RIGHT-P08")
def test_a_letter_that_came_back_is_sent_again(
    client: Client, world: World, run_work: Work, back: SentLetter
) -> None:
    old = back.message_ids
    assert client.post(url(back, "send_again")).status_code == 302
    assert not open_alarms().filter(code="letter_bounced").exists()
    run_work()
    first, second = reversed(world.letters(staff.ANN))
    assert (first.subject, first.text) == (second.subject, second.text)
    back.refresh_from_db()
    assert back.state == "accepted"
    assert back.message_ids == [second.id] != old
    # What is said late of the first one doesn't concern the second.
    delivery.take_in(delivery.Head("evt_2", "bounced", first.id, None))
    back.refresh_from_db()
    assert back.state == "accepted"
    delivery.take_in(delivery.Head("evt_3", "delivered", second.id, None))
    back.refresh_from_db()
    assert back.state == "delivered"


@pytest.mark.acceptance("RIGHT-P08")
def test_the_links_of_a_letter_that_is_sent_again_work_for_their_whole_time(
    world: World, run_work: Work, back: SentLetter, hanna: User
) -> None:
    later = timezone.now() + tokens.LIVES["verify"].lasts * 0.9
    with time_machine.travel(later, tick=False):
        again.send_again(back.step, actor=hanna)
        token = MailToken.objects.get(request=back.step.request, kind="verify")
        assert token.expires_at == later + tokens.LIVES["verify"].lasts


@pytest.mark.acceptance("RIGHT-P08")
def test_two_who_send_it_again_at_once_send_it_once(
    world: World, run_work: Work, back: SentLetter, hanna: User
) -> None:
    def send() -> None:
        again.send_again(SentLetter.objects.get(pk=back.pk).step, actor=hanna)

    errors = at_once(send, send)
    assert [type(error) for error in errors] == [ReviewError]
    run_work()
    assert len(world.letters(staff.ANN)) == 2


@pytest.mark.acceptance("RIGHT-P08")
@pytest.mark.parametrize("how", sorted(code for code, _ in SETTLED))
def test_a_letter_that_came_back_is_settled_by_hand(
    client: Client, back: SentLetter, hanna: User, how: str
) -> None:
    assert client.post(url(back, "settle_letter"), {"how": how}).status_code == 302
    assert not open_alarms().filter(code="letter_bounced").exists()
    back.refresh_from_db()
    assert back.settled_by == hanna
    text = page(client, back)
    assert "settled by hanna" in text
    assert "Letter that came back settled" in text
    assert client.post(url(back, "settle_letter"), {"how": how}).status_code == 409
    assert client.post(url(back, "send_again")).status_code == 409


@pytest.mark.parametrize("name", ["send_again", "settle_letter"])
def test_a_letter_that_did_not_come_back_needs_nothing(
    client: Client, letter: SentLetter, name: str
) -> None:
    assert client.post(url(letter, name), {"how": "other_way"}).status_code == 409
    assert f'href="{url(letter, name)}"' not in page(client, letter)


def test_without_the_requests_key_no_letter_is_read_or_sent_again(
    client: Client, back: SentLetter
) -> None:
    request = back.step.request
    type(request).objects.filter(pk=request.pk).update(key_destroyed_at=timezone.now())
    SentLetter.objects.update(text=None)
    assert client.post(url(back, "open_letter"), {"reason": "Why?"}).status_code == 409
    assert client.post(url(back, "send_again")).status_code == 409


def test_a_step_without_a_letter_has_none_of_its_actions(client: Client) -> None:
    step = staff.looked_up().steps.filter(action="discover").first()
    assert step
    for name, sent in {"open_letter": {"reason": "Why?"}, "send_again": {}}.items():
        assert client.post(staff.do_url(step.request, name, step), sent).status_code == 409
