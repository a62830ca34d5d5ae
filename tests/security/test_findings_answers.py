"""What a processor, or a thief of one secret, can make us do by what they send."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
import requests
import stripe
from django.test import Client
from django.utils import timezone

from fluxrouter.sandbox.stripe import WEBHOOK_SECRET
from fluxrouter.sandbox.stripe.webhooks import signed
from privacy.connectors import rest, turnstile
from privacy.connectors.errors import ConnectorError, RetryError
from privacy.connectors.model_providers import client as model_client
from privacy.connectors.stripe.client import translate
from privacy.mail_backend import KeyedEmailBackend
from privacy.models import ProcessorEvent
from privacy.services import mail
from tests.support.steps import add_step, bare_request

LONGEST = timedelta(hours=1)
URL = "/webhooks/stripe/"


def of_rest(asked: str) -> ConnectorError:
    return rest.translate(httpx.Response(429, headers={b"retry-after": asked.encode("latin-1")}))


def of_models(asked: str) -> ConnectorError:
    answer = httpx.Response(429, headers={b"retry-after": asked.encode("latin-1")})
    return model_client.translate(answer, {})


def of_stripe(asked: str) -> ConnectorError:
    return translate(stripe.RateLimitError("", http_status=429, headers={"retry-after": asked}))


@pytest.mark.parametrize("asked", ["999999999", "9" * 30, "²", "1e9", "nan", "-5", "Tue"])
@pytest.mark.parametrize("ask", [of_rest, of_models, of_stripe])
def test_no_processor_makes_a_request_wait_for_years(
    ask: Callable[[str], ConnectorError], asked: str
) -> None:
    error = ask(asked)
    assert isinstance(error, RetryError)
    assert error.after is not None
    assert timedelta(0) <= error.after <= LONGEST


def test_a_used_up_limit_that_asks_for_nonsense_is_a_short_pause() -> None:
    headers = {b"ratelimit-remaining": b"0", b"ratelimit-reset": "²".encode("latin-1")}
    assert rest.asked_pause(httpx.Response(200, headers=headers)) == 1.0


def send(**changes: Any) -> int:
    """An event that whoever has the webhook's secret can sign."""
    event = {
        "id": "evt_1",
        "object": "event",
        "type": "customer.deleted",
        "data": {"object": {"id": "cus_1", "object": "customer"}},
        **changes,
    }
    body, signature = signed(event, WEBHOOK_SECRET, int(timezone.now().timestamp()))
    answer = Client(raise_request_exception=False).post(
        URL, body, content_type="application/json", headers={"Stripe-Signature": signature}
    )
    return answer.status_code


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"id": "evt_" + "x" * 300},
        {"id": "evt_\x00"},
        {"id": "ann@example.org"},
        {"type": "x" * 101},
        {"type": "ann@example.org"},
        {"data": {"object": [1]}},
    ],
)
def test_an_event_whose_head_is_no_head_is_refused_and_keeps_nothing(
    settings: Any, changes: dict[str, Any]
) -> None:
    settings.STRIPE_WEBHOOK_SECRET = WEBHOOK_SECRET
    assert send(**changes) == 400
    assert not ProcessorEvent.objects.exists()
    assert send() == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "named",
    ["cus_" + "x" * 300, "cus_\x00", "ann@example.org", {"email": "ann@example.org"}, None],
)
def test_what_an_event_is_about_is_an_id_or_is_not_kept(settings: Any, named: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRET = WEBHOOK_SECRET
    assert send(data={"object": {"id": named, "customer": named}}) == 200
    assert ProcessorEvent.objects.get().object_id == ""


@pytest.mark.django_db
def test_a_thief_of_the_webhooks_secret_uses_up_no_steps_attempts(settings: Any) -> None:
    """A step that fails waits longer each time; hurried on, it would soon be given up."""
    settings.STRIPE_WEBHOOK_SECRET = WEBHOOK_SECRET
    later = timezone.now() + timedelta(minutes=30)
    step = add_step(
        bare_request(), connector="stripe", object="cus_1", attempts=3, not_before=later
    )
    assert send() == 200
    step.refresh_from_db()
    assert step.not_before == later


class Redirecting(requests.adapters.BaseAdapter):
    """A mail service that sends us, letter and all, to somebody else."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status
        self.asked: list[str] = []

    def send(self, request: Any, *args: Any, **options: Any) -> requests.Response:
        self.asked.append(str(request.url))
        answer = requests.Response()
        answer.status_code = self.status
        answer.headers["location"] = "http://169.254.169.254/steal"
        answer.request, answer.url, answer.raw = request, request.url, io.BytesIO(b"")
        return answer

    def close(self) -> None:
        pass


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_letter_goes_to_the_mail_service_and_nowhere_else(
    settings: Any, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    settings.EMAIL_BACKEND = "privacy.mail_backend.KeyedEmailBackend"
    adapter = Redirecting(status)
    made = KeyedEmailBackend.create_session

    def create_session(backend: Any) -> requests.Session:
        session: requests.Session = made(backend)
        for scheme in ("http://", "https://"):
            session.mount(scheme, adapter)
        return session

    monkeypatch.setattr(KeyedEmailBackend, "create_session", create_session)
    with pytest.raises(ConnectorError):
        mail.deliver("Subject", "A secret link.", "ann@example.org", key="k")
    assert len(adapter.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        b'{"success": false, "error-codes": 7}',
        b'{"success": false, "error-codes": {"a": 1}}',
        b'{"success": false, "error-codes": [["internal-error"]]}',
        b"[" * 200_000,
        b"\xff\xfe",
        b"null",
    ],
)
def test_no_answer_of_turnstile_breaks_the_page(
    monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=answer)

    monkeypatch.setattr(turnstile, "transport", httpx.MockTransport(handle))
    assert turnstile.verify("token", uuid4()) in turnstile.Verdict
