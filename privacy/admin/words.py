"""Codes of the ledger and the trail in plain words, as tables."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from accounts.models import User
from fluxrouter.foundation.trail import SUBJECT, SYSTEM
from privacy.connectors.registry import connectors
from privacy.datamap import SUBJECT_ROWS
from privacy.grounds import PARKED
from privacy.letters import LETTERS
from privacy.models import FulfilmentStep
from privacy.rights import Right

EVENTS: dict[str, str] = {
    "request.received": "Request received",
    "request.verifying": "Letter written that asks to confirm the address",
    "request.address_changed": "Address corrected by the person",
    "request.in_review": "Address confirmed; the look-up began",
    "request.look_again": "All systems asked again",
    "request.proposed": "Plan proposed",
    "request.approved": "Approved",
    "request.fulfilling": "Work began; no way back from here",
    "request.completed": "Completed",
    "request.partly": "Completed in part",
    "request.denied": "Refused",
    "request.withdrawn": "Withdrawn",
    "request.revealed": "Contact details revealed",
    "request.key_destroyed": "Key of the contact details destroyed",
    "step.done": "Step done",
    "step.parked": "Step parked for a person",
    "step.released": "Parked step tried again",
    "step.by_hand": "Step closed by hand",
    "plan.extended": "What was found since the approval was taken into the plan",
    "package.unlocked": "Package opened with a code",
    "package.removed": "Package deleted by the person",
    **{
        f"mail.{letter}_again": f"Letter asked for again: {row.subject}"
        for letter, row in LETTERS.items()
    },
}
REASONS: dict[str, str] = {
    "staff": "decided by staff",
    "asked": "asked by the person",
    "not_me": "the person says it wasn’t them",
    "unconfirmed": "nobody confirmed the address in time",
}
ROOMS = {"request": "This request", "mail": "Letters", "package": "Package", "manual": "By hand"}
VERBS = {
    "discover": "Look up what is held",
    "export": "Copy the data for the package",
    "freeze": "Stop use and change",
    "lift": "Give back what was frozen",
    "verify": "Last look: nothing is left",
}
OUR_STEPS = {
    "request:begin": "Begin the work",
    "request:close": "Close the request",
    "package:assemble": "Make the package",
}
ABOUT = {
    "proposed": "Proposal",
    "approved": "Approval",
    "denied": "Refusal; the person reads this",
    "withdrawn": "Withdrawal on the person’s behalf",
    "revealed": "Why the contact details were revealed",
}


def system_title(name: str) -> str:
    connector = connectors().get(name)
    return connector.title if connector else ROOMS.get(name, name)


def step_title(key: str) -> str:
    """What a step does, without its system."""
    name, _, action = key.partition(":")
    if name == "mail":
        return LETTERS[action].subject if action in LETTERS else action
    if name == "manual":
        return str(Right(action).label) if action in Right.values else action
    if name in connectors():
        titles = {each.name: each.title for each in connectors()[name].erasure}
        return titles.get(action) or VERBS.get(action, action)
    return OUR_STEPS.get(key, key)


def kind_title(system: str, kind: str) -> str:
    """A kind of record. Those of our own tables have their title in the data map."""
    titles = {row.collection: row.title for row in SUBJECT_ROWS} if system == "database" else {}
    title = titles.get(kind, kind.replace("_", " ")).removeprefix("Your ")
    return title[:1].upper() + title[1:]


def error_words(code: str, *, parked: bool = False) -> str:
    """What happened and what to do. A processor's own code is shown as it came."""
    if not code:
        return ""
    then = "Find out why, then retry." if parked else "We ask again."
    return PARKED.get(code) or f"The answer was “{code}”. {then}"


def step_error(step: FulfilmentStep) -> str:
    """What happened to a step, with the counts of what it came back with."""
    text = error_words(step.error, parked=step.state == FulfilmentStep.State.PARKED)
    found = step.cursor.get("found", {})
    counts = found.get("found", found)  # a whole look-up, or the residues of the last look
    listed = ", ".join(
        f"{number} {kind_title(step.connector, kind)}" for kind, number in counts.items()
    )
    return f"{text} Found: {listed}." if listed else text


def about_words(about: str) -> str:
    return ABOUT.get(about) or f"{system_title(about.partition(':')[0])}: {step_title(about)}"


def event_details(data: dict[str, Any]) -> str:
    """The parts of an event's data that say more than its name."""
    parts: list[str] = []
    if key := data.get("step"):
        parts.append(f"{system_title(key.partition(':')[0])}: {step_title(key)}")
    if why := data.get("why") or data.get("reason"):
        parts.append(REASONS.get(why) or error_words(why, parked=True))
    if data.get("declined"):
        parts.append("declined")
    if codes := data.get("accepted"):
        parts.append("looked at and let pass: " + ", ".join(codes).replace("_", " "))
    if channel := data.get("channel"):
        parts.append(f"channel: {channel}")
    if number := data.get("round"):
        parts.append(f"look-up {number}")
    return "; ".join(parts)


def names(actors: Iterable[str]) -> dict[str, str]:
    """Who each actor of the trail is, for staff's eyes."""
    found = {SUBJECT: "The person", SYSTEM: "The system"}
    ids = {actor for actor in actors if actor not in found and is_id(actor)}
    for user in User.objects.filter(pk__in=ids):
        found[str(user.pk)] = user.get_username()
    return found


def is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
