"""Erasing, correcting, and looking for what was missed."""

from collections.abc import Callable, Iterator

from django.db import DataError, IntegrityError, connections
from psycopg import sql

from privacy.connectors.base import Residue, Task, Value
from privacy.connectors.errors import PermanentError
from privacy.connectors.external_tables.catalogue import Catalogue, Column
from privacy.connectors.external_tables.file import Table
from privacy.connectors.external_tables.find import (
    Person,
    condition,
    count,
    erasable,
    identifier,
    is_address,
    is_any,
    rows,
)
from privacy.datamap import Category

CHUNK = 10_000
FOREIGN_KEY = "23503"
KEYS = "SELECT {key} FROM {table} WHERE {where} {after} ORDER BY {key} LIMIT {chunk}"


def erase(catalogue: Catalogue, table: Table, person: Person, beat: Callable[[], None]) -> int:
    """Delete or blank the person's rows, in chunks along the key, each its own transaction."""
    total = 0
    after: sql.Composable = sql.SQL("")
    kind = catalogue.columns[table.place][table.key].type
    names = {"key": sql.Identifier(table.key), "table": identifier(table.table)}
    where = erasable(catalogue, table, person)
    while True:
        query = sql.SQL(KEYS).format(**names, where=where, after=after, chunk=sql.Literal(CHUNK))
        keys = [key for (key,) in rows(table.database, query)]
        if not keys:
            return total
        chosen = sql.SQL("{} = ANY({}::{}[])").format(
            names["key"], sql.Literal(keys), sql.SQL(kind)
        )
        # Also the person's: whether a key is unique is the file's word only.
        theirs = sql.SQL("{} AND {}").format(chosen, where)
        total += execute(table, erasure(catalogue, table, theirs))
        after = sql.SQL("AND {} > {}").format(names["key"], sql.Literal(keys[-1]))
        beat()


def erasure(catalogue: Catalogue, table: Table, where: sql.Composable) -> sql.Composable:
    if table.erase == "delete":
        return sql.SQL("DELETE FROM {} WHERE {}").format(identifier(table.table), where)
    columns = catalogue.columns[table.place]
    empty = (
        sql.SQL("{} = {}").format(
            sql.Identifier(name), sql.SQL("NULL" if columns[name].nullable else "''")
        )
        for name in table.blank
    )
    return sql.SQL("UPDATE {} SET {} WHERE {}").format(
        identifier(table.table), sql.SQL(", ").join(empty), where
    )


def execute(table: Table, query: sql.Composable) -> int:
    try:
        with connections[table.database].cursor() as cursor:
            cursor.execute(query.as_string())
            return int(cursor.rowcount)
    except (IntegrityError, DataError) as error:
        refers = getattr(error, "sqlstate", "") == FOREIGN_KEY
        raise PermanentError("still_referenced" if refers else "refused_value") from None


def current(catalogue: Catalogue, task: Task, person: Person) -> Iterator[Value]:
    """What stands in the correctable columns, row by row. A row's object is table and key."""
    for table in catalogue.tables:
        for field, column in wanted(table, task).items():
            query = sql.SQL(
                "SELECT {0}::text, coalesce({1}::text, '') FROM {2} WHERE {3} ORDER BY {0}"
            )
            found = rows(
                table.database,
                query.format(
                    sql.Identifier(table.key),
                    sql.Identifier(column),
                    identifier(table.table),
                    condition(catalogue, table, person),
                ),
            )
            yield from (Value(f"{table.kind}:{key}", field, text) for key, text in found)


def correct(catalogue: Catalogue, task: Task, person: Person) -> dict[str, int]:
    """Write each field where it differs. Returns how many rows changed, by field."""
    counts: dict[str, int] = {}
    for table in catalogue.tables:
        for field, column in wanted(table, task).items():
            query = sql.SQL("UPDATE {0} SET {1} = {2} WHERE {3} AND {1} IS DISTINCT FROM {2}")
            changed = execute(
                table,
                query.format(
                    identifier(table.table),
                    sql.Identifier(column),
                    sql.Literal(task.patch[field]),
                    condition(catalogue, table, person),
                ),
            )
            counts[field] = counts.get(field, 0) + changed
    return counts


def wanted(table: Table, task: Task) -> dict[str, str]:
    return {field: column for field, column in table.correct.items() if field in task.patch}


def residues(
    catalogue: Catalogue, person: Person, refs: dict[str, list[str]]
) -> Iterator[Residue]:
    """Looks by the columns that the catalogue has, not by the paths: any column of a table that
    holds the person's id or address, or an id of a row through which it was reached.
    """
    for table in catalogue.tables:
        if table.erase == "keep":
            continue
        number = count(table, sql.SQL(" OR ").join(traces(catalogue, table, person, refs)))
        if number:
            yield Residue(table.kind, number)


def traces(
    catalogue: Catalogue, table: Table, person: Person, refs: dict[str, list[str]]
) -> Iterator[sql.Composable]:
    yield erasable(catalogue, table, person)
    personal = table.blank if table.erase == "blank" else table.columns
    for name, column in catalogue.columns[table.place].items():
        if name in personal and table.columns.get(name) is not Category.STAFF:
            yield from trace(name, column, person)
    if table.erase == "delete" and (ids := refs.get(table.kind)):
        yield sql.SQL("{}::text = ANY({}::text[])").format(
            sql.Identifier(table.hops[0].column), sql.Literal(ids)
        )


def trace(name: str, column: Column, person: Person) -> Iterator[sql.Composable]:
    if column.is_text or column.type == "uuid":
        yield is_any(name, column, person.ids)
    if column.is_text:
        yield is_address(name, person.email)
