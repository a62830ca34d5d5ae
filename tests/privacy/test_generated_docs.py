"""Pages made from the tables are fresh; pages written by hand name all that the code names."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.roles import ROLES
from fluxrouter.environment import Environment
from fluxrouter.jobs import JOBS
from fluxrouter.staff import ALARMS
from privacy.datamap import DATA_MAP
from privacy.grounds import PARKED
from privacy.kept import OWN_DATA
from privacy.management.commands.generate_docs import PAGES
from privacy.processors import PROCESSORS
from privacy.services.closing import SEALED_WITH_IT
from retention.dispositions import DISPOSITIONS
from retention.schedule import DORMANT, EXEMPT, EXTERNAL, RETENTION_SCHEDULE
from retention.sign_in import SIGN_IN_RULES
from retention.words import FROM, THEN


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


@pytest.mark.acceptance("PROC-53")
def test_every_limit_of_a_processor_is_published(tmp_path: Path) -> None:
    page = made(tmp_path)["processors.md"]
    for row in PROCESSORS:
        assert row.title in page
        for limit in row.limits:
            assert limit.what in page
            assert limit.why in page
            assert limit.until in page


def test_every_rule_and_exemption_is_in_the_schedule(tmp_path: Path) -> None:
    page = made(tmp_path)["retention-schedule.md"]
    for rule in RETENTION_SCHEDULE:
        assert f"`{rule.model}`" in page
        assert rule.basis in page
        assert rule.period in page
    assert [model for model in EXEMPT if f"`{model}`" not in page] == []


@pytest.mark.acceptance("KEEP-10")
def test_what_is_no_table_of_ours_is_in_the_schedule(tmp_path: Path) -> None:
    page = made(tmp_path)["retention-schedule.md"]
    for row in EXTERNAL:
        assert all(row), row.what
        assert all(words in page for words in row)
    places = " ".join(row.where for row in EXTERNAL)
    for place in ("PACKAGE_DIR", "KEYSTORE_DIR", "Valkey", "auth.audit_log_entries"):
        assert place in places


@pytest.mark.acceptance("KEEP-11")
def test_each_item_of_a_requests_own_data_says_when_it_is_destroyed(tmp_path: Path) -> None:
    page = made(tmp_path)["retention-schedule.md"]
    assert all(item.what in page and item.destroyed in page for item in OWN_DATA)
    named = {model for item in OWN_DATA for model in item.models}
    assert {model._meta.label for model in SEALED_WITH_IT} <= named
    assert named <= DATA_MAP.keys()


def test_every_disposition_and_every_clock_has_its_words() -> None:
    assert DISPOSITIONS.keys() == THEN.keys()
    rules = (*RETENTION_SCHEDULE, *DORMANT, *SIGN_IN_RULES)
    assert {rule.clock for rule in rules} == FROM.keys()


def test_cells_hold_no_line_break(tmp_path: Path) -> None:
    for page in made(tmp_path).values():
        rows = [line for line in page.splitlines() if line.startswith("|")]
        assert all(line.endswith("|") for line in rows)


# What is written by hand names everything that the code names.

ROOT = Path(settings.BASE_DIR)


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_each_variable_of_the_environment_is_explained() -> None:
    names = [name.upper() for name in Environment.model_fields]
    assert [name for name in names if f"| `{name}` |" not in page("deployment.md")] == []


def test_the_table_of_roles_is_that_of_the_code() -> None:
    rows = [line.split("|")[1:-1] for line in page("deployment.md").splitlines()]
    cells = [[cell.strip() for cell in row] for row in rows if len(row) == len(ROLES) + 2]
    heads = next(row for row in cells if row[0] == "may")[2:]
    written = {
        role: {row[1].strip("`") for row in cells if row[place] == "yes"}
        for place, role in enumerate(heads, start=2)
    }
    assert written == {role: set(names) for role, names in ROLES.items()}


def test_each_job_is_listed() -> None:
    assert [name for name in JOBS if f"| `{name}` |" not in page("deployment.md")] == []


@pytest.mark.parametrize("code", [*ALARMS, *PARKED])
def test_the_runbook_has_a_section_for_each_code(code: str) -> None:
    assert f"\n### {code}\n" in page("runbook.md")


def test_each_direct_dependency_has_its_reason() -> None:
    text = page("adr/0002-dependencies.md")
    lines = [
        line
        for file in ("requirements.in", "requirements-dev.in")
        for line in (ROOT / file).read_text(encoding="utf-8").splitlines()
    ]
    names = [re.split(r"[\[=]", line)[0] for line in lines if line and line[0] not in "#-"]
    assert [name for name in names if name not in text] == []


def test_links_between_pages_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("privacy/**/*.md")]
    dead = [
        f"{file.name}: {target}"
        for file in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text(encoding="utf-8"))
        if not (file.parent / target).exists()
    ]
    assert dead == []
