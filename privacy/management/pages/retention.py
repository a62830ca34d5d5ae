"""docs/retention-schedule.md."""

from collections.abc import Iterable

from django.apps import apps
from django.db.models import Model

from privacy.datamap import DATA_MAP
from privacy.grounds import GROUNDS, Ground
from privacy.kept import OWN_DATA, OwnItem
from privacy.management.pages.markdown import NOTE, table
from privacy.management.pages.regimes import SURE
from privacy.models import PrivacyRequest
from privacy.regimes.schema import Certainty
from privacy.services.closing import SEALED, SEALED_WITH_IT, sealed_fields
from retention.billing_periods import BILLING_PERIODS, HOME, BillingPeriod, longest
from retention.rules import RetentionRule
from retention.schedule import EXEMPT, EXTERNAL, RETENTION_SCHEDULE
from retention.sign_in import SIGN_IN_EXEMPT, SIGN_IN_RULES
from retention.words import THEN, start_of, then_of, time_of

SCHEDULE_INTRODUCTION = (
    "How long what is kept, from `retention/schedule.py`. The job `dispose` applies the rules "
    "every hour; `retire_partitions` takes days of calls out twice a day. A legal hold stops both."
)


def title(model: str) -> str:
    return f"{DATA_MAP[model].title} (`{model}`)" if model in DATA_MAP else f"`{model}`"


def counted_from(rule: RetentionRule) -> str:
    return f"{start_of(rule)} (`{rule.clock}`)"


OWN = (
    "Each item of a person’s request, and when it is destroyed. `destroy_keys` runs every night: "
    "it destroys the request’s data key, and in the same transaction blanks what was sealed under "
    "it, and the index by which the address is found. The row stays as a part of the record. "
    "A hold, an appeal that isn’t decided, a restriction in force and a step that waits keep the "
    "key. Proof of who asks is blanked sooner, by `destroy_proofs`."
)
BLANKED: dict[type[Model], Iterable[str]] = {
    PrivacyRequest: SEALED,
    **{model: sealed_fields(model) for model in SEALED_WITH_IT},
}


def own_items() -> list[tuple[str, ...]]:
    return [(item.what, listed(item.models), item.destroyed, how(item)) for item in OWN_DATA]


def how(item: OwnItem) -> str:
    """What is done, and the job that does it."""
    if item.dispose != "destroy_key":
        return f"{THEN[item.dispose]} (`dispose`)"
    fields = [name for each in item.models for name in BLANKED[apps.get_model(each)]]
    return f"Destroy the key, blank {listed(fields)} (`destroy_keys`)"


def listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


BY_COUNTRY = (
    "The duty falls on whoever sells. `TAX_COUNTRIES` names where we have an establishment or a "
    "tax number besides at home; an invoice doesn’t say whose tax it belongs to, so the longest "
    "of these periods counts for every invoice and statement. At home it is a policy of ours and "
    "no law. Nothing here is legal advice: have counsel look before a code is set."
)


def by_country() -> list[tuple[str, ...]]:
    return [
        (
            f"`{code}`" if code != HOME else f"`{code}` (home)",
            row.place,
            row.until,
            row.citation,
            SURE[Certainty(row.certainty)],
            effect(code, row),
        )
        for code, row in BILLING_PERIODS.items()
    ]


SIGN_IN = (
    "None is installed today. These tables are decided already (`retention/sign_in.py`). Any "
    "other table stops `manage.py check` and `migrate` until it has its fields in "
    "`privacy/datamap.py` and a rule or a reason in the schedule."
)


def sign_in() -> list[tuple[str, str, str]]:
    rules = [(f"`{rule.model}`", time_of(rule), rule.basis) for rule in SIGN_IN_RULES]
    return [
        *rules,
        *((f"`{model}`", "as long as its user", why) for model, why in SIGN_IN_EXEMPT.items()),
    ]


def effect(code: str, row: BillingPeriod) -> str:
    return row.until if longest([code]) is row else "no longer than at home"


def retention_schedule() -> list[str]:
    rules = [
        (
            title(rule.model),
            counted_from(rule),
            rule.period,
            rule.basis,
            then_of(rule),
        )
        for rule in RETENTION_SCHEDULE
    ]
    exempt = [(title(model), reason) for model, reason in EXEMPT.items()]
    kept = [GROUNDS[ground] for ground in Ground]
    grounds = [(row.reason, row.citation, row.until) for row in kept]
    return [
        "# Retention schedule",
        "",
        NOTE,
        "",
        SCHEDULE_INTRODUCTION,
        "",
        "## Rules",
        "",
        *table(("what", "counted from", "kept for", "because", "then"), rules),
        "",
        "## Invoices by country",
        "",
        BY_COUNTRY,
        "",
        *table(("code", "where", "asks for", "where it stands", "how sure", "then"), by_country()),
        "",
        "## What isn’t a table of ours",
        "",
        *table(("what", "where", "kept for", "who sees to it", "because"), EXTERNAL),
        "",
        "## Packages for sign-in, when installed",
        "",
        SIGN_IN,
        "",
        *table(("table", "kept for", "because"), sign_in()),
        "",
        "## What a request itself leaves behind",
        "",
        OWN,
        "",
        *table(("what", "tables", "destroyed", "how, and by which job"), own_items()),
        "",
        "## Personal data without a rule, and why",
        "",
        *table(("what", "reason"), exempt),
        "",
        "## What outlives an erasure",
        "",
        "The grounds of `privacy/grounds.py`, as a certificate names them.",
        "",
        *table(("reason", "where it stands", "until"), grounds),
    ]
