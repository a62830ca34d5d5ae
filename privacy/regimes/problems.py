"""What is wrong with the regimes' files, all of it at once."""

from collections import Counter
from pathlib import Path

from privacy.regimes.loader import DEFAULT, FOLDER, RegimeFileError, read
from privacy.regimes.places import COUNTRIES_OF, is_place
from privacy.regimes.schema import SECTIONS, RuleSet
from privacy.regimes.spans import Extension, Unit

MAY_BE_SILENT = {"extensions.appeal", "clocks.complaint", "clocks.compliance_notice"}


def problems(folder: Path = FOLDER) -> list[str]:
    """Every mistake in every file of a folder, each with what to look at."""
    found: list[str] = []
    regimes: dict[str, RuleSet] = {}
    for file in sorted(folder.glob("*.yaml")):
        try:
            regimes[file.stem] = read(file)
        except RegimeFileError as error:
            found += error.problems
    if DEFAULT not in regimes:
        found.append("default.yaml: missing or unusable; every other file is measured by it")
    else:
        found += silences(regimes[DEFAULT])
    for regime in regimes.values():
        found += [f"{regime.id}.yaml: {each}" for each in mistakes(regime)]
    return found + shared_places(regimes)


def silences(default: RuleSet) -> list[str]:
    """Rules that default lacks: then nothing would bound an uncleared one."""
    said = {name for name, rule in default.rules() if rule.value is not None}
    wanted = {
        f"{section}.{name}"
        for section in SECTIONS
        for name in RuleSet.model_fields[section].annotation.model_fields  # type: ignore[union-attr]
    }
    missing = sorted(wanted - said - MAY_BE_SILENT)
    return [f"default.yaml: {name}: default must say something" for name in missing]


def mistakes(regime: RuleSet) -> list[str]:
    unknown = [place for place in regime.places if not is_place(place)]
    lines = [f"places: {place} is neither a country, a state nor {', '.join(COUNTRIES_OF)}"
             for place in unknown]  # fmt: skip
    for name, rule in regime.rules():
        if isinstance(rule.value, Extension):
            lines += [f"{name}: {text}" for text in extension_mistakes(rule.value)]
        if rule.cleared and regime.id == DEFAULT:
            lines.append(f"{name}: default is policy; counsel clears laws")
    return lines


def extension_mistakes(extension: Extension) -> list[str]:
    """A notice that may come without a date would be no deadline."""
    dateless = extension.notice.unit in (Unit.PROMPTLY, Unit.NAMED)
    return ["notice: needs a period, as the notice is itself a deadline"] if dateless else []


def shared_places(regimes: dict[str, RuleSet]) -> list[str]:
    places = Counter(place for regime in regimes.values() for place in regime.places)
    twice = sorted(place for place, times in places.items() if times > 1)
    return [f"places: {place} is claimed by more than one file" for place in twice]
