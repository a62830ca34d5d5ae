"""Schedule × holds × time: every rule that deletes rows, against an answer worked out row by row.

The oracle counts forward from each row; the code under test counts back from now.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import pytest
from dateutil.relativedelta import relativedelta
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import DateTimeField
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import BillingRecord, SupportMessage, UsageStatement
from fluxrouter.foundation.models import JobRun
from privacy.models import BrowserSignal, MailToken, ProcessorEvent, Suppression
from retention.models import LegalHold
from retention.rules import RetentionRule
from retention.schedule import RETENTION_SCHEDULE
from retention.selectors.outlook import due
from retention.services import rows
from retention.services.dispose import apply
from tests.support.database import rolled_back
from tests.support.rows import make_account, make_request
from tests.support.staff import member

pytestmark = pytest.mark.acceptance("KEEP-19")

# Only triggers write it: tests/accounts/gateway has its own tests of what goes and what stays.
BY_TRIGGER = "accounts.FeedEntry"
RULES = {
    rule.name: rule
    for rule in RETENTION_SCHEDULE
    if rule.dispose == "delete" and rule.model != BY_TRIGGER
}
# As with a registration for tax where years are counted from their end.
RULES |= {
    f"{rule.name} of Germany": replace(rule, from_year_end=True)
    for rule in RULES.values()
    if rule.model in ("accounts.BillingRecord", "accounts.UsageStatement")
}
DAY = timedelta(days=1)
OFFSETS = st.sampled_from(
    [
        *(n * timedelta.resolution for n in (-1, 0, 1)),
        *(n * timedelta(hours=1) for n in (-25, -1, 1, 23)),
        *(n * DAY for n in (-400, -32, -3, -1, 1, 2, 31, 366)),
    ]
)
# Days on which months are short, years begin, or clocks change somewhere.
DAYS = st.sampled_from(
    [
        *(date(2032, 2, 28), date(2032, 2, 29), date(2032, 3, 1)),
        *(date(2033, 2, 28), date(2033, 3, 31), date(2032, 12, 31), date(2033, 1, 1)),
        *(date(2032, 3, 14), date(2032, 11, 7)),
    ]
)


class Owner(NamedTuple):
    """Whose rows they are, where a table has an owner at all."""

    account: Any
    request: Any
    user: Any


class Hold(NamedTuple):
    """On everything of the first account, on this kind of its data, or on days of everybody's."""

    kind: str
    since: int  # days from the moment at which rows fall due
    length: int


def many(model: Any, clock: str, /, **values: Any) -> Callable[[Owner, Any], Any]:
    """A maker of rows; a value may be a function of the owner."""

    def make(owner: Owner, at: Any) -> Any:
        given = {name: v(owner) if callable(v) else v for name, v in values.items()}
        return model.objects.create(**given, **{clock: at})

    return make


ANY = datetime(2020, 1, 1, tzinfo=UTC)
MAKERS: dict[str, Callable[[Owner, Any], Any]] = {
    "accounts.SupportMessage": many(
        SupportMessage, "received_at", account=lambda o: o.account, email="ann@example.org"
    ),
    "accounts.BillingRecord": many(
        BillingRecord, "issued_on", account_id=lambda o: o.account.pk, amount_cents=1,
        currency="usd",
    ),
    "accounts.UsageStatement": many(
        UsageStatement, "day", account_id=lambda o: o.account.pk, provider="openai",
        model=lambda o: uuid4().hex, requests=1, input_tokens=1, output_tokens=1, cost_usd=1,
    ),
    "retention.LegalHold": many(
        LegalHold, "released_at", subject_id=lambda o: uuid4(), ground="claim", citation="CV-1",
        review_on=ANY.date(), placed_at=ANY,
    ),
    "admin.LogEntry": many(
        LogEntry, "action_time", user=lambda o: o.user, action_flag=1, object_repr=""
    ),
    "privacy.MailToken": many(
        MailToken, "expires_at", request=lambda o: o.request, kind="status",
        digest=lambda o: uuid4().bytes, created_at=ANY,
    ),
    "privacy.Suppression": many(
        Suppression, "expires_at", kind="email", digest=lambda o: uuid4().bytes, erased_at=ANY
    ),
    "privacy.ProcessorEvent": many(
        ProcessorEvent, "received_at", processor="resend", event_id=lambda o: uuid4().hex,
        kind="delivered",
    ),
    "privacy.BrowserSignal": many(
        BrowserSignal, "last_on", browser=lambda o: uuid4().bytes, first_on=ANY.date()
    ),
    "sessions.Session": many(Session, "expire_date", session_key=lambda o: uuid4().hex),
    "foundation.JobRun": many(
        JobRun, "window", job=lambda o: uuid4().hex, started_at=ANY, leased_until=ANY
    ),
}  # fmt: skip


