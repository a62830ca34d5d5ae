"""Turnstile on the form's last page: off it leaves no trace, on it refuses nobody."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from fluxrouter.environment import read_environment
from fluxrouter.foundation.alarms import open_alarms
from fluxrouter.sandbox.transport import LossyTransport
from fluxrouter.sandbox.turnstile import SECRET, Turnstile, create_app
from fluxrouter.sandbox.turnstile.rules import DUMMY_TOKEN, FAILS, PASSES, SPENT
from privacy.connectors import turnstile
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.services import verification
from tests.support.staff import ANN, Work
from tests.support.visitor import Visitor
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
CLOUDFLARE = "https://challenges.cloudflare.com"
VERIFY = "http://sandbox.invalid/turnstile/v0/siteverify"
AGAIN = "The check that a person is sending this did not work"


@pytest.fixture
def app(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Turnstile:
    """Turned on, with the sandbox behind it."""
    settings.TURNSTILE_SITE_KEY = "0x4AAAAAAA-site"
    settings.TURNSTILE_SECRET_KEY = SECRET
    settings.TURNSTILE_VERIFY_URL = VERIFY
    made = create_app()
    monkeypatch.setattr(turnstile, "transport", LossyTransport(made))
    return made


def send(seen: Visitor, token: str = "", **more: str) -> Visitor:
    return seen.post(f"{seen.draft}check/", **{"cf-turnstile-response": token}, **more)


@pytest.mark.acceptance("PROC-58")
def test_off_it_leaves_no_trace(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TURNSTILE_SITE_KEY = settings.TURNSTILE_SECRET_KEY = ""
    watcher = create_app()
    monkeypatch.setattr(turnstile, "transport", LossyTransport(watcher))
    seen = Visitor().fill(ANN)
    assert "cloudflare" not in seen.page.lower()
    assert CLOUDFLARE not in seen.headers["content-security-policy"]
    assert send(seen, "a token").h1 == "Your request is sent"
    assert watcher.calls.total() == 0
    assert FulfilmentStep.objects.get(action="verify").cursor == {}


def test_the_widget_is_on_the_last_page_and_on_no_other(app: Turnstile) -> None:
    pages = []
    seen = Visitor().fill(ANN)
    last, policy = seen.page, seen.headers["content-security-policy"]
    assert f'<script src="{CLOUDFLARE}/turnstile/v0/api.js"' in last
    assert 'data-sitekey="0x4AAAAAAA-site"' in last
    assert ANN not in last[last.index("cf-turnstile") :].partition(">")[0]
    assert f"script-src 'self' {CLOUDFLARE}" in policy
    assert f"frame-src {CLOUDFLARE}" in policy
    for path in (f"{seen.draft}email/", f"{seen.draft}role/", "/privacy/", "/"):
        seen.get(path)
        pages.append((path, seen.status, seen.page + seen.headers["content-security-policy"]))
    assert [path for path, status, _ in pages if status != 200] == []
    assert [path for path, _, text in pages if CLOUDFLARE in text] == []


def test_who_passes_is_sent_at_once(app: Turnstile) -> None:
    seen = send(Visitor().fill(ANN), app.issue())
    assert seen.h1 == "Your request is sent"
    step = FulfilmentStep.objects.get(action="verify")
    assert step.not_before <= timezone.now()
    assert step.cursor == {}


def test_cloudflare_learns_the_token_and_nothing_of_the_person(app: Turnstile) -> None:
    send(Visitor().fill(ANN), app.issue())
    [asked] = app.asked
    assert asked.keys() == {"response", "idempotency_key"}
    request = PrivacyRequest.objects.get()
    assert str(request.pk) not in str(asked)


@pytest.mark.parametrize("token", ["", "not a token", "a" * 3000, DUMMY_TOKEN])
@pytest.mark.acceptance("PROC-58")
def test_who_fails_loses_nothing_and_may_try_again(app: Turnstile, token: str) -> None:
    seen = send(Visitor().fill(ANN), token)
    assert AGAIN in seen.text
    assert ANN in seen.text
    assert seen.title.startswith("Error: ")
    assert not PrivacyRequest.objects.exists()
    assert send(seen, app.issue()).h1 == "Your request is sent"


def test_a_token_of_another_sending_is_no_good(app: Turnstile) -> None:
    token = app.issue()
    send(Visitor().fill(ANN), token)
    assert AGAIN in send(Visitor().fill("bea@example.org"), token).text
    assert PrivacyRequest.objects.count() == 1


def test_a_second_click_is_the_same_sending(app: Turnstile) -> None:
    seen, token = Visitor().fill(ANN), app.issue()
    app.faults.add("reply_lost")
    assert send(seen, token).h1 == "Your request is sent"
    assert {call.status for call in app.log} == {200}
    assert len({asked["idempotency_key"] for asked in app.asked}) == 1
    assert FulfilmentStep.objects.get(action="verify").cursor == {}


@pytest.mark.parametrize("secret", [PASSES, FAILS, SPENT])
def test_the_published_test_keys_do_what_they_say(
    app: Turnstile, settings: Any, secret: str
) -> None:
    settings.TURNSTILE_SECRET_KEY = secret
    seen = send(Visitor().fill(ANN), DUMMY_TOKEN)
    assert (seen.h1 == "Your request is sent") is (secret == PASSES)


@pytest.mark.parametrize(("kind", "times"), [("unavailable", 2), ("reply_lost", 2)])
@pytest.mark.acceptance("PROC-58")
def test_while_cloudflare_is_away_requests_are_taken_in_with_an_alarm(
    app: Turnstile, kind: str, times: int
) -> None:
    app.faults.add(kind, times=times)
    assert send(Visitor().fill(ANN), app.issue()).h1 == "Your request is sent"
    assert [alarm.code for alarm in open_alarms()] == ["turnstile_away"]
    send(Visitor().fill("bea@example.org"), app.issue())
    assert not open_alarms().exists()


@pytest.mark.acceptance("PROC-58")
def test_a_key_that_cloudflare_refuses_is_our_fault_and_nobody_elses(
    app: Turnstile, settings: Any
) -> None:
    settings.TURNSTILE_SECRET_KEY = "rotated"
    assert send(Visitor().fill(ANN), app.issue()).h1 == "Your request is sent"
    assert open_alarms().filter(code="turnstile_away").exists()


def test_without_the_check_a_request_counts_from_now_and_its_letter_waits(
    app: Turnstile, world: World, run_work: Work
) -> None:
    for email in (ANN, "bea@example.org", "cleo@example.org"):
        seen = send(Visitor().fill(email), without_check="1")
        assert seen.h1 == "Your request is sent"
    assert "Our e-mail leaves at about" in seen.text
    assert "because no check for robots was made" in seen.text
    first, *later = PrivacyRequest.objects.order_by("received_at")
    assert {each.due_on for each in later} == {first.due_on}
    run_work()
    assert len(world.mailbox.messages) == 1
    waits = FulfilmentStep.objects.filter(action="verify", state="ready").order_by("not_before")
    gaps = [step.not_before - timezone.now() for step in waits]
    assert timedelta(seconds=40) < gaps[0] <= timedelta(minutes=1)
    assert waits[1].not_before - waits[0].not_before >= timedelta(seconds=59)
    assert app.calls.total() == 0


def test_a_robot_gains_nothing_by_changing_the_address(app: Turnstile) -> None:
    for email in (ANN, "bea@example.org"):
        send(Visitor().fill(email), without_check="1")
    request = PrivacyRequest.objects.order_by("received_at")[0]
    verification.change_email(request, "stranger@example.org")
    letter = request.steps.get(action="verify", state="ready")
    assert letter.cursor == {"slow": True}
    assert letter.not_before > timezone.now() + timedelta(seconds=50)


def test_a_proved_address_ends_the_slowness(app: Turnstile) -> None:
    send(Visitor().fill(ANN), without_check="1")
    request = PrivacyRequest.objects.get()
    PrivacyRequest.objects.filter(pk=request.pk).update(verified_at=timezone.now())
    request.refresh_from_db()
    verification.send_again(request, "status_link")
    letter = request.steps.get(action="status_link")
    assert letter.cursor == {}
    assert letter.not_before <= timezone.now()


@pytest.mark.parametrize("name", ["TURNSTILE_SITE_KEY", "TURNSTILE_SECRET_KEY"])
def test_one_key_without_the_other_stops_the_start(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "hunter2")
    with pytest.raises(ImproperlyConfigured, match=r"TURNSTILE_SECRET_KEY: .*together") as told:
        read_environment()
    assert "hunter2" not in str(told.value)
    monkeypatch.setenv("TURNSTILE_SITE_KEY", "site")
    monkeypatch.setenv("TURNSTILE_SECRET_KEY", "secret")
    assert read_environment().turnstile_site_key == "site"
