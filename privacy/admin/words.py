"""Codes of the ledger and the trail in plain words, as tables."""

from privacy.connectors.registry import connectors
from privacy.datamap import SUBJECT_ROWS
from privacy.grounds import PARKED
from privacy.letters import LETTERS
from privacy.models import FulfilmentStep
from privacy.processors import processor_of
from privacy.rights import Right
from privacy.selectors.tasks import WHOLE, what_is_left
from privacy.words import kind_name

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
    "account_unused": "Unused account",
    "held": "Legal hold",
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
