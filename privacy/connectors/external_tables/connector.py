"""The connector for tables that aren't ours, as a data file describes them."""

from collections.abc import Iterator

from django.db import connections
from psycopg import sql

from privacy.connectors.base import (
    Action,
    Connector,
    Described,
    Discovery,
    Outcome,
    Record,
    Residue,
    Subject,
    Task,
    Value,
)
from privacy.connectors.copying import json_rows
from privacy.connectors.errors import PermanentError
from privacy.connectors.external_tables import change
from privacy.connectors.external_tables.catalogue import Catalogue
from privacy.connectors.external_tables.describe import described
from privacy.connectors.external_tables.file import Table
from privacy.connectors.external_tables.find import (
    Person,
    condition,
    count,
    erasable,
    identifier,
    snapshot,
)
from privacy.connectors.pulse import heartbeat
from privacy.datamap import Category

WITHHELD = "[withheld]"
UNSHOWN = {Category.NONE, Category.STAFF}


class ExternalTablesConnector(Connector):
    """Rows of tables outside Django. `broken`: the file can't be used, and nothing may pass."""

    name = "external_tables"
    title = "Tables beside our own"
    # Supabase Auth refuses to delete a user to whom one of these tables still refers.
    erase_after = frozenset({"stripe", "supabase_storage"})
    freezes = False  # nothing of ours uses these rows; the gateway and Auth are frozen elsewhere
    erasure = (
        Action("prepare", "Look again, also whether the tables have changed", irreversible=False),
        Action("erase_rows", "Erase the person’s rows, children before parents"),
    )

    def __init__(self, tables: list[Table], *, broken: bool = False) -> None:
        self.tables = tables
        self.broken = broken
        self.corrects = frozenset(  # type: ignore[misc]  # it is the file that says it
            field for table in tables for field in table.correct
        )

    def _catalogue(self) -> Catalogue:
        """A table that changed since the file was written stops us: what nobody classified is
        neither exported nor erased.
        """
        if self.broken:
            raise PermanentError("external_tables_wrong")
        catalogue = Catalogue(self.tables)
        if catalogue.problems():
            raise PermanentError("external_tables_wrong")
        catalogue.tables = catalogue.order()
        return catalogue

    def discover(self, subject: Subject) -> Discovery:
        catalogue, person = self._catalogue(), Person.of(subject)
        discovery = Discovery(refs={"accounts": person.account, "auth_users": person.auth_user})
        for table in catalogue.tables:
            heartbeat()
            note(discovery, catalogue, table, person)
        return discovery

    def describe(self) -> dict[str, Described]:
        return described(self.tables)

    def export(self, subject: Subject, refs: dict[str, list[str]]) -> Iterator[Record]:
        catalogue, person = self._catalogue(), Person.of(subject, refs)
        for table in catalogue.tables:
            heartbeat()
            query = sql.SQL(
                "SELECT row_to_json(r)::text FROM (SELECT {} FROM {} WHERE {} ORDER BY {}) r"
            ).format(
                sql.SQL(", ").join(shown(table)),
                identifier(table.table),
                condition(catalogue, table, person),
                sql.Identifier(table.key),
            )
            for line in json_rows(connections[table.database], query):
                yield Record(table.kind, line)

    def current(self, task: Task) -> list[Value]:
        person = Person.of(task.subject, task.refs)
        return list(change.current(self._catalogue(), task, person))

    def correct(self, task: Task) -> Outcome:
        person = Person.of(task.subject, task.refs)
        return Outcome(receipt={"corrected": change.correct(self._catalogue(), task, person)})

    def erase(self, task: Task) -> Outcome:
        if task.action == "prepare":
            return Outcome(receipt=self.rediscover(task).as_json())
        catalogue, person = self._catalogue(), Person.of(task.subject, task.refs)
        counts = {
            table.kind: change.erase(catalogue, table, person, task.heartbeat)
            for table in catalogue.tables
            if table.erase != "keep"
        }
        return Outcome(receipt={"erased": counts})

    def verify(self, subject: Subject, refs: dict[str, list[str]]) -> list[Residue]:
        person = Person.of(subject, refs)
        return list(change.residues(self._catalogue(), person, refs))


def note(discovery: Discovery, catalogue: Catalogue, table: Table, person: Person) -> None:
    """Count a table's rows under what will happen to them."""
    number = count(table, condition(catalogue, table, person))
    if not number:
        return
    discovery.found[table.kind] = number
    if table.erase != "keep":
        left = count(table, erasable(catalogue, table, person))
        discovery.erase.update({table.kind: left} if left else {})
    if table.ground:
        kept = {"what": table.kind, "count": number, "ground": str(table.ground)}
        discovery.keep.append(kept)
    if len(table.hops) > 1:
        discovery.refs[table.kind] = snapshot(catalogue, table, person)


def shown(table: Table) -> Iterator[sql.Composable]:
    """The columns that a person gets; a credential is named and withheld."""
    for name, category in table.columns.items():
        if category is Category.CREDENTIAL:
            yield sql.SQL("{} AS {}").format(sql.Literal(WITHHELD), sql.Identifier(name))
        elif category not in UNSHOWN:
            yield sql.Identifier(name)
