"""The tables are complete: what somebody forgets fails the check, which says what to do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.checks import run_checks

from privacy import checks
from privacy.datamap import DATA_MAP, SUBJECT_ROWS, Category
from privacy.processors import PROCESSORS, Processor
from privacy.rights import RIGHTS, Right
from retention.schedule import EXEMPT, RETENTION_SCHEDULE

pytestmark = pytest.mark.acceptance("MAIN-41")

Change = Callable[[pytest.MonkeyPatch], None]


def texts(check: Any) -> list[str]:
    return [f"{problem.id} {problem.msg}" for problem in check(None)]


def map_without(monkeypatch: pytest.MonkeyPatch, model: str, name: str, add: str = "") -> None:
    """The row of `model` where `name` is missing, or another name stands."""
    row = DATA_MAP[model]
    fields = {
        category: " ".join(add if each == name else each for each in names.split())
        for category, names in row.fields.items()
    }
    monkeypatch.setattr(checks, "DATA_MAP", {**DATA_MAP, model: replace(row, fields=fields)})


def test_all_tables_are_complete_as_they_are() -> None:
    assert run_checks() == []


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("accounts.Account", "company"),
        ("sessions.Session", "session_data"),
        ("admin.LogEntry", "object_repr"),
        ("accounts.User", "groups"),
        ("auth.Group_permissions", "permission"),
    ],
)
def test_a_field_without_a_category_fails(
    monkeypatch: pytest.MonkeyPatch, model: str, name: str
) -> None:
    map_without(monkeypatch, model, name)
    (problem,) = checks.every_field_is_mapped(None)
    assert problem.id == "privacy.E001"
    assert problem.msg == f"Field {model}.{name} is not in the data map."
    assert problem.hint == f"Give it a category in privacy/datamap.py, in the row of {model}."


def test_a_model_without_a_row_fails_for_each_field(monkeypatch: pytest.MonkeyPatch) -> None:
    rest = {name: row for name, row in DATA_MAP.items() if name != "accounts.SupportMessage"}
    monkeypatch.setattr(checks, "DATA_MAP", rest)
    assert len(texts(checks.every_field_is_mapped)) == 6


def test_a_mapped_field_that_does_not_exist_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    map_without(monkeypatch, "accounts.Account", "company", "company birthday")
    assert texts(checks.every_field_is_mapped) == [
        "privacy.E002 The data map names accounts.Account.birthday, which doesn't exist."
    ]


@pytest.mark.parametrize("exempt", [{}, {"accounts.SupportMessage": ""}])
def test_a_personal_table_without_rule_or_reason_fails(
    monkeypatch: pytest.MonkeyPatch, exempt: dict[str, str]
) -> None:
    rules = [rule for rule in RETENTION_SCHEDULE if rule.model != "accounts.SupportMessage"]
    monkeypatch.setattr(checks, "RETENTION_SCHEDULE", rules)
    monkeypatch.setattr(checks, "EXEMPT", EXEMPT | exempt)
    assert texts(checks.every_personal_table_has_an_end) == [
        "privacy.E003 accounts.SupportMessage holds personal data and has no retention rule."
    ]


@pytest.mark.acceptance("KEEP-10")
@pytest.mark.parametrize("model", ["accounts.User", "foundation.TrailEvent"])
def test_a_table_about_staff_or_of_codes_is_decided_too(
    monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    others = {name: why for name, why in EXEMPT.items() if name != model}
    monkeypatch.setattr(checks, "EXEMPT", others)
    found = texts(checks.every_personal_table_has_an_end)
    assert f"privacy.E003 {model} holds personal data and has no retention rule." in found


@pytest.mark.acceptance("KEEP-10")
def test_what_hangs_on_a_decided_table_goes_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = [rule for rule in RETENTION_SCHEDULE if rule.model != "privacy.PrivacyRequest"]
    monkeypatch.setattr(checks, "RETENTION_SCHEDULE", rules)
    found = " ".join(texts(checks.every_personal_table_has_an_end))
    for model in ("PrivacyRequest", "RequestNote", "Evidence"):
        assert f"privacy.{model} holds" in found


@pytest.mark.parametrize("connectors", [(), ("nowhere",)])
def test_a_processor_that_nobody_talks_to_fails(
    monkeypatch: pytest.MonkeyPatch, connectors: tuple[str, ...]
) -> None:
    new = Processor(
        "new", "Newcomer", "Newcomer", "Counting", "Visits", "Mars", "none", "a@b.example",
        connectors=connectors,
    )  # fmt: skip
    monkeypatch.setattr(checks, "PROCESSORS", (*PROCESSORS, new))
    assert texts(checks.every_processor_is_covered) == [
        "privacy.E004 Nobody erases data at Newcomer."
    ]
    monkeypatch.setattr(checks, "PROCESSORS", (new._replace(task="Ask them."),))
    assert texts(checks.every_processor_is_covered) == []


def test_a_right_without_a_row_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        checks, "RIGHTS", {right: row for right, row in RIGHTS.items() if right != Right.OPT_OUT}
    )
    assert texts(checks.every_right_has_a_row) == [
        "privacy.E005 Right opt_out has no row in privacy/rights.py."
    ]


def test_a_lease_shorter_than_a_call_fails(settings: Any) -> None:
    settings.LEASE = settings.PROCESSOR_TIMEOUT = timedelta(seconds=30)
    (problem,) = checks.leases_outlive_calls(None)
    assert problem.id == "privacy.E007"


def test_a_model_stands_in_the_map_once_and_a_field_in_one_category() -> None:
    for row in DATA_MAP.values():
        names = " ".join(row.fields.values()).split()
        assert len(names) == len(set(names)), row.model


def test_what_concerns_a_person_says_why_and_from_where() -> None:
    for row in SUBJECT_ROWS:
        assert row.purpose, row.model
        assert row.basis, row.model
        assert row.source, row.model
        assert (row.erase == "keep") == (row.ground is not None), row.model
        assert Category.STAFF not in {category for _, category in row.exported()} or (
            row.model == "privacy.PrivacyRequest"
        )
