"""What the tables of the file hold, in words for the person."""

from collections.abc import Iterable

from privacy.connectors.base import Described
from privacy.connectors.external_tables.file import Table
from privacy.datamap import Category
from privacy.grounds import GROUNDS
from privacy.processors import WHILE_ACTIVE
from privacy.words import data_words


def described(tables: Iterable[Table]) -> dict[str, Described]:
    return {table.kind: describe(table) for table in tables}


def describe(table: Table) -> Described:
    return Described(
        title=table.title,
        data=data_words(table.columns.values()),
        purpose=table.purpose,
        basis=table.basis,
        source=table.source,
        recipients=tuple(table.recipients),
        kept=GROUNDS[table.ground].until.capitalize() if table.ground else WHILE_ACTIVE,
        withheld=tuple(
            name for name, kind in table.columns.items() if kind is Category.CREDENTIAL
        ),
    )
