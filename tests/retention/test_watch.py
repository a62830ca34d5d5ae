"""What keeps the schedule from being applied in time is told."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from fluxrouter.foundation.alarms import open_alarms
from fluxrouter.foundation.models import JobRun
from fluxrouter.staff import ALARMS
from retention.services.retirement import let_go, retire
from retention.services.watch import missed_windows
from tests.retention.retiring import after, far_days, make_calls, rule_of, some_accounts
from tests.support import staff
from tests.support.database import as_owner, committed, rolled_back

pytestmark = pytest.mark.acceptance("KEEP-14")

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = date(2021, 3, 3)


def ran(job: str, window: datetime, *, ended: bool = True) -> None:
    JobRun.objects.create(
        job=job,
        window=window,
        started_at=window,
        leased_until=window + 15 * MINUTE,
        finished_at=window + MINUTE if ended else None,
        outcome={},
    )


@rolled_back
def test_a_run_that_is_an_hour_late_is_missed_and_one_that_is_not_is_not() -> None:
    ran("dispose", NOON - 90 * MINUTE)  # 10:30
    assert missed_windows(NOON + 29 * MINUTE) == set()
    assert missed_windows(NOON + 30 * MINUTE) == {"dispose"}
    ran("dispose", NOON - 30 * MINUTE, ended=False)
    assert missed_windows(NOON + 30 * MINUTE) == {"dispose"}
    JobRun.objects.update(finished_at=NOON)
    assert missed_windows(NOON + 30 * MINUTE) == set()


@rolled_back
def test_a_new_site_has_missed_nothing() -> None:
    assert missed_windows(NOON) == set()


@rolled_back
def test_staff_and_whoever_asks_for_readiness_see_it_while_the_scheduler_is_dead() -> None:
    ran("dispose", NOON - 60 * 24 * MINUTE)
    ran("retire_partitions", NOON - 60 * 48 * MINUTE)
    with time_machine.travel(NOON, tick=False):
        page = staff.signed_in(staff.member("Viewer")).get("/admin/").text
        assert ALARMS["window_missed"].many.format(2) in page
        assert "window_missed" in Client().get("/readyz").json()["alarms"]


@committed
def test_a_day_that_began_to_go_a_day_ago_raises_an_alarm_until_it_went(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(let_go, "TRYING", timedelta(0))
    rule = rule_of()
    moment = after(DAY, rule)

    def alarms() -> list[str]:
        rows = open_alarms().filter(code="retirement_waits")
        return list(rows.values_list("about", flat=True))

    with far_days(DAY) as (table,):
        make_calls(DAY, some_accounts(2))
        with monkeypatch.context() as patch:
            patch.setattr(retire, "let_go", lambda retirement: False)
            with time_machine.travel(moment, tick=False):
                retire.retire(rule, moment)
        with as_owner() as reader:
            reader.autocommit = False
            reader.execute(f"SELECT count(*) FROM {table}")
            with time_machine.travel(moment + timedelta(hours=12), tick=False):
                retire.retire(rule, moment)
            assert alarms() == []
            with time_machine.travel(moment + timedelta(hours=36), tick=False):
                retire.retire(rule, moment)
            assert alarms() == [table]
        retire.retire(rule, moment)
        assert alarms() == []
