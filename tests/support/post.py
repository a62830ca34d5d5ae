"""Signed webhooks of the sandboxed mail service, delivered to the real addresses."""

from typing import Any

from django.test import Client
from django.utils import timezone

from fluxrouter.sandbox.mailbox import webhooks
from fluxrouter.sandbox.mailbox.webhooks import Delivery
from privacy.letters import Rendered
from privacy.models import FulfilmentStep, SentLetter
from privacy.services.post import delivery, kept
from tests.support import staff

LETTERS, MAIL = "/webhooks/resend/letters/", "/webhooks/resend/mail/"


def turn_on(settings: Any) -> None:
    """As if both webhooks were set up."""
    settings.ANYMAIL = {
        **settings.ANYMAIL,
        "RESEND_SIGNING_SECRET": webhooks.LETTERS_SECRET,
        "RESEND_INBOUND_SECRET": webhooks.MAIL_SECRET,
    }


def deliver(url: str, delivery: Delivery) -> int:
    body, headers = delivery
    client = Client(enforce_csrf_checks=True)
    answer = client.post(url, body, content_type="application/json", headers=headers)
    return answer.status_code


def try_again(step: FulfilmentStep) -> None:
    """As if its worker had died after it sent the letter."""
    rows = FulfilmentStep.objects.filter(pk=step.pk)
    rows.update(state=FulfilmentStep.State.READY, not_before=timezone.now(), attempts=0)


def came_back() -> SentLetter:
    """A letter that was sent and came back, without any mail service."""
    step = staff.looked_up("erasure").steps.get(connector="mail")
    kept.keep(step, Rendered("Please confirm", "Hello,"), "re_1", language="en")
    FulfilmentStep.objects.filter(pk=step.pk).update(state=FulfilmentStep.State.DONE)
    delivery.take_in(delivery.Head("evt_1", "bounced", "re_1", None))
    return SentLetter.objects.select_related("step__request").get(step=step)
