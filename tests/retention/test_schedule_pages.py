"""Staff's pages about the schedule: what went, what waits, what is to come."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import GatewayRequest, SupportMessage
from fluxrouter.foundation.jobs.run import Schedule
from fluxrouter.foundation.models import TrailChain, TrailEvent
from fluxrouter.foundation.trail.seal import seal_trail
from fluxrouter.foundation.trail.verify import verify_trail
from fluxrouter.jobs import JOBS
from retention.models import Disposition, Sweep
from retention.pages.chart import HEIGHT, chart_of
from retention.schedule import RETENTION_SCHEDULE
from retention.selectors.falling import falling_due
from retention.services.dispose import apply, dispose_due
from retention.services.holds import place_hold
from tests.retention.retiring import after, far_days, make_calls, rule_of, some_accounts
from tests.support import staff
from tests.support.database import committed, rolled_back
from tests.support.rows import make_account

pytestmark = pytest.mark.acceptance("KEEP-12")

LIST = "/admin/retention/disposition/schedule/"
RULE = rule_of("accounts.SupportMessage")
PAGE = f"{LIST}{RULE.name}/"
DAY = timedelta(days=1)
FAR = date(2021, 3, 3)


def messages(*days_ago: float, account: Any = None) -> None:
    for days in days_ago:
        SupportMessage.objects.create(
            account=account, email="ann@example.org", received_at=timezone.now() - days * DAY
        )


def signed_in(role: str) -> Any:
    return staff.signed_in(staff.member(role, role.lower()))


@rolled_back
def test_the_list_has_every_rule_with_its_last_run_and_what_waits() -> None:
    messages(900, 901)
    dispose_due()
    Sweep.objects.filter(rule=RULE.name).update(rows_remaining=1234)
    page = signed_in("Viewer").get(LIST).text
    for rule in RETENTION_SCHEDULE:
        assert f"{LIST}{rule.name}/" in page
    row = page[page.index(PAGE) : page.index("</tr>", page.index(PAGE))]
    assert re.findall(r'class="num" data-label="[^"]+">([^<]+)<', row) == ["2", "1,234 rows"]


@committed
def test_days_that_are_over_wait_until_they_went() -> None:
    rule = rule_of()
    with far_days(FAR, 2), time_machine.travel(after(FAR, rule), tick=False):
        client = signed_in("Viewer")
        assert "1 day<" in client.get(f"{LIST}{rule.name}/").text
        make_calls(FAR, some_accounts(3))
        apply(rule, timezone.now())
        page = client.get(f"{LIST}{rule.name}/").text
    assert "0 days<" in page
    assert "3 March 2021" in page
    assert "Dropped" in page


@rolled_back
def test_a_rules_page_says_when_it_runs_next() -> None:
    with time_machine.travel(datetime(2026, 11, 24, 9, 31, tzinfo=UTC), tick=False):
        page = signed_in("Viewer").get(PAGE).text
        assert "24 November 2026, 10:30 UTC" in page
        page = signed_in("Auditor").get(f"{LIST}{rule_of().name}/").text
        assert "24 November 2026, 14:10 UTC" in page


def test_the_times_on_the_pages_are_those_of_the_jobs() -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    for name in ("dispose", "retire_partitions"):
        schedule = JOBS[name].schedule
        assert schedule.last_due(schedule.next_due(noon)) > noon
    assert Schedule({0}, {0}, {29}).next_due(noon) == datetime(2026, 11, 29, tzinfo=UTC)


@rolled_back
def test_a_dry_run_says_exactly_what_would_go_and_changes_nothing() -> None:
    messages(900, 901, 902, 5)
    client = signed_in("Approver")
    shown = client.post(f"{PAGE}dry-run/", follow=True).text
    assert "A run would dispose of 3 now. Nothing was changed." in shown
    assert SupportMessage.objects.count() == 4
    assert not Disposition.objects.exists()
    event = TrailEvent.objects.get(chain_id=RULE.chain)
    assert (event.code, event.data) == ("retention.dry_run", {"rows": 3})
    assert dispose_due()[RULE.name] == 3


@rolled_back
@pytest.mark.parametrize("role", ["Viewer", "Handler"])
def test_who_may_not_dry_run_has_no_button_and_no_post(role: str) -> None:
    client = signed_in(role)
    assert "Dry run now" not in client.get(PAGE).text
    assert client.post(f"{PAGE}dry-run/").status_code == 403
    assert not TrailEvent.objects.filter(chain_id=RULE.chain).exists()


@rolled_back
def test_a_dry_run_is_no_link_and_an_unknown_rule_is_not_found() -> None:
    client = signed_in("Auditor")
    assert client.get(f"{PAGE}dry-run/").status_code == 405
    assert client.get(f"{LIST}accounts.User.pk/").status_code == 404
    assert client.post(f"{LIST}accounts.User.pk/dry-run/").status_code == 404


@committed
@pytest.mark.acceptance("KEEP-13")
def test_each_run_leaves_a_record_and_an_event_with_counts_alone_and_the_trail_is_intact() -> None:
    messages(900, 901)
    dispose_due()
    dispose_due()
    run = Disposition.objects.get(rule=RULE.name)
    event = TrailEvent.objects.get(chain_id=RULE.chain)
    assert (run.rows, event.code, event.data) == (2, "retention.applied", {"rows": 2})
    assert TrailChain.objects.get(pk=RULE.chain).kind == "retention"
    seal_trail()
    assert verify_trail() == []


def test_each_rule_has_a_chain_of_its_own_that_never_changes() -> None:
    chains = {rule.chain for rule in RETENTION_SCHEDULE}
    assert len(chains) == len(RETENTION_SCHEDULE)
    assert str(RULE.chain) == "d33246f9-646f-55b8-b236-9502b2bf58f6"


@rolled_back
def test_the_days_to_come_are_counted_by_the_clock_without_what_is_held() -> None:
    now = timezone.now()
    keep = (now - (now - RULE.keep_for)).days
    held = make_account()
    messages(keep - 0.5, keep - 2.5, keep - 2.6, keep - 40, keep + 3)
    messages(keep - 2.5, account=held)
    place_hold(
        held.pk, ground="claim", citation="CV-1", review_on=now.date() + DAY,
        actor=staff.member("Approver"),
    )  # fmt: skip
    numbers = falling_due(RULE, now, 5)
    assert (numbers[0], sum(numbers)) == (1, 3)


@committed
def test_the_days_to_come_of_calls_are_those_of_their_partitions() -> None:
    rule = rule_of()
    with far_days(FAR, 3):
        for place in range(3):
            make_calls(FAR + place * DAY, some_accounts(place + 1))
        assert falling_due(rule, after(FAR, rule), 2) == [2, 3]
    assert not GatewayRequest.objects.exists()


@rolled_back
def test_the_drawing_has_a_title_a_description_and_a_table_with_its_numbers() -> None:
    keep = (timezone.now() - (timezone.now() - RULE.keep_for)).days
    messages(keep - 3.5, keep - 3.5, keep - 9.5)
    page = signed_in("Viewer").get(PAGE).text
    drawing = page[page.index("<svg role") : page.index("</svg>", page.index("<svg role"))]
    assert "<title" in drawing
    assert "<desc" in drawing
    assert "style=" not in drawing
    assert drawing.count("<rect") == 30
    table = page[page.index("</svg>", page.index("<svg role")) :]
    cells = re.findall(r'<th scope="row">[^<]+</th><td class="num">(\d+)</td>', table)
    assert [int(each) for each in cells] == falling_due(RULE, timezone.now(), 30)
    assert "next 30 days: 3 rows" in page


def test_the_highest_bar_fills_the_drawing_and_nothing_is_not_broken() -> None:
    now = timezone.now()
    assert [bar.height for bar in chart_of([1, 4, 0], now).bars] == [HEIGHT // 4, HEIGHT, 0]
    assert {bar.height for bar in chart_of([0] * 30, now).bars} == {0}
