"""The pages made from the tables are fresh, whole, and told when they are not."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from privacy.datamap import DATA_MAP
from privacy.management.commands.generate_docs import PAGES, THEN, period
from privacy.processors import PROCESSORS
from retention.schedule import EXEMPT, RETENTION_SCHEDULE
from retention.services.dispose import DISPOSITIONS


def made(folder: Path) -> dict[str, str]:
    call_command("generate_docs", folder=folder)
    return {name: (folder / name).read_text(encoding="utf-8") for name in PAGES}


def test_the_committed_pages_are_fresh() -> None:
    call_command("generate_docs", check=True)


def test_a_stale_page_is_told_and_not_touched(tmp_path: Path) -> None:
    made(tmp_path)
    page = tmp_path / "data-map.md"
    page.write_text("old", encoding="utf-8")
    with pytest.raises(CommandError, match=r"Stale: data-map\.md"):
        call_command("generate_docs", folder=tmp_path, check=True)
    assert page.read_text(encoding="utf-8") == "old"


def test_a_missing_page_is_stale(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"retention-schedule\.md"):
        call_command("generate_docs", folder=tmp_path, check=True)


def test_every_table_field_and_processor_is_in_the_data_map(tmp_path: Path) -> None:
    page = made(tmp_path)["data-map.md"]
    models = [f"`{model}`" for model in DATA_MAP]
    fields = [f"`{name}`" for row in DATA_MAP.values() for name in row.categories]
    names = [processor.name for processor in PROCESSORS]
    assert [text for text in (*models, *fields, *names) if text not in page] == []


def test_every_rule_and_exemption_is_in_the_schedule(tmp_path: Path) -> None:
    page = made(tmp_path)["retention-schedule.md"]
    for rule in RETENTION_SCHEDULE:
        assert f"`{rule.model}`" in page
        assert rule.basis in page
        assert period(rule.keep_for) in page
    assert [model for model in EXEMPT if f"`{model}`" not in page] == []


def test_every_disposition_has_its_words() -> None:
    assert DISPOSITIONS.keys() == THEN.keys()


def test_cells_hold_no_line_break(tmp_path: Path) -> None:
    for page in made(tmp_path).values():
        rows = [line for line in page.splitlines() if line.startswith("|")]
        assert all(line.endswith("|") for line in rows)
