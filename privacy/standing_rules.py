"""The rules that file an erasure and approve it in place of two people, as one table.

What stands in the way of one goes to staff, as with any other request.
"""

from typing import NamedTuple

from retention.rules import RetentionRule
from retention.schedule import RETENTION_SCHEDULE


class StandingRule(NamedTuple):
    """Why it files an erasure, and the disposition that does it, where the schedule orders it.

    Such an account may be opened or used again. So there is the pause that every erasure has, and
    the rule is asked again. The others end what was decided before.
    """

    why: str
    dispose: str = ""


STANDING_RULES: dict[str, StandingRule] = {
    "account_closed": StandingRule("the time of a closed account is over", "erase_subject"),
    "account_dormant": StandingRule(
        "nobody used the account, and its owner was told twice", "erase_dormant"
    ),
    "restored": StandingRule("a restored backup brought back whom we had erased"),
    "drill": StandingRule("a fire drill erases the person it made up"),
}


def scheduled(code: str) -> RetentionRule | None:
    """The rule of the schedule behind a standing rule; None when there is none, or no more."""
    row = STANDING_RULES.get(code)
    found = [rule for rule in RETENTION_SCHEDULE if row and rule.dispose == row.dispose]
    return found[0] if found else None
