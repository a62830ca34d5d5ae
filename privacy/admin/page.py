"""The page of one request: everything staff need to decide, and nothing personal unasked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from fluxrouter.foundation.crypto import SealError
from fluxrouter.foundation.keystore import KeyGoneError
from fluxrouter.foundation.models import TrailEvent
from privacy.admin import appeals_page, masks, queue, tasks, trail_words, words
from privacy.admin.actions import ACTIONS, OF_STEP, allowed
from privacy.admin.changes import changes
from privacy.admin.clock_page import clock_page
from privacy.admin.letter_actions import LETTER_ACTIONS
from privacy.admin.letters import post_page
from privacy.admin.notices import notice_page
from privacy.admin.people_page import people_page
from privacy.admin.plan_page import plan_page
from privacy.admin.refusals import Target
from privacy.admin.task_actions import TASK_ACTIONS
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.places import place_name
from privacy.rights import RIGHTS, Right, without_proof
from privacy.selectors.held import holds_on
from privacy.selectors.refusals import told
from privacy.selectors.waiting import waiting
from retention.models import LegalHold

State = FulfilmentStep.State
# Actions on a step whose buttons stand with its task or its letter.
ELSEWHERE = TASK_ACTIONS.keys() | LETTER_ACTIONS.keys()
DECIDING = ("propose", "approve")  # what the page is for: first, and told apart
# A shape for each state of a step, so that colour isn't needed to tell them apart.
SHAPES = {
    State.BLOCKED: "○",
    State.READY: "◔",
    State.RUNNING: "◑",
    State.DONE: "✓",
    State.PARKED: "▲",
    State.CANCELLED: "–",
}


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    url: str
    primary: bool


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of the ledger in words, with the buttons that it needs now."""

    step: FulfilmentStep
    system: str
    title: str
    item: str
    shape: str
    state: str
    error: str
    next_at: datetime | None
    buttons: list[Button]


@dataclass(frozen=True, slots=True)
class Moment:
    """An event of the trail in words."""

    at: datetime
    who: str
    what: str
    details: str


def action_url(name: str, request: PrivacyRequest, step: FulfilmentStep | None = None) -> str:
    if step is None:
        return reverse("admin:privacy_privacyrequest_do", args=[request.pk, name])
    return reverse("admin:privacy_privacyrequest_do_step", args=[request.pk, name, step.pk])


def buttons(target: Target, user: User, *names: str) -> list[Button]:
    """A button for each of these actions that this person may take now."""
    return [
        Button(
            ACTIONS[name].label(target),
            action_url(name, target.request, target.step),
            name in DECIDING,
        )
        for name in names
        if allowed(name, target, user)
    ]


def page(request: PrivacyRequest, user: User) -> dict[str, Any]:
    """The context of the request's template. `request` comes from `queue.queue()`."""
    target = Target(request)
    others = [name for name in ACTIONS if name not in {*OF_STEP, *DECIDING, "reveal"}]
    return {
        "privacy_request": request,
        "due": queue.due(request),
        "waits": waits(request),
        "buttons": buttons(target, user, *DECIDING, *others),
        "reveal": buttons(target, user, "reveal"),
        "rights": [(Right(right).label, RIGHTS[Right(right)]) for right in request.rights],
        "refused": told(request),
        "place": place_name(request.country, request.state),
        "masked_email": masks.masked_email(request),
        "at_once": without_proof(request.rights),
        "verify_letters": request.steps.filter(connector="mail", action="verify").count(),
        "plan": plan_page(request),
        **changes(request),
        **clock_page(request),
        "waiting": waiting(request),
        "holds": holds(request),
        "appeals": appeals_page.cards(request, user),
        "may_place_hold": user.has_perm("retention.add_legalhold"),
        "tasks": task_cards(request, user),
        **notice_page(request),
        **people_page(request),
        **post_page(request, user, buttons),
        "steps": steps(request, user),
        "notes": notes(request),
        "timeline": timeline(request),
        "under_way": is_under_way(request),
        "now": timezone.now(),
    }


def is_under_way(request: PrivacyRequest) -> bool:
    """Whether something happens now or in a minute, so that looking again is of use."""
    soon = timezone.now() + timedelta(minutes=1)
    moving = [State.READY, State.RUNNING]
    return request.steps.filter(state__in=moving, not_before__lte=soon).exists()


def waits(request: Any) -> str:
    """Who or what acts next."""
    wait = queue.WAITS.get(request.waits, queue.NOBODY).label
    staff = queue.staff_words(request)
    return f"{staff}; {wait[:1].lower()}{wait[1:]}" if staff else wait


def holds(request: PrivacyRequest) -> list[LegalHold]:
    return list(holds_on(request))


def task_cards(request: PrivacyRequest, user: User) -> list[tuple[tasks.Card, list[Button]]]:
    """What is done by hand at processors, with what this person can do about it now."""
    names = [*TASK_ACTIONS, "close_step"]
    return [
        (card, buttons(Target(request, card.task.step), user, *names))
        for card in tasks.cards(request, user)
    ]


def steps(request: PrivacyRequest, user: User) -> list[StepRow]:
    """The ledger but for look-ups, which the plan shows; a parked one is here for its retry."""
    rows = request.steps.exclude(action="discover", state__in=set(State) - {State.PARKED})
    return [step_row(request, step, user) for step in rows]


def step_row(request: PrivacyRequest, step: FulfilmentStep, user: User) -> StepRow:
    state = State(step.state)
    return StepRow(
        step,
        words.system_title(step.connector),
        words.step_title(step.key),
        words.step_item(step),
        SHAPES[state],
        str(state.label),
        words.step_error(step),
        step.not_before if state == State.READY else None,
        buttons(Target(request, step), user, *sorted(OF_STEP - ELSEWHERE)),
    )


def notes(request: PrivacyRequest) -> list[tuple[Any, str, str]]:
    """(note, what it is about, its text)."""
    return [
        (note, words.about_words(note.about), note_text(note))
        for note in request.notes.select_related("author")
    ]


def note_text(note: Any) -> str:
    try:
        return str(note.read("text")) or masks.GONE
    except (KeyGoneError, SealError):
        return masks.GONE


def timeline(request: PrivacyRequest) -> list[Moment]:
    """Every event of the request's chain, oldest first."""
    events = list(TrailEvent.objects.filter(chain_id=request.pk).order_by("seq"))
    who = trail_words.names(event.actor for event in events)
    return [
        Moment(
            event.at,
            who.get(event.actor, event.actor),
            trail_words.EVENTS.get(event.code, event.code),
            trail_words.event_details(event.data),
        )
        for event in events
    ]
