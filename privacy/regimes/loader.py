"""Regimes from their files, each once."""

import hashlib
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from privacy.regimes.careful import effective
from privacy.regimes.schema import RuleSet

FOLDER = Path(__file__).parent
DEFAULT = "default"


class RegimeFileError(Exception):
    """A regime's file can't be used. `problems` says why, one line for each mistake."""

    def __init__(self, name: str, problems: list[str]) -> None:
        self.problems = [f"{name}: {problem}" for problem in problems]
        super().__init__("\n".join(self.problems))


def where(place: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in place) or "the file"


def parse(text: str, name: str = "a regime") -> RuleSet:
    """A rule set from the text of its file; also from a text that was kept with a request.

    Raises:
        RegimeFileError: with every mistake at once.
    """
    try:
        regime = RuleSet.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise RegimeFileError(name, [f"not YAML: {' '.join(str(error).split())}"]) from None
    except ValidationError as error:
        mistakes = error.errors(include_url=False)
        lines = [f"{where(each['loc'])}: {each['msg']}" for each in mistakes]
        raise RegimeFileError(name, lines) from None
    regime._version = hashlib.sha256(text.encode()).hexdigest()
    for rule_id, rule in regime.rules():
        rule._of = (regime.id, rule_id, regime.version)
    return regime


def read(file: Path) -> RuleSet:
    regime = parse(file.read_text(encoding="utf-8"), file.name)
    if regime.id != file.stem:
        raise RegimeFileError(file.name, [f"id: {regime.id}, but the file is {file.name}"])
    return regime


@cache
def regime_files() -> dict[str, RuleSet]:
    """Every regime as its file says, by id; default comes first."""
    files = sorted(FOLDER.glob("*.yaml"), key=lambda file: (file.stem != DEFAULT, file.stem))
    return {file.stem: read(file) for file in files}


@cache
def in_force(identifier: str, on: date) -> RuleSet:
    """A regime as it binds us on a day: uncleared rules never beyond default."""
    files = regime_files()
    return effective(files[identifier], files[DEFAULT], on)


def text_of(identifier: str) -> str:
    """A regime's file, to be kept with the first request that it measures."""
    return (FOLDER / f"{identifier}.yaml").read_text(encoding="utf-8")
