"""Invoices stay for the longest period of where we are registered for tax, and no longer."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import get_args
from uuid import uuid4

import pytest
from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from accounts.models import BillingRecord
from privacy.grounds import GROUNDS, Ground
from privacy.letters.vocabulary import KEPT
from privacy.management.pages.retention import retention_schedule
from privacy.regimes.schema import Certainty as OfLaws
from retention.billing_periods import BILLING_PERIODS, HOME, POSSIBLE, Certainty, longest
from retention.rules import RetentionRule
from retention.schedule import BILLED_WITHIN
from retention.selectors.falling import falling_due
from retention.services import rows
from retention.words import time_of
from tests.retention.retiring import rule_of
from tests.support.database import rolled_back

pytestmark = pytest.mark.acceptance("KEEP-17")

INVOICES, STATEMENTS = "accounts.BillingRecord", "accounts.UsageStatement"
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def rule_with(*countries: str, model: str = INVOICES) -> RetentionRule:
    period = longest(countries)
    rule = rule_of(model)
    return replace(rule, keep_for=period.keep_for, from_year_end=period.from_year_end)


def at(year: int, month: int = 1, day: int = 1) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


def invoice(issued_on: date) -> None:
    BillingRecord.objects.create(
        account_id=uuid4(), invoice_number="1", amount_cents=1, currency="usd", issued_on=issued_on
    )


@rolled_back
@pytest.mark.parametrize(
    ("countries", "issued_on", "over"),
    [
        ((), date(2023, 6, 1), at(2030, 6, 2)),
        ((), date(2024, 2, 29), at(2031, 3, 1)),
        ((), date(2025, 2, 28), at(2032, 2, 29)),
        ((), date(2021, 12, 31), at(2029, 1, 1)),
        (("DE",), date(2024, 1, 1), at(2033)),
        (("DE",), date(2024, 2, 29), at(2033)),
        (("DE",), date(2024, 12, 31), at(2033)),
        (("DE",), date(2025, 1, 1), at(2034)),
        (("AT",), date(2024, 1, 1), at(2032)),
        (("EU", "DE"), date(2024, 12, 31), at(2035)),
        (("GB", "CA", "ES"), date(2024, 12, 31), at(2032, 1, 1)),
        (("GB",), date(2024, 1, 1), at(2031, 1, 2)),
    ],
)
def test_an_invoice_goes_at_its_end_and_not_a_second_sooner(
    countries: tuple[str, ...], issued_on: date, over: datetime
) -> None:
    invoice(issued_on)
    rule = rule_with(*countries)
    assert rows.delete_expired(rule, over - SECOND) == 0
    assert rows.delete_expired(rule, over) == 1


@pytest.mark.parametrize("code", sorted(BILLING_PERIODS))
def test_nowhere_does_an_invoice_go_before_the_law_there_lets_it_or_before_our_policy(
    code: str,
) -> None:
    law, rule = BILLING_PERIODS[code], rule_with(code)
    for start in (date(2023, 1, 1), date(2024, 2, 29), date(2024, 12, 31)):
        counted = date(start.year + 1, 1, 1) if law.from_year_end else start + DAY
        by_law = counted + relativedelta(years=law.years)
        ours = start + DAY + relativedelta(years=7)
        end = max(by_law, ours)
        assert rule.last_moment(at(end.year, end.month, end.day)) >= start
        assert rule.last_moment(at(end.year, end.month, end.day) - SECOND) < start


def test_without_a_registration_elsewhere_our_own_policy_counts() -> None:
    assert longest([]) is BILLING_PERIODS[HOME]
    assert BILLING_PERIODS[HOME].certainty == "policy"
    assert "No law asks for seven years" in rule_of(INVOICES).basis
    assert (rule_of(INVOICES).keep_for, rule_of(INVOICES).from_year_end) == (
        relativedelta(years=7), False,
    )  # fmt: skip


def test_a_country_without_a_row_stops_the_start() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"TAX_COUNTRIES names FI, XX\."):
        longest(["DE", "XX", "FI"])


@pytest.mark.parametrize("code", sorted(BILLING_PERIODS))
def test_a_statement_stays_as_long_as_the_invoice_that_rests_on_it(code: str) -> None:
    statements, invoices = rule_with(code, model=STATEMENTS), rule_with(code)
    for number in range(0, 800, 3):
        used = date(2023, 1, 1) + number * DAY
        billed = used + BILLED_WITHIN
        for year in range(2030, 2037):
            same_day = billed + relativedelta(year=year)
            for now in (at(year), at(year, 3), at(year, same_day.month, same_day.day)):
                if invoices.last_moment(now) < billed:
                    assert statements.last_moment(now) < used
    assert statements.last_moment(at(2040)) > date(2029, 1, 1)


def test_every_row_says_where_it_stands_and_how_sure_that_is() -> None:
    assert set(get_args(Certainty)) == {str(each) for each in OfLaws}
    assert all(row.citation and row.place for row in BILLING_PERIODS.values())
    assert [code for code, row in BILLING_PERIODS.items() if row.certainty == "policy"] == [HOME]


def test_letters_have_words_for_every_length_that_may_count() -> None:
    assert GROUNDS[Ground.TAX].until == "7 years after the invoice"
    assert set(POSSIBLE) <= set(KEPT)


def test_the_page_names_every_country_and_another_period_makes_it_stale(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = "\n".join(retention_schedule())
    for code, row in BILLING_PERIODS.items():
        assert f"| `{code}`" in page
        assert row.citation in page
    monkeypatch.setitem(BILLING_PERIODS, "DE", BILLING_PERIODS["DE"]._replace(years=9))
    with pytest.raises(CommandError, match=r"Stale: .*retention-schedule\.md"):
        call_command("generate_docs", check=True)


@rolled_back
def test_what_is_counted_from_a_years_end_falls_due_on_one_day() -> None:
    for issued_on in (date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1)):
        invoice(issued_on)
    assert falling_due(rule_with("DE"), at(2032, 12, 30), 5) == [0, 2, 0, 0, 0]


ELSEWHERE = """
import django, json
django.setup()
import retention.checks
from privacy.grounds import GROUNDS, Ground
from privacy.kept import kept_of_people
from privacy.processors import PROCESSORS
from privacy.services.policy_checks import keeping
keeping.billing_records_are_kept()
keeping.billing_records_end()
stripe = next(row for row in PROCESSORS if row.title == "Stripe")
print(json.dumps({
    "ground": GROUNDS[Ground.TAX],
    "kept": {row.what: [row.time, row.because] for row in kept_of_people()},
    "limit": stripe.limits[0].until,
    "stripe": stripe.kept,
}))
"""


def test_what_people_read_follows_the_setting() -> None:
    run = subprocess.run(
        [sys.executable, "-c", ELSEWHERE], env=os.environ | {"TAX_COUNTRIES": "GB, DE"},
        cwd=settings.BASE_DIR, stdout=subprocess.PIPE, encoding="utf-8", check=True,
    )  # fmt: skip
    said = json.loads(run.stdout)
    until = "8 years after the end of the invoice’s year"
    assert said["ground"][2] == until
    assert "§ 14b(1) UStG" in said["ground"][1]
    assert said["limit"].startswith(until)
    assert until in said["stripe"]
    time, because = said["kept"]["Invoices, as we must keep them"]
    assert time == "8 years after the end of the year of the invoice"
    assert "Germany" in because
    statement = said["kept"]["What you used, day by day, as your invoices rest on it"]
    assert statement[0].startswith("8 years after the end of the year of the invoice for that day")


def test_the_words_of_home_are_those_of_before() -> None:
    assert time_of(rule_of(INVOICES)) == "7 years after the invoice"
