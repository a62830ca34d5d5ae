"""Every file can be used; one that can't says all that is wrong with it, at start."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import Error

from privacy.regimes import checks, loader
from privacy.regimes.loader import FOLDER, RegimeFileError, parse, regime_files
from privacy.regimes.problems import problems
from privacy.regimes.schema import Certainty

IOWA = (FOLDER / "us_ia.yaml").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("default", "us_ia", "us_va"):
        shutil.copy(FOLDER / f"{name}.yaml", tmp_path)
    return tmp_path


def rewrite(folder: Path, name: str, old: str, new: str) -> list[str]:
    file = folder / f"{name}.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return problems(folder)


@pytest.mark.acceptance("RIGHT-R02")
def test_there_is_one_file_for_each_of_thirty_three_regimes_and_nothing_is_wrong() -> None:
    assert len(regime_files()) == 33
    assert problems() == []
    assert checks.every_regime_can_be_used(None) == []


@pytest.mark.acceptance("RIGHT-R02")
@pytest.mark.parametrize("identifier", sorted(regime_files()))
def test_every_rule_says_where_it_stands_and_how_well_it_is_known(identifier: str) -> None:
    for name, rule in regime_files()[identifier].rules():
        assert len(rule.citation) > 3, name
        assert (rule.certainty is Certainty.POLICY) == (identifier == "default"), name
        assert rule.cleared is None, name
        assert rule.source == (identifier, name, regime_files()[identifier].version)


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.yaml")), ids=lambda file: str(file.stem))
def test_no_file_is_longer_than_two_hundred_lines_or_carries_marks_of_a_draft(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 200
    assert re.findall(r"\((?:T|S|K|P)\)|not read", text) == []


@pytest.mark.acceptance("RIGHT-R02")
@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("amount: 90, unit: days", "amount: ninety, unit: days", "clocks.respond.value.amount"),
        ("amount: 90, unit: days", "unit: days", "unit days needs an amount"),
        ("amount: 90, unit: days", "amount: 90, unit: fortnights", "clocks.respond.value.unit"),
        ("granted: true", "granted: perhaps", "rights.access.value.granted"),
        ("granted: true", "granted: true, maybe: 1", "Extra inputs are not permitted"),
        ("certainty: text_read", "certainty: sure", "rights.access.certainty"),
        ("certainty: text_read", "certainty: policy", "only default has rules of policy"),
        ("id: us_ia", "id: us_io", "us_io, but the file is us_ia.yaml"),
        ("[US-IA]", "[Iowa]", "Iowa is neither a country"),
        ("[US-IA]", "[US-VA]", "US-VA is claimed by more than one file"),
        ("  respond:\n    value:", "  reply:\n    value:", "clocks.respond: Field required"),
        ("rights:", "rights: [", "not YAML"),
    ],
)
def test_a_mistake_is_told_with_its_place(folder: Path, old: str, new: str, says: str) -> None:
    found = rewrite(folder, "us_ia", old, new)
    assert any(says in line for line in found), found


@pytest.mark.acceptance("RIGHT-R02")
def test_all_mistakes_of_all_files_are_told_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewrite(folder, "us_ia", "certainty: text_read", "certainty: sure")
    rewrite(folder, "us_va", "amount: 45", "amount: many")
    found = rewrite(folder, "us_ia", "granted: true", "granted: perhaps")
    assert {line.split(":")[0] for line in found} == {"us_ia.yaml", "us_va.yaml"}
    monkeypatch.setattr(checks, "problems", lambda: problems(folder))
    messages = checks.every_regime_can_be_used(None)
    assert [type(each) for each in messages] == [Error] * len(found)


def test_default_must_speak_where_a_law_may(folder: Path) -> None:
    text = (folder / "default.yaml").read_text(encoding="utf-8")
    at = text.index("  withheld:")
    end = text.index("  appeal_refused:")
    (folder / "default.yaml").write_text(text[:at] + text[end:], encoding="utf-8")
    assert problems(folder) == ["default.yaml: duties.withheld: default must say something"]


def test_without_default_nothing_can_be_measured(folder: Path) -> None:
    (folder / "default.yaml").unlink()
    assert "default.yaml: missing" in problems(folder)[0]


@pytest.mark.acceptance("RIGHT-R03")
def test_a_version_is_the_hash_of_the_text_and_an_old_text_can_be_read_again() -> None:
    now, before = (
        parse(IOWA),
        parse(IOWA.replace("amount: 90, unit: days", "amount: 60, unit: days")),
    )
    assert now.version == regime_files()["us_ia"].version != before.version
    assert len(now.version) == 64
    assert before.clocks.respond.value
    assert before.clocks.respond.value.amount == 60


def test_a_text_that_is_no_regime_says_so() -> None:
    with pytest.raises(RegimeFileError, match="rights: Field required"):
        parse("id: us_xx")


def test_deadlines_and_regimes_need_no_django_and_never_ask_the_clock() -> None:
    code = (
        "import sys, privacy.deadlines, privacy.regimes.problems; print('django' in sys.modules)"
    )
    asked = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert asked.stdout.strip() == "False"
    pages = [*Path(loader.FOLDER).glob("*.py"), *(loader.FOLDER.parent / "deadlines").glob("*.py")]
    clocks = re.compile(r"\bnow\(|\btoday\(|time\.time|localtime")
    assert [page.name for page in pages if clocks.search(page.read_text(encoding="utf-8"))] == []
