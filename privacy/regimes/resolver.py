"""Which laws bind us for somebody, and what they say together.

Only what people declare counts: where they live and, if they wish, where they are. An address of
the internet says neither, so nothing here takes one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from privacy.regimes.careful import effective
from privacy.regimes.loader import DEFAULT, in_force, parse, regime_files
from privacy.regimes.merging import lower
from privacy.regimes.places import countries, residences
from privacy.regimes.schema import RuleSet
from privacy.regimes.values import Naming, Proof, Recipients


@dataclass(frozen=True)
class Law:
    """One regime for one person: as its file says, and as it binds us."""

    written: RuleSet
    effective: RuleSet

    @property
    def id(self) -> str:
        return self.written.id


@dataclass(frozen=True)
class Laws:
    """The laws that apply at once: rights add up, the earliest date and the least proof count."""

    of: tuple[Law, ...]

    def granting(self, right: str) -> tuple[str, ...]:
        """The regimes that grant a right, by id."""
        return tuple(law.id for law in self.of if grants(law.effective, right))

    def most_proof(self, right: str) -> Proof:
        """The most that we may ask: never more than the strictest law allows."""
        ceilings = [
            rule.value.most[right]
            for law in self.of
            if (rule := law.effective.duties.verification).value and right in rule.value.most
        ]
        most = Proof.HIGH
        for ceiling in ceilings:
            most = lower(most, ceiling)
        return most

    def versions(self) -> dict[str, str]:
        """What to keep with a request: which text of which law it was measured by."""
        sets = [law.written for law in self.of]
        return {each.id: each.version for each in (*sets, regime_files()[DEFAULT])}


def changed_since(versions: Mapping[str, str]) -> tuple[str, ...]:
    """Regimes whose file isn't the one that a request was measured by: a reason to tell staff.

    A running clock isn't moved by it.
    """
    files = regime_files()
    now = {identifier: files[identifier].version for identifier in versions if identifier in files}
    return tuple(each for each, version in versions.items() if now.get(each) != version)


def as_frozen(ids: Iterable[str], texts: Mapping[str, str], on: date) -> Laws:
    """The laws of a request from the texts that were kept with it, whatever the files say today.

    Args:
        ids: The regimes that applied.
        texts: Their files' texts by id, and that of default.
        on: The day of receipt.
    """
    sets = {identifier: parse(text, identifier) for identifier, text in texts.items()}
    default = sets[DEFAULT]
    return Laws(tuple(Law(sets[each], effective(sets[each], default, on)) for each in ids))


def grants(regime: RuleSet, right: str) -> bool:
    value = getattr(regime.rights, right).value
    if isinstance(value, Recipients):
        return value.naming is not Naming.NONE
    return bool(value and value.granted)


def matching(places: tuple[str, ...], on: date) -> list[RuleSet]:
    return [
        regime
        for regime in regime_files().values()
        if regime.since <= on and countries(regime.places) & set(places)
    ]


def resolve(
    country: str = "", state: str = "", *, also_in: tuple[str, ...] = (), on: date
) -> Laws:
    """The laws for a declared residence on the day of receipt.

    A country that we don't know, or whose law isn't in force yet, leaves default. Default also
    joins when every law that matches binds us by our own choice only: it may not apply at all.

    Args:
        country: ISO 3166 code, as the person declared.
        state: With or without the country's code: CA or US-CA.
        also_in: Further places that the person named, such as DE for a Californian in Berlin.
        on: The day of receipt.
    """
    places = (*residences(country, state), *also_in)
    found = matching(places, on)
    if not any(regime.applies == "likely" for regime in found):
        found.append(regime_files()[DEFAULT])
    return Laws(tuple(Law(regime, in_force(regime.id, on)) for regime in found))
