"""What a lawyer can check line by line: on a screen, as a page, as a sheet to sign."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from privacy.management.pages.regime_words import SAY
from privacy.management.pages.regimes import regimes
from privacy.regimes.careful import CAREFUL
from privacy.regimes.loader import regime_files


def printed(*ids: str, **options: object) -> str:
    out = io.StringIO()
    call_command("regimes", *ids, stdout=out, **options)
    return out.getvalue()


@pytest.mark.acceptance("RIGHT-R06")
def test_every_right_and_rule_of_every_regime_is_printed_within_a_hundred_columns() -> None:
    text = printed()
    assert [line for line in text.splitlines() if len(line) > 100] == []
    for regime in regime_files().values():
        assert f"\n{regime.id}  {regime.name}, version {regime.version[:12]}\n" in f"\n{text}"
    assert text.count("\nlimit sensitive") == len(regime_files())


def test_one_regime_can_be_chosen_and_an_unknown_one_is_told() -> None:
    assert printed("us_ia").count("version") == 1
    with pytest.raises(CommandError, match="Unknown: us_xx"):
        printed("us_xx")


@pytest.mark.acceptance("RIGHT-R06")
def test_the_page_has_a_row_for_every_rule_with_its_source() -> None:
    lines = regimes()
    for regime in regime_files().values():
        start = lines.index(f"### {regime.name}")
        section = "\n".join(lines[start : start + 80])
        missing = [name for name, rule in regime.rules() if rule.citation not in section]
        assert missing == []


@pytest.mark.acceptance("RIGHT-R06")
def test_counsels_sheet_has_every_rule_and_room_for_a_signature() -> None:
    rows = list(csv.DictReader(io.StringIO(printed(counsel="csv"))))
    rules = [(r.id, name) for r in regime_files().values() for name, _ in r.rules()]
    assert [(row["regime"], row["rule"]) for row in rows] == rules
    assert {row["cleared"] for row in rows} == {"no"}
    assert {row["name, date, signature"] for row in rows} == {""}


def test_counsels_sheet_can_be_read_as_a_page() -> None:
    text = printed("eu_gdpr", counsel="markdown")
    assert "| `" not in text.splitlines()[0]
    assert "Reviewed by ____" in text
    assert regime_files()["eu_gdpr"].version in text


def test_the_page_can_be_written_with_the_others(tmp_path: Path) -> None:
    call_command("generate_docs", folder=tmp_path, stdout=io.StringIO())
    assert (tmp_path / "regimes.md").read_text(encoding="utf-8").startswith("# Regimes\n")


def test_every_kind_of_value_has_its_words() -> None:
    assert SAY.keys() == CAREFUL.keys()
