"""Ways to show who asks, and how much each asks of the person, as one table.

A further way is a row here, and the code that runs it. How much a right needs stands in `RIGHTS`;
a check compares both with what the strictest law lets us ask.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from privacy.regimes.schema import RuleSet
from privacy.regimes.values import Proof
from privacy.rights import RIGHTS, Level


class Method(StrEnum):
    MAILED_LINK = "mailed_link"
    AGENT_AUTHORITY = "agent_authority"


class MethodRow(NamedTuple):
    """What is shown by it, which level that reaches, and what the laws call so much proof.

    `beside` names the method that it comes on top of: it shows something else than who asks.
    """

    shows: str
    level: Level
    proof: Proof
    beside: Method | None = None


METHODS: dict[Method, MethodRow] = {
    Method.MAILED_LINK: MethodRow(
        "Whoever asks reads the mail of the address that they gave.", Level.ADDRESS, Proof.LOW
    ),
    Method.AGENT_AUTHORITY: MethodRow(
        "Somebody who asks for another person may do so: a signed permission, or a parent’s word.",
        Level.ADDRESS,
        Proof.LOW,
        beside=Method.MAILED_LINK,
    ),
}


def proof_for(level: Level) -> Proof:
    """The least that must be asked of a person to reach a level."""
    if level is Level.NONE:
        return Proof.NONE
    enough = [row.proof for row in METHODS.values() if row.level.reaches(level)]
    return min(enough, key=list(Proof).index)


def too_much_proof(regimes: Iterable[RuleSet]) -> list[str]:
    """Where a right needs more than a law lets us ask, in words. The strictest law counts: the
    form doesn't change with where somebody lives.
    """
    return [
        f"{right} needs {proof_for(row.level)} proof; {regime.id} allows {most} for {name}."
        for regime in regimes
        for right, row in RIGHTS.items()
        for name in row.in_regimes
        if (most := ceiling(regime, name)) and exceeds(proof_for(row.level), most)
    ]


def ceiling(regime: RuleSet, name: str) -> Proof | None:
    rule = regime.duties.verification.value
    return rule.most.get(name) if rule else None


def exceeds(asked: Proof, most: Proof) -> bool:
    order = list(Proof)
    return order.index(asked) > order.index(most)
