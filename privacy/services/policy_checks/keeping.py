"""For how long we hold what, and what is left then."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.apps import apps

import privacy.services.package.remove  # noqa: F401  (registers a disposition)
from privacy.datamap import DATA_MAP, Category, Erase
from privacy.grounds import Ground
from privacy.services.package import build
from privacy.services.policy_checks.promise import require, require_none
from retention.billing_periods import BILLING
from retention.dispositions import DISPOSITIONS
from retention.rollups import ROLL_UPS
from retention.rules import RetentionRule
from retention.schedule import EXEMPT, RETENTION_SCHEDULE
from retention.selectors.relations import goes_with
from retention.services.retirement.publish import Cell

# The longest that each thing a request makes may stay, counted from its rule's clock.
OWN_ENDS = {
    "privacy.Draft": relativedelta(hours=24),
    "privacy.MailToken": relativedelta(days=1),
    "privacy.Package": relativedelta(days=0),
}
MOST_PACKAGE_DAYS = timedelta(days=30)
WORD = re.compile(r"\w+")
OF_UNUSED_ACCOUNTS = {("closed_at", "erase_subject"), ("last_active_at", "erase_dormant")}
BILLING_ENDS = {
    "accounts.BillingRecord": BILLING.keep_for,
    "accounts.UsageStatement": BILLING.keep_for,
}
METADATA_ENDS = {
    "accounts.GatewayRequest": relativedelta(days=90),
    "accounts.GatewayBody": relativedelta(days=30),
}


def rules_of(*models_named: str) -> list[RetentionRule]:
    return [rule for rule in RETENTION_SCHEDULE if rule.model in models_named]


def lasts_at_most(keep_for: relativedelta, most: relativedelta) -> bool:
    """Lengths that count months can only be compared from a day on."""
    start = datetime(2027, 1, 1, tzinfo=UTC)
    return start + keep_for <= start + most


def ends_in_time(most: dict[str, relativedelta]) -> None:
    """Each of these models has a rule that works, and none keeps it longer."""
    in_time = {
        rule.model
        for rule in rules_of(*most)
        if lasts_at_most(rule.keep_for, most[rule.model]) and rule.dispose in DISPOSITIONS
    }
    require_none(most.keys() - in_time, "No working rule ends in time")


def only_closed_accounts_end() -> None:
    active = [
        rule.name
        for rule in rules_of("accounts.Account", "accounts.ApiKey")
        if (rule.clock, rule.dispose) not in OF_UNUSED_ACCOUNTS
    ]
    require_none(active, "A retention rule disposes of accounts that may be active")


def billing_records_are_kept() -> None:
    row = DATA_MAP["accounts.BillingRecord"]
    require(
        row.erase is Erase.KEEP and row.ground is Ground.TAX,
        "An erasure does not keep billing records under tax law.",
    )
    early = [
        rule.name
        for rule in rules_of(*BILLING_ENDS)
        if not lasts_at_most(BILLING.keep_for, rule.keep_for)
        or rule.from_year_end < BILLING.from_year_end
    ]
    require_none(early, f"A rule disposes of billing records before {BILLING.until}")


def billing_records_end() -> None:
    ends_in_time(BILLING_ENDS)
    late = [
        rule.name for rule in rules_of(*BILLING_ENDS) if rule.from_year_end > BILLING.from_year_end
    ]
    require_none(late, "A rule counts from the end of a year without a law that says so")


def request_metadata_ends() -> None:
    ends_in_time(METADATA_ENDS)


def forms_links_and_packages_expire() -> None:
    ends_in_time(OWN_ENDS)
    require(build.KEEP_FOR <= MOST_PACKAGE_DAYS, "A package may be downloaded too long.")


def everything_has_an_end() -> None:
    ruled = {rule.model for rule in RETENTION_SCHEDULE if rule.dispose in DISPOSITIONS}
    decided = ruled | {model for model, reason in EXEMPT.items() if reason}
    endless = [
        row.model
        for row in DATA_MAP.values()
        if row.is_personal and not goes_with(apps.get_model(row.model), decided)
    ]
    require_none(endless, "Nothing ends the keeping of")


def cell(accounts: int, share: int) -> Cell:
    """A number of a hundred by so many accounts; the largest has `share` of it."""
    return Cell("", {}, accounts, {"cost_usd": Decimal(100)}, {"cost_usd": Decimal(share)})


def statistics_point_to_nobody() -> None:
    require(not cell(9, 20).is_safe, "A number of nine accounts would be published.")
    require(not cell(10, 51).is_safe, "A number that is mostly one account’s would be published.")
    kept = set(DATA_MAP["retention.RollupCell"].categories.values())
    require(kept == {Category.NONE}, "A statistic has a column about a person.")
    for model, spec in ROLL_UPS.items():
        personal = {
            name
            for name, category in DATA_MAP[model].categories.items()
            if category is not Category.USAGE
        }
        words = {word for text in spec.dimensions.values() for word in WORD.findall(text)}
        require_none(personal & words, "Statistics are told apart by")
        require(spec.rounded.keys() == spec.measures.keys(), "A sum is not rounded.")
