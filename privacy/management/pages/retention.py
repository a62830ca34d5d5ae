"""docs/retention-schedule.md."""

from privacy.datamap import DATA_MAP
from privacy.grounds import GROUNDS, Ground
from privacy.kept import OWN_DATA, THEN
from privacy.management.pages.markdown import NOTE, table
from retention.schedule import EXEMPT, EXTERNAL, RETENTION_SCHEDULE

SCHEDULE_INTRODUCTION = (
    "How long what is kept, from `retention/schedule.py`. The job `dispose` applies the rules "
    "every hour; `retire_partitions` takes days of calls out twice a day. A legal hold stops both."
)


def title(model: str) -> str:
    return f"{DATA_MAP[model].title} (`{model}`)" if model in DATA_MAP else f"`{model}`"


def own_items() -> list[tuple[str, str, str]]:
    return [
        (item.what, ", ".join(f"`{model}`" for model in item.models), item.destroyed)
        for item in OWN_DATA
    ]


def retention_schedule() -> list[str]:
    rules = [
        (
            title(rule.model),
            f"`{rule.clock}`",
            rule.period,
            rule.basis,
            THEN[rule.dispose],
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
        "## What isn’t a table of ours",
        "",
        *table(("what", "where", "kept for", "who sees to it", "because"), EXTERNAL),
        "",
        "## What a request itself leaves behind",
        "",
        "Each item of a person’s request, and when it is destroyed.",
        "",
        *table(("what", "tables", "destroyed"), own_items()),
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
