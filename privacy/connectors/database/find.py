"""Finding a person's rows: SQL conditions from the data map."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.apps import apps
from django.db import ProgrammingError, connection
from psycopg import sql

from fluxrouter.foundation.crypto import fold_address
from fluxrouter.foundation.database import SCHEMA
from fluxrouter.foundation.sealed import email_index
from privacy.connectors.base import Subject
from privacy.connectors.errors import RetryError
from privacy.datamap import SUBJECT_ROWS, Find, Row
from retention.partitions import all_tables

NO_SUCH_TABLE = "42P01"


@contextmanager
def days_may_go() -> Iterator[None]:
    """A day may be retired between our look at the catalogue and our look into it: ask again."""
    try:
        yield
    except ProgrammingError as error:
        if getattr(error, "sqlstate", "") == NO_SUCH_TABLE:
            raise RetryError("day_retired") from None
        raise


class Slice(NamedTuple):
    """The person's rows of one table: `condition` is SQL without parameters."""

    row: Row
    table: str
    condition: sql.Composable


def model_of(row: Row) -> Any:
    return apps.get_model(row.model)


def column(row: Row, name: str) -> str:
    return str(model_of(row)._meta.get_field(name).column)


def account_condition(row: Row, accounts: list[str]) -> sql.Composable:
    """One account by equality: then an index of account and id gives its rows in order."""
    name = sql.Identifier(row.column)
    if len(accounts) == 1:
        return sql.SQL("{} = {}::uuid").format(name, sql.Literal(accounts[0]))
    return sql.SQL("{} = ANY({}::uuid[])").format(name, sql.Literal(accounts))


def email_condition(subject: Subject) -> sql.Composable:
    """Found by the index on lower(email), and then equal but for the case of A to Z."""
    address = sql.Literal(fold_address(subject.email))
    return sql.SQL('(lower(email) = {0} AND lower(email COLLATE "C") = {0})').format(address)


def condition(row: Row, subject: Subject) -> sql.Composable:
    """Which rows of a table are the person's, by the data map."""
    if row.find is Find.REQUEST:
        index = sql.Literal(email_index(subject.email))
        return sql.SQL("email_index = {}").format(index)
    accounts = account_condition(row, subject.refs.get("accounts", []))
    if row.find is Find.ACCOUNT_OR_EMAIL:
        return sql.SQL("({} OR {})").format(accounts, email_condition(subject))
    return accounts


def slices(subject: Subject) -> Iterator[Slice]:
    """Every table, and every attached or detached partition, that may hold the person's rows."""
    for row in SUBJECT_ROWS:
        table = model_of(row)._meta.db_table
        where = condition(row, subject)
        if row.find is not Find.PARTITIONS:
            yield Slice(row, table, where)
        elif subject.refs.get("accounts"):
            with connection.cursor() as cursor:
                names = all_tables(cursor, table)
            for name in names:
                yield Slice(row, name, where)


def held(subject: Subject) -> list[tuple[Slice, int]]:
    """The slices that hold rows of the person, and how many, by one look into all of them."""
    candidates = list(slices(subject))
    with connection.cursor() as cursor:
        counts = count_rows(cursor, {each.table: each.condition for each in candidates})
    return [(each, counts[each.table]) for each in candidates if each.table in counts]


def count_rows(cursor: Any, conditions: Mapping[str, sql.Composable]) -> dict[str, int]:
    """How many rows of each table meet its condition; tables without any are left out."""
    looks = [
        sql.SQL("SELECT {}, count(*) FROM {} WHERE {}").format(
            sql.Literal(table), sql.Identifier(SCHEMA, table), where
        )
        for table, where in conditions.items()
    ]
    if not looks:
        return {}
    with days_may_go():
        cursor.execute(sql.SQL(" UNION ALL ").join(looks).as_string())
    return {table: int(number) for table, number in cursor.fetchall() if number}
