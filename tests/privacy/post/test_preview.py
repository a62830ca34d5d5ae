"""Staff see a letter exactly as it will be sent, before they decide."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from fluxrouter.foundation.models import TrailEvent
from privacy.admin.actions import ACTIONS
from privacy.admin.letter_preview import WRITES
from privacy.models import FulfilmentStep, MailToken, PrivacyRequest, RequestNote, SentLetter
from privacy.services.post.kept import open_letter
from privacy.services.post.preview import letters_of
from privacy.services.review import ReviewError
from tests.support import staff
from tests.support.appeals import appealed, denied
from tests.support.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.acceptance("RIGHT-P09")]
Work = Callable[[], int]


@pytest.fixture
def april() -> User:
    return staff.member("Approver", "april")


@pytest.fixture
def client(april: User) -> Client:
    return staff.signed_in(april)


def seen_text(html: str) -> str:
    """The text of the letter on the page."""
    found = re.search(r"<pre[^>]*>(.*?)</pre>", html, re.DOTALL)
    assert found
    return unescape(found[1])


def state() -> dict[str, Any]:
    return {
        model.__name__: sorted(map(str, model.objects.values_list()))
        for model in (PrivacyRequest, FulfilmentStep, RequestNote, MailToken, TrailEvent)
    }


def answers(request: PrivacyRequest, name: str) -> dict[str, Any]:
    """What a person might enter there."""
    fields = ACTIONS[name].form(None, None, privacy_request=request).fields
    chosen = {
        key: field.choices[0][0] for key, field in fields.items() if hasattr(field, "choices")
    }
    words = {key: f"Because of the {key}." for key in fields if key not in chosen}
    until = fields["until"].initial if "until" in fields else None
    return {**words, **chosen, "until": until or ""}


@pytest.mark.parametrize(
    ("name", "letter"),
    [("ask", "question"), ("deny", "denied"), ("extend", "extension"), ("withdraw", "withdrawn")],
)
def test_what_staff_see_is_what_is_sent(
    world: World, run_work: Work, client: Client, april: User, name: str, letter: str
) -> None:
    request = staff.looked_up("access")
    run_work()
    url, sent = staff.do_url(request, name), answers(request, name)
    before, mails = state(), len(world.letters(staff.ANN))
    shown = client.post(url, {**sent, "see": "1"})
    assert shown.status_code == 200
    assert "Nothing is decided and nothing is sent yet." in shown.text
    assert state() == before
    run_work()
    assert len(world.letters(staff.ANN)) == mails
    assert client.post(url, sent).status_code == 302
    run_work()
    kept = SentLetter.objects.get(step__request=request, step__action=letter)
    assert seen_text(shown.text) == open_letter(kept, actor=april)


def test_the_form_keeps_its_answers_while_the_letter_is_shown(client: Client) -> None:
    request = staff.looked_up("access")
    sent = {"reason": "They told us by phone.", "see": "1"}
    text = client.post(staff.do_url(request, "withdraw"), sent).text
    assert "They told us by phone.</textarea>" in text
    assert "See the letter first" in text


def test_a_form_with_a_mistake_shows_no_letter(client: Client) -> None:
    request = staff.looked_up("access")
    text = client.post(staff.do_url(request, "withdraw"), {"reason": "", "see": "1"}).text
    assert "What would be sent" not in text
    assert "This field is required." in text


def test_who_may_not_decide_sees_no_letter() -> None:
    request = staff.looked_up("access")
    viewer = staff.signed_in(staff.member("Viewer"))
    sent = {"reason": "Why?", "see": "1"}
    assert viewer.post(staff.do_url(request, "withdraw"), sent).status_code == 403


def test_what_can_not_be_decided_now_shows_no_letter(client: Client) -> None:
    request = staff.looked_up("access")
    url, sent = staff.do_url(request, "withdraw"), {"reason": "Why?"}
    client.post(url, sent)
    assert client.post(url, {**sent, "see": "1"}).status_code == 409


def test_an_erasures_first_letter_is_shown_and_the_later_ones_are_named(
    client: Client, april: User
) -> None:
    request = staff.proposed_by(staff.member("Handler"), "erasure")
    text = client.post(staff.do_url(request, "approve"), {"reason": "Yes.", "see": "1"}).text
    assert "Your data is erased" in text
    assert "Comes later, and says how things stand then." in text
    assert not MailToken.objects.filter(kind="stop").exists()


def test_a_request_that_was_only_tried_leaves_no_key(
    settings: Any, client: Client, april: User
) -> None:
    request = denied(by=staff.member("Handler"))
    appealed(request)
    sent = {
        "verdict": "upheld",
        "reason": "The invoice was somebody else’s.",
        "rights": request.rights,
        "see": "1",
    }
    keys = sorted(settings.KEYSTORE_DIR.iterdir())
    shown = client.post(staff.do_url(request, "decide_appeal"), sent)
    assert "What would be sent" in shown.text
    assert not PrivacyRequest.objects.filter(split_from=request).exists()
    assert sorted(settings.KEYSTORE_DIR.iterdir()) == keys


def test_an_error_of_the_decision_is_the_previews_too(april: User) -> None:
    request = staff.looked_up("access")

    def refuse() -> None:
        request.record("request.look_again")
        raise ReviewError("Not now.")

    with pytest.raises(ReviewError, match="Not now"):
        letters_of(request, refuse)
    assert not TrailEvent.objects.filter(code="request.look_again").exists()


def test_each_action_that_writes_is_one_of_the_table() -> None:
    assert set(ACTIONS) >= WRITES
