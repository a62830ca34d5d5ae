"""What would go is counted exactly, and counting changes nothing."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import GatewayRequest, SupportMessage
from privacy.services import intake
from retention.schedule import RETENTION_SCHEDULE
from retention.selectors.outlook import due, forecast
from retention.services.dispose import dispose_due
from retention.services.holds import place_hold
from retention.services.retirement.retire import retire
from tests.retention.retiring import after, far_days, make_calls, rule_of, some_accounts
from tests.support.database import committed, rolled_back
from tests.support.rows import make_account
from tests.support.staff import member

pytestmark = pytest.mark.acceptance("KEEP-07")

DAY = timedelta(days=1)


def old_message(days: float, account: Any = None) -> None:
    SupportMessage.objects.create(
        account=account, email="ann@example.org", received_at=timezone.now() - days * DAY
    )


@rolled_back
def test_a_simulation_says_what_the_run_then_does() -> None:
    account = make_account(closed_at=timezone.now() - 31 * DAY)
    old_message(800)
    old_message(10)
    intake.start_draft("cookie")
    now = timezone.now() + 2 * DAY
    rules = [rule for rule in RETENTION_SCHEDULE if rule.dispose != "retire"]
    said = {rule.name: due(rule, timezone.now()) for rule in rules}
    again = {rule.name: due(rule, timezone.now()) for rule in rules}
    assert said == again == dispose_due()
    assert said["accounts.SupportMessage.received_at"] == 1
    assert said["accounts.Account.closed_at"] == 1
    assert account.pk
    drafts = next(rule for rule in rules if rule.model == "privacy.Draft")
    assert due(drafts, now) == 1


@committed
def test_rows_that_a_hold_keeps_are_not_promised_to_go() -> None:
    first = date(2021, 3, 3)
    rule = rule_of()
    with far_days(first, 2):
        held, *others = some_accounts(12)
        make_calls(first, [held, *others])
        make_calls(first + DAY, others)
        place_hold(
            held, ground="claim", citation="CV-1", review_on=timezone.now().date() + DAY,
            actor=member("Approver"),
        )  # fmt: skip
        now = after(first, rule)
        assert due(rule, now) == 11
        assert GatewayRequest.objects.count() == 23
        assert retire(rule, now) == 11
        assert due(rule, now) == 0


@rolled_back
def test_a_forecast_counts_each_day_once() -> None:
    rule = rule_of("accounts.SupportMessage")
    now = timezone.now()
    keep = now - (now - rule.keep_for)
    for in_days in (0.5, 2.5, 2.6, 40):
        SupportMessage.objects.create(
            email="ann@example.org", received_at=now - keep + in_days * DAY
        )
    numbers = forecast(rule, now, 5)
    assert sum(numbers) == 3
    assert numbers[0] == 1


@rolled_back
def test_the_command_prints_a_line_for_each_rule(capsys: pytest.CaptureFixture[str]) -> None:
    old_message(800)
    call_command("dispose", "--simulate")
    printed = dict(line.split() for line in capsys.readouterr().out.splitlines())
    assert printed.keys() == {rule.name for rule in RETENTION_SCHEDULE}
    assert printed["accounts.SupportMessage.received_at"] == "1"
    assert SupportMessage.objects.count() == 1
    call_command("dispose", "--forecast", "3")
    assert "privacy.Draft.created_at: 0 in 3 days" in capsys.readouterr().out
