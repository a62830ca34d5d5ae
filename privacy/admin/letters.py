"""The letters of a request, for its page: what went out, when, to whom, and what became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.models import User
from privacy.admin.inbound_links import mails_of
from privacy.admin.letter_actions import LETTER_ACTIONS
from privacy.admin.refusals import Target
from privacy.letters import LETTERS, Addressee
from privacy.letters.versions import NAMES
from privacy.models import FulfilmentStep, PrivacyRequest, SentLetter
from privacy.services.post.kept import LetterGoneError, open_letter
from privacy.services.review import ReviewError

State = SentLetter.State
# A shape for each state, so that colour isn't needed to tell them apart.
SHAPES = {
    State.ACCEPTED: "◔",
    State.DELAYED: "◑",
    State.DELIVERED: "✓",
    State.COMPLAINED: "◆",
    State.FAILED: "▲",
    State.BOUNCED: "▲",
}
TO = {
    Addressee.PERSON: "The person",
    Addressee.ON_FILE: "The address on file",
    Addressee.PROCESSOR: "A processor",
    Addressee.CUSTOMER: "The customer",
    Addressee.REPRESENTATIVE: "Who acts for the person",
}


@dataclass(frozen=True, slots=True)
class LetterCard:
    """A letter that was sent, in words. Its text is not here."""

    step: FulfilmentStep
    subject: str
    at: datetime
    to: str
    language: str
    shape: str
    state: str
    state_at: datetime
    is_back: bool
    settled_by: str


def post_page(
    request: PrivacyRequest, user: User, buttons: Callable[..., list[Any]]
) -> dict[str, Any]:
    """What the request's page says of letters and mail; `buttons` makes those of a step."""
    cards = letter_cards(request)
    return {
        "letters": [
            (card, buttons(Target(request, card.step), user, *LETTER_ACTIONS)) for card in cards
        ],
        "mails": mails_of(request, user),
    }


def letter_cards(request: PrivacyRequest) -> list[LetterCard]:
    rows = SentLetter.objects.filter(step__request=request)
    found = rows.select_related("step__request", "settled_by")
    return [card(row) for row in found]


def card(sent: SentLetter) -> LetterCard:
    state = State(sent.state)
    to = LETTERS[sent.step.action].to if sent.step.action in LETTERS else Addressee.PERSON
    return LetterCard(
        sent.step,
        sent.subject,
        sent.sent_at,
        TO[to],
        NAMES.get(sent.language, sent.language),
        SHAPES[state],
        str(state.label),
        sent.state_at,
        sent.needs_staff,
        sent.settled_by.get_username() if sent.settled_by else "",
    )


def opened_page(request: HttpRequest, site: AdminSite, target: Target, user: User) -> HttpResponse:
    """The letter as it was sent, for this one answer; nothing stores it. Raises ReviewError."""
    sent = SentLetter.objects.select_related("step__request").get(step=target.step)
    try:
        text = open_letter(sent, actor=user)
    except LetterGoneError:
        raise ReviewError("This letter’s key was destroyed.") from None
    context = {
        **site.each_context(request),
        "title": sent.subject,
        "opts": PrivacyRequest._meta,
        "privacy_request": target.request,
        "back": reverse("admin:privacy_privacyrequest_change", args=[target.request.pk]),
        "card": card(sent),
        "language": sent.language,
        "text": text,
    }
    return TemplateResponse(request, "admin/privacy/privacyrequest/letter_opened.html", context)
