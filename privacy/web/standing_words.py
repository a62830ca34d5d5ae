"""What the status page says of where a request stands, as tables."""

from datetime import date
from typing import NamedTuple

from privacy.models import Appeal
from privacy.states import Status

Outcome = Appeal.Outcome


class Standing(NamedTuple):
    """`text` is what it is now, `then` what comes next; `by` is the day of our answer, if any."""

    text: str
    then: str
    who: str
    by: date | None


WE, YOU = "We do", "You"
THEN: dict[Status, str] = {
    Status.RECEIVED: "A member of our staff looks at it.",
    Status.VERIFYING: "When you have confirmed it, we look up what we hold. If nobody confirms "
    "it, we have to close it before the answer is due.",
    Status.IN_REVIEW: "A member of our staff checks what we found, and decides.",
    Status.APPROVED: "We begin the work. Until then you can stop it.",
    Status.FULFILLING: "We finish in every system, look once more, and write to you.",
    Status.COMPLETED: "Nothing more. This page stays, so that you can look at it again.",
    Status.PARTLY: "If something waits, we do it on its day and write to you. You can have the "
    "rest looked at again.",
    Status.DENIED: "Nothing more, unless you don’t agree.",
    Status.WITHDRAWN: "Nothing. You can make a new request at any time.",
}
NOTHING = "Nothing more from us. If you don’t agree, others can look at it."
DECIDED: dict[str, Standing] = {
    Outcome.UPHELD: Standing(
        "You appealed, and you are right.",
        "We do what we had refused, as a request of its own. You have a letter with its page.",
        WE,
        None,
    ),
    Outcome.PARTLY: Standing(
        "You appealed, and you are right in part.",
        "We do that part, as a request of its own. You have a letter with its page.",
        WE,
        None,
    ),
    Outcome.REJECTED: Standing(
        "You appealed. Our answer stays as it was.", NOTHING, "Nobody", None
    ),
}
