"""Actions that write to somebody, and the letters that they would send."""

from typing import NamedTuple

from accounts.models import User
from privacy.admin.action_row import ActionRow, Answers
from privacy.admin.letters import TO
from privacy.admin.refusals import Target
from privacy.letters.versions import NAMES
from privacy.services.post import preview

# Their form has a second button, which shows the letter and decides nothing.
WRITES = frozenset(
    {
        *("propose", "approve", "deny", "refuse_part", "withdraw", "announce_lifting"),
        *("extend", "extend_appeal", "ask", "decide_appeal", "decide_complaint"),
        *("forward", "no_customer", "accept_proof", "reject_proof", "refuse_agent"),
        *("close_report", "close_step"),
    }
)


class Shown(NamedTuple):
    """A letter in words for staff."""

    subject: str
    text: str
    to: str
    language: str
    code: str


def letters_of(target: Target, user: User, row: ActionRow, answers: Answers) -> list[Shown]:
    """What this decision would send, with these answers. Raises what the decision raises."""
    found = preview.letters_of(target.request, lambda: row.call(target, user, answers))
    return [
        Shown(
            each.subject,
            each.text,
            TO[each.to],
            NAMES.get(each.language, each.language),
            each.language,
        )
        for each in found
    ]
