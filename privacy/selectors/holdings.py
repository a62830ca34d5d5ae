"""What is held of a person, kind by kind, with everything that GDPR Art. 15(1) asks for."""

from typing import NamedTuple

from privacy.connectors.base import Connector, Described
from privacy.connectors.registry import connectors
from privacy.models import PrivacyRequest
from privacy.processors import PROCESSORS, Processor
from privacy.selectors.systems import Count, counts
from privacy.withheld import WITHHELD
from privacy.words import kind_name

ASK = "Nobody has written this down yet: write to us, and we tell you."


class Holding(NamedTuple):
    """Something that one system holds of this person, and why. `counts` name its records."""

    system: str
    about: Described
    counts: list[Count]


def found(request: PrivacyRequest) -> dict[str, dict[str, int]]:
    """Per system how many records of each kind there are, as in the plan."""
    return {
        name: {kind: number for kind, number in part.get("found", {}).items() if number}
        for name, part in request.plan.items()
    }


def holdings(request: PrivacyRequest) -> list[Holding]:
    """Only what was found for this person, our own tables first: no copy of the privacy policy."""
    numbers = found(request)
    ours_first = sorted(connectors().values(), key=lambda each: not each.describe())
    return [
        holding
        for connector in ours_first
        if numbers.get(connector.name)
        for holding in at_system(connector, numbers[connector.name])
    ]


def at_system(connector: Connector, numbers: dict[str, int]) -> list[Holding]:
    """One for each kind that a table describes; what a processor holds is told as one."""
    described = connector.describe()
    told = [
        Holding(connector.title, described[kind], [Count(kind_name(kind), number)])
        for kind, number in numbers.items()
        if kind in described
    ]
    rest = {kind: number for kind, number in numbers.items() if kind not in described}
    if rest:
        told.append(Holding(connector.title, about(connector), counts(rest)))
    return told


def about(connector: Connector) -> Described:
    """What a system holds as a whole. One that nobody has described stops no package."""
    row = next((row for row in PROCESSORS if connector.name in (row.key, *row.connectors)), None)
    if row:
        return at_processor(row, connector.title)
    return Described(connector.title, (ASK,), ASK, ASK, ASK, (), ASK)


def at_processor(row: Processor, title: str) -> Described:
    return Described(
        title=title,
        data=(row.data,),
        purpose=row.does,
        basis=row.basis,
        source=row.source,
        recipients=(row.name,),
        kept=row.kept,
    )


def withheld(request: PrivacyRequest) -> list[str]:
    """What we hold of this person and never show, named exactly (11 CCR § 7024(d))."""
    kinds = {f"{name}.{kind}" for name, part in found(request).items() for kind in part}
    return [row.says for row in WITHHELD.values() if kinds & set(row.kinds)]


def everything() -> list[Described]:
    """Every category that we may hold of anybody, for a reader whom we don't know."""
    named = [each for connector in connectors().values() for each in connector.describe().values()]
    return [*named, *(at_processor(row, row.title) for row in PROCESSORS)]
