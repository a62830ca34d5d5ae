"""docs/retention-schedule.md."""

from privacy.datamap import DATA_MAP, SUBJECT_ROWS
from privacy.grounds import GROUNDS, Ground
from privacy.management.pages.markdown import NOTE, table
from retention.schedule import EXEMPT, RETENTION_SCHEDULE

SCHEDULE_INTRODUCTION = (
    "How long what is kept, from `retention/schedule.py`. The job `dispose` applies the rules "
    "every hour."
)
# What becomes of rows whose time is up, by the code of the disposition.
THEN: dict[str, str] = {
    "delete": "Delete the rows",
    "delete_with_key": "Delete the rows, and the data key of those that became no request",
    "remove_mail": "Delete the rows, their files and their data key",
    "remove_package": "Delete the files and their data key; the row stays and says when",
}


def title(model: str) -> str:
    return f"{DATA_MAP[model].title} (`{model}`)" if model in DATA_MAP else f"`{model}`"


def retention_schedule() -> list[str]:
    rules = [
        (
            title(rule.model),
            f"`{rule.clock}`",
            rule.period,
            rule.basis,
            THEN.get(rule.dispose, rule.dispose.replace("_", " ")),
        )
        for rule in RETENTION_SCHEDULE
    ]
    exempt = [(title(row.model), EXEMPT[row.model]) for row in SUBJECT_ROWS if row.model in EXEMPT]
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
