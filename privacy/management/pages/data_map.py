"""docs/data-map.md."""

from privacy.datamap import OTHER_ROWS, SUBJECT_ROWS, Category, Erase, Find, Row
from privacy.grounds import GROUNDS
from privacy.management.pages.markdown import NOTE, code, table
from privacy.processors import PROCESSORS, Processor

MAP_INTRODUCTION = (
    "Every field of every table, from `privacy/datamap.py`; who else processes data for us, "
    "from `privacy/processors.py`. `manage.py check` fails when a field has no place here."
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


def all_fields(row: Row) -> str:
    return "; ".join(
        f"{category}: {code(names.split())}" for category, names in row.fields.items()
    )


def erased_by(processor: Processor) -> str:
    if processor.connectors:
        return "Connector " + ", ".join(f"`{name}`" for name in processor.connectors)
    return processor.task or "Nothing to erase"


def data_map() -> list[str]:
    others = [(f"`{row.model}`", row.title, str(row.erase), all_fields(row)) for row in OTHER_ROWS]
    processors = [
        (each.title, each.does, each.data, each.region, each.transfer, erased_by(each))
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
