"""What the databases say of the tables that the file names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db import connections

from privacy.connectors.external_tables.file import Place, Table, in_order

COLUMNS = """SELECT n.nspname || '.' || c.relname, a.attname,
    format_type(a.atttypid, a.atttypmod), NOT a.attnotnull
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname || '.' || c.relname = ANY(%s::text[]) AND c.relkind IN ('r', 'p')
    AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"""
REFERENCES = """SELECT cn.nspname || '.' || cc.relname, pn.nspname || '.' || pc.relname,
    k.confdeltype IN ('a', 'r'),
    (SELECT array_agg(a.attname::text) FROM pg_attribute a
     WHERE a.attrelid = k.conrelid AND a.attnum = ANY(k.conkey))
  FROM pg_constraint k JOIN pg_class cc ON cc.oid = k.conrelid
  JOIN pg_namespace cn ON cn.oid = cc.relnamespace JOIN pg_class pc ON pc.oid = k.confrelid
  JOIN pg_namespace pn ON pn.oid = pc.relnamespace
  WHERE k.contype = 'f' AND k.conparentid = 0
    AND pn.nspname || '.' || pc.relname = ANY(%s::text[])"""
RIGHTS = """SELECT n.nspname || '.' || c.relname, has_schema_privilege(n.oid, 'USAGE')
    AND has_table_privilege(c.oid, 'SELECT') AND NOT row_security_active(c.oid),
    has_table_privilege(c.oid, 'DELETE'), has_any_column_privilege(c.oid, 'UPDATE')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname || '.' || c.relname = ANY(%s::text[]) AND c.relkind IN ('r', 'p')"""


class Column(NamedTuple):
    type: str
    nullable: bool

    @property
    def is_text(self) -> bool:
        return self.type.startswith(("text", "character varying", "citext"))


class Reference(NamedTuple):
    """A foreign key; `refuses` says that it would stop the parent's deletion."""

    child: Place
    parent: Place
    refuses: bool
    columns: list[str]


class Rights(NamedTuple):
    read: bool
    delete: bool
    update: bool


class Catalogue:
    """The named tables' columns, foreign keys and our rights, read once."""

    def __init__(self, tables: list[Table]) -> None:
        self.tables = tables
        self.columns: dict[Place, dict[str, Column]] = defaultdict(dict)
        self.references: list[Reference] = []
        self.rights: dict[Place, Rights] = {}
        for alias in dict.fromkeys(table.database for table in tables):
            if alias in connections:
                self._read(alias, sorted(self._names(alias)))

    def _names(self, alias: str) -> set[str]:
        return {
            hop.table for table in self.tables if table.database == alias for hop in table.hops
        }

    def _read(self, alias: str, names: list[str]) -> None:
        for name, column, kind, nullable in query(alias, COLUMNS, names):
            self.columns[alias, name][column] = Column(kind, nullable)
        for child, parent, refuses, columns in query(alias, REFERENCES, names):
            self.references.append(Reference((alias, child), (alias, parent), refuses, columns))
        for name, *rights in query(alias, RIGHTS, names):
            self.rights[alias, name] = Rights(*rights)

    def problems(self) -> list[str]:
        """Everything in which the file and the databases differ, in words."""
        found = [text for table in self.tables for text in self._of_table(table)]
        found += self._of_references()
        return found or self._of_order()

    def order(self) -> list[Table]:
        return in_order(self.tables, {(each.child, each.parent) for each in self.references})

    def _of_order(self) -> list[str]:
        try:
            self.order()
        except ValueError as error:
            return [f"{error}."]
        return []

    def _of_table(self, table: Table) -> Iterator[str]:
        if table.database not in connections:
            yield f"{table.table}: EXTERNAL_DATABASE_URL is not set."
            return
        for hop in table.hops:
            yield from self._of_hop(table, hop.table, hop.column)
            if hop.other:
                yield from self._of_hop(table, hop.other, hop.its_column)
        there = self.columns.get(table.place, {})
        if not there:
            return
        yield from listed(table, "has columns without a category", there.keys() - table.columns)
        yield from listed(table, "has no columns", table.columns.keys() - there)
        yield from self._of_erasure(table, there)
        last = table.hops[-1]
        end = self.columns[table.database, last.table].get(last.column)
        if end and not (end.is_text or end.type == "uuid"):
            yield f"{table.table}: {last.table}.{last.column} must be text or uuid."

    def _of_hop(self, table: Table, name: str, column: str) -> Iterator[str]:
        columns = self.columns.get((table.database, name))
        if not columns:
            yield f"{table.table}: {name} does not exist."
        elif column not in columns and name != table.table:
            yield f"{table.table}: {name} has no column {column}."
        elif not self.rights[table.database, name].read:
            yield f"{table.table}: {name} may not be read (grant, or row level security)."

    def _of_erasure(self, table: Table, there: dict[str, Column]) -> Iterator[str]:
        rights = self.rights[table.place]
        if table.erase == "delete" and not rights.delete:
            yield f"{table.table}: rows may not be deleted (grant)."
        if (table.erase == "blank" or table.correct) and not rights.update:
            yield f"{table.table}: rows may not be changed (grant)."
        stuck = {
            name
            for name in table.blank
            if name in there and not (there[name].nullable or there[name].is_text)
        }
        yield from listed(table, "has fields that can't be emptied", stuck)

    def _of_references(self) -> list[str]:
        """Foreign keys that would refuse a deletion, from tables whose rows stay."""
        rows = {table.place: table for table in self.tables}
        found = []
        for child, parent, refuses, columns in self.references:
            going = parent in rows and rows[parent].erase == "delete"
            other = rows.get(child)
            frees = other and (other.erase == "delete" or set(columns) <= set(other.blank))
            if refuses and going and not frees:
                found.append(f"{parent[1]}: {child[1]} refers to it and would refuse.")
        return sorted(set(found))


def listed(table: Table, words: str, names: Iterable[str]) -> Iterator[str]:
    if together := ", ".join(sorted(names)):
        yield f"{table.table} {words}: {together}."


def query(alias: str, text: str, names: list[str]) -> list[Any]:
    with connections[alias].cursor() as cursor:
        cursor.execute(text, [names])
        return list(cursor.fetchall())
