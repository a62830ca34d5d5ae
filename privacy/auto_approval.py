"""Which requests may be approved without a person, as one table (ADR 25).

A request qualifies when each of its rights has a row here that is switched on (AUTO_APPROVE), its
proof reaches the row's level, and nothing at all stands in the way. An erasure has no row, and
never gets one: what is erased by mistake doesn't come back.
"""

from typing import NamedTuple

from privacy.rights import RIGHTS, Executor, Level, Right

NEVER = frozenset({Executor.ERASE, Executor.CORRECT})  # takes away, or writes what staff enter


class AutoRow(NamedTuple):
    """One right: the least proof, and why no person has to look first."""

    level: Level
    why: str
    by_default: bool = False


AUTO_APPROVAL: dict[Right, AutoRow] = {
    Right.KNOW: AutoRow(
        Level.ADDRESS,
        "It tells kinds and counts, and shows no record. Nothing changes.",
        by_default=True,
    ),
    Right.RECIPIENTS: AutoRow(
        Level.ADDRESS,
        "It names companies, and shows no record. Nothing changes.",
        by_default=True,
    ),
    Right.ACCESS: AutoRow(
        Level.ADDRESS,
        "It changes nothing, but hands data to whoever reads the mailbox.",
    ),
    Right.PORTABILITY: AutoRow(
        Level.ADDRESS,
        "It changes nothing, but hands data to whoever reads the mailbox.",
    ),
    Right.OBJECTION: AutoRow(
        Level.ADDRESS,
        "To grant it without weighing is always lawful. Sign-in and service go on.",
    ),
}
DEFAULT = tuple(right for right, row in AUTO_APPROVAL.items() if row.by_default)


def rule(rights: list[str], switched_on: list[str], proved: Level) -> str:
    """The rows that approve these rights, by name; "" when they don't."""
    found = [AUTO_APPROVAL.get(Right(right)) for right in rights]
    on = set(rights) <= set(switched_on)
    if not rights or not on or not all(row and proved.reaches(row.level) for row in found):
        return ""
    return ", ".join(f"{right}:{proved}" for right in sorted(rights))


def mistakes(switched_on: list[str]) -> list[str]:
    """What is wrong with the table or the setting, in words."""
    rows = {right: RIGHTS[right] for right in AUTO_APPROVAL}
    wrong = [
        f"{right} must not be approved without a person."
        for right, row in rows.items()
        if row.executor in NEVER or row.approvers > 1
    ]
    weak = [
        f"{right} needs more proof than its row in privacy/auto_approval.py asks for."
        for right, row in rows.items()
        if not AUTO_APPROVAL[right].level.reaches(row.level)
    ]
    unknown = [
        f"AUTO_APPROVE names {right}, which can't be approved without a person."
        for right in switched_on
        if right not in AUTO_APPROVAL
    ]
    return [*wrong, *weak, *unknown]
