"""Every constraint of our schema, from the catalogue, and a statement that breaks it.

Rows are made of each column's type, so a new table is covered without a line here.
"""

import secrets
import uuid
from dataclasses import dataclass, field
from typing import Any

from psycopg import sql

from accounts.ids import uuid7
from tests.support.database import Connection, as_owner

MARKER = "marker5f2c91d7e08ab364"  # one text for all processes of a run
NUMBER = 718281828  # stands out as a number, and fits an integer
COLUMNS = """
SELECT c.relname, a.attname, t.typname, a.atttypmod, a.attnotnull, a.attidentity <> ''
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relnamespace = 'fluxrouter'::regnamespace AND c.relkind IN ('r', 'p')
  AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum
"""
# Unique rules are indexes (a rule with a condition is no constraint); the rest are constraints.
RULES = """
SELECT c.relname, i.relname, 'unique', x.indkey::int2[], x.indrelid
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
WHERE c.relnamespace = 'fluxrouter'::regnamespace AND x.indisunique AND NOT c.relispartition
  AND c.relkind IN ('r', 'p')
UNION ALL
SELECT c.relname, n.conname, CASE n.contype WHEN 'c' THEN 'check' ELSE 'foreign' END,
  n.conkey, n.conrelid
FROM pg_constraint n JOIN pg_class c ON c.oid = n.conrelid
WHERE c.relnamespace = 'fluxrouter'::regnamespace AND n.contype IN ('c', 'f')
  AND NOT c.relispartition
"""

# Columns that may be empty, but not all of them at once.
NEEDED = {("accounts_restriction", "request_id"), ("retention_legalhold", "subject_id")}
# Words that a rule of the table wants; and, by rule, what it is about.
FIT: dict[str, dict[str, Any]] = {"accounts_restriction": {"source": "request"}}
OF_RULE: dict[str, dict[str, Any]] = {"signalled_once": {"source": "signal", "request_id": None}}
NUMBERS = ("int2", "int4", "int8", "numeric")
# First and last of numbers that no row has: far above the ids that are given.
FRESH = {
    "int2": (30_000, 32_000),
    "int4": (1_000_000_000, 2_000_000_000),
    "int8": (1_000_000_000, 2_000_000_000),
}


@dataclass
class Column:
    name: str
    kind: str
    length: int | None
    required: bool
    identity: bool

    def value(self) -> Any:
        """A value of its type that shows where it came from, if the type can."""
        text = MARKER[: self.length] if self.length else MARKER
        simple: dict[str, Any] = {
            "text": MARKER,
            "varchar": text,
            "bool": True,
            "jsonb": f'{{"{MARKER}": "{MARKER}"}}',
            "bytea": MARKER.encode() + secrets.token_bytes(4),
            "uuid": uuid7(),
            "_uuid": [uuid7()],
            "_varchar": [text],
            "timestamptz": "2027-03-14T09:26:53Z",
            "date": "2027-03-14",
            "numeric": 1,
            "int2": 7,
            "int4": NUMBER,
            "int8": NUMBER,
        }
        return simple[self.kind]


@dataclass
class Table:
    name: str
    columns: dict[str, Column] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        """All required columns, and texts. Other columns stay NULL, as conditions want."""
        values = {
            column.name: column.value()
            for column in self.columns.values()
            if column.required
            or column.kind in ("text", "varchar", "bytea")
            or (self.name, column.name) in NEEDED
        }
        return values | FIT.get(self.name, {})

    def unlikely(self, names: list[str]) -> dict[str, Any]:
        """Values that a check refuses: less than nothing, or nothing at all."""
        found = {name: self.columns[name] for name in names}
        numbers = {name: -7 for name, each in found.items() if each.kind in NUMBERS}
        missing = {name: None for name, each in found.items() if not each.required}
        return missing | numbers


@dataclass
class Rule:
    table: Table
    name: str
    kind: str  # unique, check, foreign, not null
    columns: list[str]

    def statements(self) -> list[tuple[str, list[Any]]]:
        """The last of them breaks the rule."""
        row = self.table.row()
        if self.kind == "not null":
            return [insert(self.table.name, row | {self.columns[0]: None})]
        if self.kind == "check":
            return [insert(self.table.name, row | self.table.unlikely(self.columns))]
        if self.kind == "foreign":
            now = sql.SQL("SET CONSTRAINTS {} IMMEDIATE").format(sql.Identifier(self.name))
            row |= {name: self.table.columns[name].value() for name in self.columns}
            return [insert(self.table.name, fresh(self.table, row)), (now.as_string(), [])]
        same = {name: self.table.columns[name].value() for name in self.columns}
        wanted = same | OF_RULE.get(self.name, {})
        return [insert(self.table.name, fresh(self.table, row) | wanted) for _ in range(2)]


def fresh(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """The same row with other values wherever another unique rule might be met first."""
    for name in row:
        kind, length = table.columns[name].kind, table.columns[name].length
        if kind == "uuid":
            row[name] = uuid7()
        elif kind in FRESH:
            first, last = FRESH[kind]
            row[name] = first + secrets.randbelow(last - first)
        elif kind == "bytea":
            row[name] = MARKER.encode() + secrets.token_bytes(8)
        elif kind == "varchar" and (length is None or length >= 14):
            room = (length or 60) - 8
            row[name] = MARKER[:room] + secrets.token_hex(4)
    return row


def insert(table: str, row: dict[str, Any]) -> tuple[str, list[Any]]:
    text = sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join([sql.Placeholder()] * len(row)),
    )
    return text.as_string(), list(row.values())


def tables(connection: Connection) -> dict[str, Table]:
    found: dict[str, Table] = {}
    for table, name, kind, modifier, required, identity in connection.execute(COLUMNS):
        length = modifier - 4 if modifier > 0 and "varchar" in kind else None
        column = Column(name, kind, length, required, identity)
        found.setdefault(table, Table(table)).columns[name] = column
    return found


def all_rules() -> list[Rule]:
    with as_owner() as connection:
        known = tables(connection)
        rules = [
            Rule(table, f"{table.name}.{column.name}", "not null", [column.name])
            for table in known.values()
            for column in table.columns.values()
            if column.required
        ]
        for table_name, name, kind, keys, oid in connection.execute(RULES).fetchall():
            names = connection.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s AND attnum = ANY(%s)",
                [oid, keys],
            )
            columns = [column for (column,) in names]
            rules.append(Rule(known[table_name], name, kind, columns))
    return rules


def secrets_of(statements: list[tuple[str, list[Any]]]) -> set[str]:
    """What must not be seen again: the marker, and every id, number and text of the rows."""
    found = {MARKER, MARKER[:12], str(NUMBER)}
    for _, values in statements:
        found |= {str(value) for value in values if isinstance(value, uuid.UUID)}
    return found
