"""Events of the trail in plain words, as tables."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from accounts.models import User
from accounts.purposes import Purpose
from fluxrouter.foundation.trail import SUBJECT, SYSTEM
from privacy.admin.words import error_words, step_title, system_title
from privacy.correctable import label_of
from privacy.deadlines.reasons import REASONS as REASONS_FOR_LONGER
from privacy.letters import LETTERS
from privacy.models import Appeal, Question
from privacy.processors import processor_of
from privacy.refusals import REASONS as WHY_REFUSED
from privacy.regimes.loader import regime_files
from privacy.rights import Right
from privacy.selectors.clocks import clock_title
from privacy.standing_rules import STANDING_RULES

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
    "appeal.extension_announced": "Letter written that we need longer for the appeal",
    "hold.placed_by_request": "Legal hold placed, because this data was asked for",
    "hold.told": "Letter about a legal hold",
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
    "signal.honoured": "The browser asks not to sell or share; the accounts are opted out",
    "signal.lifted": "The person allows sale and sharing again",
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
    "proof.destroyed": "Proof destroyed: the request is decided",
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
    "mail.received": "Mail reached our privacy address",
    "mail.read": "Incoming mail read",
    "mail.taken_in": "Incoming mail taken in as a request",
    "mail.joined": "Incoming mail joined to a request",
    "mail.discarded": "Incoming mail put away: no request",
    "mail.file_released": "Attachment released",
    "mail.file_read": "Attachment saved to look at",
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
    "rule_ended": "the rule that filed it doesn’t want it any more",
    **{code: rule.why for code, rule in STANDING_RULES.items()},
    "auto_approved": "by the table, without a person",
    "no_proof": "what was asked for needs no proof",
}
SETTLED = {
    "other_way": "reached in another way",
    "no_other_address": "no other way is known",
    "not_needed": "not needed any more",
}
HOW = {"mail": "by e-mail", "form": "by hand, through their web form"}


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
