"""How far a request has come, in the words of the person who made it."""

from datetime import datetime
from typing import NamedTuple

from fluxrouter.foundation.crypto import SealError
from fluxrouter.foundation.keystore import KeyGoneError
from fluxrouter.foundation.models import TrailChain, TrailEvent
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.processors import processor_of
from privacy.rights import Right, without_proof
from privacy.selectors.refusals import granted_rights
from privacy.states import AT_ONCE_TELLINGS, TELLINGS, TRACKER, Status, Telling

# Events that the person is told about. What staff do among themselves isn't here.
TOLD: dict[str, str] = {
    "request.received": "We received your request.",
    "request.address_changed": "You changed the e-mail address.",
    "mail.verify_again": "You asked for the confirmation link again.",
    "request.in_review": "You confirmed your address. We began to look up what we hold.",
    "forwarding.forwarded": "We passed your request on to the company whose service you use.",
    "forwarding.not_found": "We told you whom to ask about the service that you use.",
    "authority.accepted": "We accepted the proof that somebody may act for you.",
    "proof.destroyed": "We destroyed the proof of who you are, or of who acts for you.",
    "request.look_again": "We looked again in every system.",
    "request.approved": "We approved your request.",
    "request.fulfilling": "The work began.",
    "step.done package:assemble": "Your package was ready.",
    "mail.download_code_again": "You asked for a download code.",
    "package.unlocked": "You entered the download code.",
    "package.removed": "You had the package deleted.",
    "request.completed": "We finished what you asked for.",
    "request.partly": "We finished a part of what you asked for.",
    "request.restricted_meanwhile": "We stopped the uses that your request puts into question.",
    "request.lifting_announced": "We wrote to you that we will use your data again.",
    "request.lifting_called_off": "We decided not to use your data again yet.",
    "step.done mail:extension": "We wrote to you that we need longer, and why.",
    "step.done mail:appeal_extension": "We wrote to you that we need longer for your appeal, and "
    "why.",
    "step.done mail:question": "We asked you for something that we need.",
    "question.answered": "We received your answer.",
    "request.deemed_refused": "Our time to answer was over. You may take that as a refusal.",
    "step.done database:lift_restriction": "The limits on the use of your data ended.",
    "hold.placed_by_request": "The law has us keep your data while you may want our answer looked "
    "at.",
    "hold.told": "We wrote to you that your data has to stay for now, and why.",
    "hold.ended_by_request": "That time is over. Nothing keeps your data for it any more.",
    "appeal.received": "We received your appeal or complaint.",
    "appeal.withdrawn": "You took it back.",
    "appeal.decided": "We decided on it, and wrote to you.",
    "signal.honoured": "Your browser asked us not to sell or share your data. We noted it for "
    "your account.",
    "signal.lifted": "You allowed sale and sharing again for your account.",
    "request.refused": "We decided what we can’t do, and wrote to you why.",
    "request.denied": "We closed your request without doing what you asked for.",
    "request.withdrawn": "Your request was withdrawn.",
    "request.key_destroyed": "We destroyed the key to your contact details.",
}

# What reads otherwise where nobody had to prove who they are.
AT_ONCE: dict[str, str] = {
    "request.in_review": "",
    "request.opted_out": "It took effect. You did not have to prove who you are.",
    "request.approved": "",
    "request.fulfilling": "We began to tell every system where the use must stop too.",
    "request.completed": "Every system that serves this use has stopped it.",
}


class Moment(NamedTuple):
    """A line of the timeline."""

    at: datetime
    text: str


class Stage(NamedTuple):
    """A step of the tracker. `state` is done, now, ahead or skipped."""

    name: str
    state: str
    at: datetime | None


class Declined(NamedTuple):
    """A right that was asked for in vain, and the reason, "" when its key is destroyed."""

    right: str
    reason: str


class Fingerprint(NamedTuple):
    """The end of the request's chain of events: whoever changes an event changes it."""

    digest: str
    events: int


def telling(request: PrivacyRequest) -> Telling:
    """What the person is told about where it stands."""
    status = Status(request.status)
    at_once = without_proof(request.rights)
    return AT_ONCE_TELLINGS.get(status, TELLINGS[status]) if at_once else TELLINGS[status]


def timeline(request: PrivacyRequest) -> list[Moment]:
    """What happened, oldest first, in the person's words."""
    events = TrailEvent.objects.filter(chain_id=request.pk).order_by("seq")
    words = TOLD | AT_ONCE if without_proof(request.rights) else TOLD
    told = [(event.at, words.get(event_key(event))) for event in events]
    return [Moment(at, text) for at, text in told if text]


def event_key(event: TrailEvent) -> str:
    return f"{event.code} {event.data['step']}" if event.code == "step.done" else event.code


def tracker(request: PrivacyRequest) -> list[Stage]:
    """Each step of TRACKER with its state and, where it was reached, its date."""
    now = TRACKER.index(TELLINGS[Status(request.status)].stage)
    reached = {
        "Received": request.received_at,
        "Checking": request.verified_at,
        "Approved": request.approved_at,
        "In progress": began_at(request),
        "Closed": request.closed_at,
    }
    return [
        Stage(name, stage_state(place, now, reached[name], request), reached[name])
        for place, name in enumerate(TRACKER)
    ]


def stage_state(place: int, now: int, at: datetime | None, request: PrivacyRequest) -> str:
    if place == now:
        return "now" if request.is_open else "done"
    if place > now:
        return "ahead"
    return "done" if at else "skipped"


def began_at(request: PrivacyRequest) -> datetime | None:
    events = TrailEvent.objects.filter(chain_id=request.pk, code="request.fulfilling")
    return events.values_list("at", flat=True).first()


def declined(request: PrivacyRequest) -> list[Declined]:
    """Which rights and tasks that are carried out by hand staff declined, and why."""
    steps = request.steps.filter(connector="manual", receipt__declined=True)
    return [
        Declined(declined_title(step), newest_note(request, about=about_of(step)))
        for step in steps
    ]


def declined_title(step: FulfilmentStep) -> str:
    """The right, or what it comes to at a processor: an erasure or a correction hands it over."""
    if step.action in Right.values:
        return str(Right(step.action).label)
    erasing = Right.ERASURE in granted_rights(step.request)
    right = Right.ERASURE if erasing else Right.RECTIFICATION
    return f"{right.label}, at {processor_of(step.action).title}"


def about_of(step: FulfilmentStep) -> str:
    """What a note on this step is about: a system may hand several tasks over."""
    told_apart = step.connector == "manual" and step.object
    return f"{step.key}:{step.object}"[:60] if told_apart else step.key


def newest_note(request: PrivacyRequest, *, about: str) -> str:
    note = request.notes.filter(about=about).order_by("-written_at").first()
    if note is None:
        return ""
    try:
        return note.read("text")
    except (KeyGoneError, SealError):
        return ""


def was_never_confirmed(request: PrivacyRequest) -> bool:
    unproved = request.verified_at is None and not without_proof(request.rights)
    return request.status == Status.DENIED and unproved


def fingerprint(request: PrivacyRequest) -> Fingerprint | None:
    chain = TrailChain.objects.filter(pk=request.pk).first()
    return Fingerprint(bytes(chain.head_digest).hex(), chain.head_seq) if chain else None
