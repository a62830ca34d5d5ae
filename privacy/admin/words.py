"""Codes of the ledger and the trail in plain words, as tables."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from accounts.models import User
from accounts.purposes import Purpose
from fluxrouter.foundation.trail import SUBJECT, SYSTEM
from privacy.connectors.registry import connectors
from privacy.correctable import label_of
from privacy.datamap import SUBJECT_ROWS
from privacy.deadlines.reasons import REASONS as REASONS_FOR_LONGER
from privacy.grounds import PARKED
from privacy.letters import LETTERS
from privacy.models import Appeal, FulfilmentStep, Question
from privacy.processors import processor_of
from privacy.regimes.loader import regime_files
from privacy.refusals import REASONS as WHY_REFUSED
from privacy.rights import Right
from privacy.selectors.clocks import clock_title
from privacy.selectors.tasks import WHOLE, what_is_left
from privacy.words import kind_name

EVENTS: dict[str, str] = {
    "request.received": "Request received",
    "request.verifying": "Letter written that asks to confirm the address",
    "request.address_changed": "Address corrected by the person",
    "request.in_review": "Taken into review; the look-up began",
    "request.opted_out": "In effect at once, without proof of who asks",
    "request.look_again": "All systems asked again",
    "request.proposed": "Plan proposed",
    "request.approved": "Approved",
    "request.fulfilling": "Work began; no way back from here",
    "request.completed": "Completed",
    "request.partly": "Completed in part",
    "request.refused": "A right refused",
    "request.denied": "Refused",
    "request.withdrawn": "Withdrawn",
    "request.revealed": "Contact details revealed",
    "appeal.received": "Appeal or complaint received",
    "appeal.withdrawn": "Appeal or complaint taken back",
    "appeal.decided": "Appeal or complaint decided",
    "hold.placed_by_request": "Legal hold placed, because this data was asked for",
    "hold.ended_by_request": "That legal hold ended",
    "request.key_destroyed": "Key of the contact details destroyed",
    "request.correction_entered": "Correction entered",
    "request.auto_approved": "Approved by the table of what needs no person",
    "request.restricted_meanwhile": "Uses stopped by themselves until the request is decided",
    "request.lifting_announced": "End of the restriction announced",
    "request.lifting_called_off": "End of the restriction called off",
    "request.extension_announced": "Letter written that we need longer",
    "request.due_moved": "The day of the answer moved",
    "request.deemed_refused": "No answer in time, which by law is a refusal",
    "question.asked": "Letter written that asks the person something",
    "question.answered": "Answer of the person received",
    "clock.missed": "A date passed",
    "clock.reminded": "Reminder mailed to the privacy officer",
    "signal.honoured": "The person’s browser asks not to sell or share; their accounts are opted out",
    "step.done": "Step done",
    "step.parked": "Step parked for a person",
    "step.released": "Parked step tried again",
    "step.by_hand": "Step closed by hand",
    "evidence.added": "File added that shows it",
    "evidence.read": "File read",
    "recipients.told": "Companies that work for us told of it",
    "forwarding.forwarded": "Passed on to the customer",
    "forwarding.not_found": "No customer found to pass it on to",
    "forwarding.help_asked": "The customer asked for our help",
    "forwarding.ended": "Nothing more to do for the customer",
    "authority.added": "Proof received that somebody may act for the person",
    "authority.read": "Proof read",
    "authority.accepted": "Proof accepted",
    "authority.rejected": "Proof not enough; the sender was told why",
    "report.frozen": "Account found and frozen; its erasure filed",
    "report.unfounded": "Report closed as unfounded",
    "processor.letter_shown": "Letter to the processor shown before it was sent",
    "processor.written": "Letter to the processor",
    "plan.extended": "What was found since the approval was taken into the plan",
    "letter.delivered": "Letter delivered",
    "letter.delayed": "Letter delayed on its way",
    "letter.bounced": "Letter came back",
    "letter.complained": "Letter marked as spam by whoever got it",
    "letter.failed": "Letter given up by the mail service",
    "letter.opened": "Copy of a letter read",
    "letter.sent_again": "Letter that came back sent again",
    "letter.settled": "Letter that came back settled",
    "mail.belongs": "Incoming mail joined to this request",
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
    "authority": "somebody may act for the person",
    "unconfirmed": "nobody confirmed the address in time",
    "appeal": "an appeal won it",
    "standing_rule": "by the standing rule",
    "auto_approved": "by the table, without a person",
    "no_proof": "what was asked for needs no proof",
}
SETTLED = {
    "other_way": "reached in another way",
    "no_other_address": "no other way is known",
    "not_needed": "not needed any more",
}
HOW = {"mail": "by e-mail", "form": "by hand, through their web form"}
ROOMS = {
    "request": "This request",
    "mail": "Letters",
    "package": "Package",
    "manual": "By hand",
    "expiry": "By itself",
}
VERBS = {
    "discover": "Look up what is held",
    "export": "Copy the data for the package",
    "freeze": "Stop use and change",
    "lift": "Give back what was frozen",
    "restrict": "Stop the uses that are restricted",
    "lift_restriction": "Give back the uses that were restricted",
    "correct": "Write the correction",
    "verify": "Last look: nothing is left",
}
OUR_STEPS = {
    "request:approve": "Approve by the standing rule, unless something stands in the way",
    "request:auto_approve": "Approve without a person, if the table lets it pass",
    "request:begin": "Begin the work",
    "request:close": "Close the request",
    "request:lift": "End the restriction, once its notice is over",
    "request:finish": "Close what had to wait",
    "package:assemble": "Make the package",
}
ABOUT = {
    "letter_opened": "Why the copy of a letter was read",
    "proposed": "Proposal",
    "approved": "Approval",
    "withdrawn": "Withdrawal on the person’s behalf",
    "revealed": "Why the contact details were revealed",
    "lifting": "End of the restriction",
    "authority": "Proof; who acts for the person reads what is missing",
    "forwarding": "Passing on to the customer",
    "child_report": "Report of a child’s data",
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
        return by_hand_title(action)
    if name == "expiry":
        return f"{processor_of(action).title} drops what it kept"
    if name in connectors():
        titles = {each.name: each.title for each in connectors()[name].erasure}
        return titles.get(action) or VERBS.get(action, action)
    return OUR_STEPS.get(key, key)


def by_hand_title(action: str) -> str:
    """A right, or a task at a processor; `action` may name its kind after a colon."""
    name, _, kind = action.partition(":")
    if name in Right.values:
        return str(Right(name).label)
    left = "" if kind in ("", WHOLE) else f", {kind_name(kind)}"
    return processor_of(name).title + left


def step_item(step: FulfilmentStep) -> str:
    """What tells a step from others of its name, where that says anything."""
    if step.connector == "manual":
        return what_is_left(step)
    numbered = step.connector == "mail" or step.action in ("discover", "lift", "lift_restriction")
    return "" if numbered else step.object


def kind_title(system: str, kind: str) -> str:
    """A kind of record. Those of our own tables have their title in the data map."""
    titles = {row.collection: row.title for row in SUBJECT_ROWS} if system == "database" else {}
    title = titles.get(kind, kind_name(kind)).removeprefix("Your ")
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
        f"{kind_title(step.connector, kind)} ({number})" for kind, number in counts.items()
    )
    return f"{text} Found: {listed}." if listed else text


def about_words(about: str) -> str:
    return ABOUT.get(about) or f"{system_title(about.partition(':')[0])}: {step_title(about)}"


def named_step(key: str) -> str:
    return f"{system_title(key.partition(':')[0])}: {step_title(key)}"


def why_words(code: str) -> str:
    return REASONS.get(code) or error_words(code, parked=True)


# The parts of an event's data that say more than its name, in words.
DETAILS: dict[str, Callable[[Any], str]] = {
    "step": named_step,
    "why": why_words,
    "reason": why_words,
    "processor": lambda key: processor_of(key).title,
    "how": lambda code: HOW[code],
    "told": lambda keys: "told: " + ", ".join(processor_of(key).title for key in keys),
    "confirmed": lambda keys: "confirmed: " + ", ".join(processor_of(key).title for key in keys),
    "account": lambda key: f"account {key}",
    "media_type": str,
    "size": lambda number: f"{number} bytes",
    "declined": lambda _: "declined",
    "refusal": lambda code: f"because: {WHY_REFUSED[code].says}",
    "accepted": lambda codes: "looked at and let pass: " + ", ".join(codes).replace("_", " "),
    "settled": lambda code: SETTLED[code],
    "fields": lambda names: ", ".join(map(label_of, names)),
    "chosen": lambda keys: "chosen besides: " + ", ".join(map(step_title, keys)),
    "about": str,
    "outcome": lambda code: str(Appeal.Outcome(code).label),
    "rights": lambda codes: "; ".join(str(Right(code).label) for code in codes),
    "until": lambda day: f"until {day}",
    "reasons": lambda codes: "; ".join(REASONS_FOR_LONGER[code].label for code in codes),
    "was": lambda day: f"was {day}",
    "now": lambda day: f"now {day}",
    "on": lambda day: f"since {day}",
    "percent": lambda number: f"{number} percent of the time over",
    "clock": clock_title,
    "clocks": lambda names: "; ".join(map(clock_title, names)),
    "law": lambda key: f"by {regime_files()[key].name}" if key in regime_files() else key,
    "question": lambda code: str(Question.Reason(code).label),
    "rule": lambda name: f"rule {name}",
    "purposes": lambda names: ", ".join(str(Purpose(name).label) for name in names),
    "channel": lambda name: f"channel: {name}",
    "round": lambda number: f"look-up {number}",
}


def event_details(data: dict[str, Any]) -> str:
    return "; ".join(words(data[name]) for name, words in DETAILS.items() if data.get(name))


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
