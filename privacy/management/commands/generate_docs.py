"""Write docs/data-map.md and docs/retention-schedule.md from the tables, or say they are stale."""

from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from privacy.datamap import DATA_MAP, OTHER_ROWS, SUBJECT_ROWS, Category, Erase, Find, Row
from privacy.grounds import GROUNDS
from privacy.processors import PROCESSORS, Processor
from retention.schedule import EXEMPT, RETENTION_SCHEDULE

NOTE = "<!-- Made by `manage.py generate_docs`. Change the tables it names, then run it again. -->"
MAP_INTRODUCTION = (
    "Every field of every table, from `privacy/datamap.py`; who else processes data for us, "
    "from `privacy/processors.py`. `manage.py check` fails when a field has no place here."
)
SCHEDULE_INTRODUCTION = (
    "How long what is kept, from `retention/schedule.py`. The job `dispose` applies the rules "
    "every hour."
)
FOUND: dict[Find, str] = {
    Find.ACCOUNT: "by the account",
    Find.ACCOUNT_OR_EMAIL: "by the account, or by the e-mail address",
    Find.REQUEST: "by the blind index of the e-mail address",
    Find.PARTITIONS: "by the account, in every attached or detached partition",
    Find.NEVER: "not searched",
}
IN_AN_EXPORT: dict[Category, str] = {
    Category.NONE: "left out",
    Category.CREDENTIAL: "named, not shown",
    Category.SEALED: "opened and shown",
    Category.STAFF: "left out",
}
# What becomes of rows whose time is up, by the code of the disposition.
THEN: dict[str, str] = {
    "delete": "Delete the rows",
    "delete_with_key": "Delete the rows, and the data key of those that became no request",
    "remove_package": "Delete the files and their data key; the row stays and says when",
}
UNITS = ("years", "months", "days", "hours", "minutes")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return [f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines]


def code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def erasure_words(row: Row) -> str:
    if row.erase is Erase.KEEP and row.ground:
        ground = GROUNDS[row.ground]
        return f"kept: {ground.reason} ({ground.citation}), {ground.until}"
    return "deleted" if row.erase is Erase.DELETE else str(row.erase)


def describe(row: Row) -> list[str]:
    """One table of people's data: the facts, then its fields by category."""
    facts = (
        ("Found", FOUND[row.find]),
        ("Purpose", row.purpose),
        ("Legal basis", row.basis),
        ("Source", row.source),
        ("Recipients", ", ".join(row.recipients) or "none"),
        ("On erasure", erasure_words(row)),
    )
    fields = [
        (str(category), code(names.split()), IN_AN_EXPORT.get(category, "shown"))
        for category, names in row.fields.items()
    ]
    return [
        f"### {row.title}",
        "",
        f"`{row.model}`",
        "",
        *[f"- {name}: {text}" for name, text in facts],
        "",
        *table(("category", "fields", "in an export"), fields),
        "",
    ]


def data_map() -> list[str]:
    others = [(f"`{row.model}`", row.title, str(row.erase), all_fields(row)) for row in OTHER_ROWS]
    processors = [
        (each.name, each.does, each.data, each.region, each.transfer, erased_by(each))
        for each in PROCESSORS
    ]
    return [
        "# Data map",
        "",
        NOTE,
        "",
        MAP_INTRODUCTION,
        "",
        "## Data of people",
        "",
        "In the order in which an erasure deletes: children before their parents.",
        "",
        *[line for row in SUBJECT_ROWS for line in describe(row)],
        "## Other tables",
        "",
        "Of nobody, of staff, or gone with the request they belong to.",
        "",
        *table(("table", "what it holds", "on erasure", "fields"), others),
        "",
        "## Processors",
        "",
        *table(
            ("processor", "what it does", "data", "region", "transfer", "erased by"), processors
        ),
    ]


def all_fields(row: Row) -> str:
    return "; ".join(
        f"{category}: {code(names.split())}" for category, names in row.fields.items()
    )


def erased_by(processor: Processor) -> str:
    return f"Connector `{processor.connector}`" if processor.connector else processor.by_hand


def period(keep_for: relativedelta) -> str:
    parts = [(getattr(keep_for, unit), unit) for unit in UNITS]
    words = [f"{n} {unit if n != 1 else unit[:-1]}" for n, unit in parts if n]
    return " ".join(words) or "until then"


def title(model: str) -> str:
    return f"{DATA_MAP[model].title} (`{model}`)" if model in DATA_MAP else f"`{model}`"


def retention_schedule() -> list[str]:
    rules = [
        (
            title(rule.model),
            f"`{rule.clock}`",
            period(rule.keep_for),
            rule.basis,
            THEN.get(rule.dispose, rule.dispose.replace("_", " ")),
        )
        for rule in RETENTION_SCHEDULE
    ]
    exempt = [(title(row.model), EXEMPT[row.model]) for row in SUBJECT_ROWS if row.model in EXEMPT]
    grounds = [(row.reason, row.citation, row.until) for row in GROUNDS.values()]
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


PAGES = {"data-map.md": data_map, "retention-schedule.md": retention_schedule}


class Command(BaseCommand):
    help = "Write docs/data-map.md and docs/retention-schedule.md. With --check, only compare."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="exit 1 when one is stale")
        parser.add_argument("--folder", type=Path, default=Path(settings.BASE_DIR) / "docs")

    def handle(self, *args: Any, **options: Any) -> None:
        stale = []
        for name, make in PAGES.items():
            text, file = "\n".join(make()) + "\n", options["folder"] / name
            if file.exists() and file.read_text(encoding="utf-8") == text:
                continue
            stale.append(name)
            if not options["check"]:
                file.write_text(text, encoding="utf-8")
        if stale and options["check"]:
            raise CommandError(f"Stale: {', '.join(stale)}. Run manage.py generate_docs.")
        self.stdout.write(f"Written: {', '.join(stale)}." if stale else "Nothing to change.")
