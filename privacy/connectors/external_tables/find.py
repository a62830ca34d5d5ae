"""Whose rows are whose: SQL conditions from the paths of the file."""

from typing import Any, NamedTuple

from django.db import connections
from psycopg import sql

from fluxrouter.foundation.crypto import fold_address
from privacy.connectors.base import Subject
from privacy.connectors.external_tables.catalogue import Catalogue, Column
from privacy.connectors.external_tables.file import Hop, Table
from privacy.connectors.supabase_users import users_of

SNAPSHOT = 1_000  # ids that are kept of the rows on the way, for the last look
OF_IDS = ("uuid", "bigint", "integer")
COUNT = "SELECT count(*) FROM {} WHERE {}"


class Person(NamedTuple):
    """What a path may end at."""

    account: list[str]
    auth_user: list[str]
    email: str

    @classmethod
    def of(cls, subject: Subject, refs: dict[str, list[str]] | None = None) -> "Person":
        """`refs` are those of a discovery; without them Auth is asked for the address."""
        known = {**subject.refs, **(refs or {"auth_users": users_of(subject)})}
        return cls(
            known.get("accounts", []), known.get("auth_users", []), fold_address(subject.email)
        )

    @property
    def ids(self) -> list[str]:
        return sorted({*self.account, *self.auth_user})


def identifier(table: str) -> sql.Identifier:
    return sql.Identifier(*table.split("."))


def is_any(name: str, column: Column, values: list[str]) -> sql.Composable:
    kind = "uuid" if column.type == "uuid" else "text"
    return sql.SQL(f"{{}} = ANY({{}}::{kind}[])").format(sql.Identifier(name), sql.Literal(values))


def is_address(name: str, address: str) -> sql.Composable:
    """Found by an index on lower(…), and then equal but for the case of A to Z."""
    return sql.SQL('(lower({0}::text) = {1} AND lower({0}::text COLLATE "C") = {1})').format(
        sql.Identifier(name), sql.Literal(address)
    )


def condition(catalogue: Catalogue, table: Table, person: Person) -> sql.Composable:
    return along(catalogue, table.database, table.hops, person)


def along(catalogue: Catalogue, database: str, hops: list[Hop], person: Person) -> sql.Composable:
    """The first hop's rows that lead to the person."""
    hop, *rest = hops
    if not rest:
        if hop.end == "email":
            return is_address(hop.column, person.email)
        column = catalogue.columns[database, hop.table][hop.column]
        return is_any(hop.column, column, getattr(person, hop.end))
    return sql.SQL("{} IN (SELECT {} FROM {} WHERE {})").format(
        sql.Identifier(hop.column),
        sql.Identifier(hop.its_column),
        identifier(hop.other),
        along(catalogue, database, rest, person),
    )


def not_empty(table: Table) -> sql.Composable:
    """Whether a field that an erasure empties still holds something."""
    fields = (
        sql.SQL("nullif({}::text, '') IS NOT NULL").format(sql.Identifier(name))
        for name in table.blank
    )
    return sql.SQL("({})").format(sql.SQL(" OR ").join(fields))


def erasable(catalogue: Catalogue, table: Table, person: Person) -> sql.Composable:
    """The person's rows that an erasure still has something to do with."""
    where = condition(catalogue, table, person)
    if table.erase != "blank":
        return where
    return sql.SQL("{} AND {}").format(where, not_empty(table))


def rows(database: str, query: sql.Composable) -> list[Any]:
    with connections[database].cursor() as cursor:
        cursor.execute(query.as_string())
        return list(cursor.fetchall())


def count(table: Table, where: sql.Composable) -> int:
    query = sql.SQL(COUNT).format(identifier(table.table), where)
    return int(rows(table.database, query)[0][0])


def snapshot(catalogue: Catalogue, table: Table, person: Person) -> list[str]:
    """The ids by which a table's rows are reached: once the rows on the way are gone, only these
    still lead to one that was missed.
    """
    hop = table.hops[0]
    column = catalogue.columns[table.database, hop.other].get(hop.its_column)
    if column is None or column.type not in OF_IDS:
        return []
    query = sql.SQL("SELECT {0}::text FROM {1} WHERE {2} ORDER BY {0} LIMIT {3}").format(
        sql.Identifier(hop.its_column),
        identifier(hop.other),
        along(catalogue, table.database, table.hops[1:], person),
        sql.Literal(SNAPSHOT),
    )
    return [identifier_ for (identifier_,) in rows(table.database, query)]
