"""Packages for staff's sign-in: what is decided before they are installed, and what stops them."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.test import override_settings

from privacy import checks
from privacy.datamap import DATA_MAP, Category, Row
from privacy.management.pages.retention import retention_schedule
from retention import sign_in
from retention.schedule import EXEMPT, RETENTION_SCHEDULE
from retention.sign_in import SIGN_IN_EXEMPT, SIGN_IN_RULES

pytestmark = pytest.mark.acceptance("KEEP-10", "KEEP-20")

# A package that notes attempts, as django-axes does, with a table that nobody decided.
MODELS = """
from django.db import models

class AccessAttempt(models.Model):
    username = models.CharField(max_length=255)
    attempt_time = models.DateTimeField(auto_now_add=True)

class Visit(models.Model):
    username = models.CharField(max_length=255)
"""
ROWS = {
    name: Row(f"axes.{name}", name, {Category.NONE: "id attempt_time", Category.STAFF: "username"})
    for name in ("AccessAttempt", "Visit")
}


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the installed apps, with such a package among them."""
    package = tmp_path / "axes"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "models.py").write_text(MODELS)
    monkeypatch.syspath_prepend(tmp_path)
    names = [*settings.INSTALLED_APPS, "axes"]
    with override_settings(INSTALLED_APPS=names):
        yield names
    apps.all_models.pop("axes")
    for name in ("axes", "axes.models"):
        sys.modules.pop(name, None)


def test_without_a_place_in_the_data_map_a_package_stops_the_start(installed: list[str]) -> None:
    found = [problem.msg for problem in checks.every_field_is_mapped(None)]
    assert "Field axes.AccessAttempt.username is not in the data map." in found


def test_a_decided_table_has_its_rule_and_another_is_told(
    installed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = {row.model: row for row in ROWS.values()}
    monkeypatch.setattr(checks, "DATA_MAP", {**DATA_MAP, **rows})
    rules = [rule for rule in SIGN_IN_RULES if sign_in.is_installed(rule.model, installed)]
    monkeypatch.setattr(checks, "RETENTION_SCHEDULE", [*RETENTION_SCHEDULE, *rules])
    found = [problem.msg for problem in checks.every_personal_table_has_an_end(None)]
    assert found == ["axes.Visit holds personal data and has no retention rule."]
    attempts = next(rule for rule in rules if rule.model == "axes.AccessAttempt")
    assert apps.get_model(attempts.model)._meta.get_field(attempts.clock)
    assert attempts.period == "30 days"


@pytest.mark.parametrize(
    ("name", "model", "is_there"),
    [
        ("axes", "axes.AccessLog", True),
        ("axes.apps.AppConfig", "axes.AccessLog", True),
        ("allauth.socialaccount", "socialaccount.SocialAccount", True),
        ("django_otp.plugins.otp_totp", "otp_totp.TOTPDevice", True),
        ("accounts", "account.EmailAddress", False),
        ("django_otp", "otp_totp.TOTPDevice", False),
    ],
)
def test_a_package_is_known_by_its_label(name: str, model: str, is_there: bool) -> None:
    assert sign_in.is_installed(model, [name]) is is_there


def test_what_isnt_installed_is_in_no_rule_and_no_exemption_but_in_the_document() -> None:
    assert not {rule.model for rule in SIGN_IN_RULES} & {rule.model for rule in RETENTION_SCHEDULE}
    assert not SIGN_IN_EXEMPT.keys() & EXEMPT.keys()
    page = "\n".join(retention_schedule())
    for model in (*SIGN_IN_EXEMPT, *(rule.model for rule in SIGN_IN_RULES)):
        assert f"`{model}`" in page