def ends(rule: RetentionRule, clock: Any) -> datetime:
    """When a row is over, worked out forward from its clock."""
    if isinstance(clock, datetime):
        return later(clock, rule.keep_for)
    counted = later(datetime(clock.year, clock.month, clock.day, tzinfo=UTC) + DAY, rule.lag)
    last = (counted - DAY).date()
    if rule.from_year_end:
        last = date(last.year, 12, 31)
    end = last + rule.keep_for
    return datetime(end.year, end.month, end.day, tzinfo=UTC) + DAY


def later(start: datetime, length: relativedelta) -> datetime:
    """What there is no such day for ends with the month: at the next midnight."""
    end = start + length
    months = bool(length.years or length.months)
    if not months or end.day == start.day:
        return end
    return datetime(end.year, end.month, end.day, tzinfo=UTC) + DAY


def test_every_rule_that_deletes_rows_is_in_the_model() -> None:
    assert {rule.model for rule in RULES.values()} == MAKERS.keys()


def is_held(holds: list[LegalHold], rule: RetentionRule, row: Any) -> bool:
    clock = getattr(row, rule.clock)
    day = clock.astimezone(UTC).date() if isinstance(clock, datetime) else clock
    whose: UUID | None = getattr(row, rule.subject) if rule.subject else None
    return any(
        (hold.subject_id is None or (rule.subject and hold.subject_id == whose))
        and hold.model in ("", rule.model)
        and (hold.since is None or hold.since <= day)
        and (hold.until is None or day <= hold.until)
        for hold in holds
    )


def place(rule: RetentionRule, owner: Owner, hold: Hold, middle: date) -> LegalHold:
    days = {
        "since": middle + hold.since * DAY,
        "until": middle + (hold.since + hold.length) * DAY,
    }
    scopes: dict[str, dict[str, Any]] = {
        "account": {"subject_id": owner.account.pk},
        "kind": {"subject_id": owner.account.pk, "model": rule.model, **days},
        "days": {"model": rule.model, **days},
    }
    return LegalHold.objects.create(
        ground="claim", citation="CV-1", review_on=ANY.date(), placed_at=ANY, **scopes[hold.kind]
    )


def clocks(rule: RetentionRule, now: datetime, offsets: list[timedelta]) -> Iterator[Any]:
    """Moments or days around the one at which rows fall due."""
    field = apps.get_model(rule.model)._meta.get_field(rule.clock)
    for offset in offsets:
        moment = now - rule.keep_for + offset
        yield moment if isinstance(field, DateTimeField) else moment.date()


HOLDS = st.lists(
    st.builds(
        Hold,
        st.sampled_from(["account", "kind", "days"]),
        st.integers(-40, 3),
        st.integers(0, 40),
    ),
    max_size=2,
)


@rolled_back
@pytest.mark.parametrize("name", sorted(RULES))
@settings(
    max_examples=12, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    day=DAYS,
    hour=st.sampled_from([0, 5, 23]),
    offsets=st.lists(OFFSETS, min_size=1, max_size=12),
    holds=HOLDS,
    chunk=st.integers(1, 4),
)
def test_what_goes_is_what_the_naive_answer_says(
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    day: date,
    hour: int,
    offsets: list[timedelta],
    holds: list[Hold],
    chunk: int,
) -> None:
    monkeypatch.setattr(rows, "CHUNK", chunk)
    rule, now = RULES[name], datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    with transaction.atomic():
        made = make_all(rule, now, offsets)
        middle = (now - rule.keep_for).date()
        placed = [place(rule, made[0][0], hold, middle) for hold in holds]
        stays = {
            row.pk
            for _, row in made
            if ends(rule, getattr(row, rule.clock)) > now or is_held(placed, rule, row)
        }
        gone = len(made) - len(stays)
        kind = apps.get_model(rule.model)._default_manager.filter(pk__in=[r.pk for _, r in made])
        assert due(rule, now) == gone
        assert apply(rule, now) == gone
        assert set(kind.values_list("pk", flat=True)) == stays
        assert apply(rule, now) == 0
        transaction.set_rollback(True)


def make_all(rule: RetentionRule, now: datetime, offsets: list[timedelta]) -> list[Any]:
    """Rows of two people in turn, each with whom it belongs to."""
    user = member("Auditor", "aud")
    owners = [
        Owner(make_account(email=f"ann{n}@example.org"), make_request(), user) for n in range(2)
    ]
    make = MAKERS[rule.model]
    return [
        (owners[place % 2], make(owners[place % 2], clock))
        for place, clock in enumerate(clocks(rule, now, offsets))
    ]
