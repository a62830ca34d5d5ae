"""The data file: one row is a table that isn't ours, and the way from it to a person."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from fluxrouter.foundation.database import SCHEMA
from privacy.correctable import CORRECTABLE
from privacy.datamap import Category
from privacy.grounds import Ground

# Who a path ends at: an account's id, an id of Supabase Auth, an address.
ENDS = ("account", "auth_user", "email")
# Sealed fields are ours alone.
CATEGORIES = {each.name.lower(): each for each in Category if each is not Category.SEALED}
NAME = r"[A-Za-z_][A-Za-z0-9_]*"
HOP = re.compile(
    rf"\s*({NAME}\.{NAME})\.({NAME})\s*=\s*(?:({NAME}\.{NAME})\.({NAME})|({NAME}))\s*"
)

Name = Annotated[str, Field(pattern=rf"^{NAME}$")]
TableName = Annotated[str, Field(pattern=rf"^{NAME}\.{NAME}$")]
Place = tuple[str, str]  # database, schema.table
Text = Annotated[str, Field(min_length=1)]


class Hop(NamedTuple):
    """One equality on the way: `table.column = other.its_column`, or `= end`."""

    table: str
    column: str
    other: str
    its_column: str
    end: str


class Table(BaseModel):
    """One table: whose rows are whose, what each column is, and what an erasure does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    database: Literal["default", "supabase", "external"] = "default"
    table: TableName
    key: Name
    title: Text
    path: Annotated[list[str], Field(min_length=1)]
    fields: dict[Literal[*CATEGORIES], list[Name]]  # type: ignore[valid-type]
    erase: Literal["delete", "keep", "blank"]
    blank: list[Name] = []
    ground: Ground | None = None
    correct: dict[Literal[*CORRECTABLE], Name] = {}  # type: ignore[valid-type]
    purpose: Text
    basis: Text
    source: Text
    recipients: list[str] = []

    @model_validator(mode="after")
    def _fits(self) -> "Table":
        if found := list(self._problems()):
            raise ValueError("; ".join(found))
        return self

    def _problems(self) -> Iterator[str]:
        named = [name for names in self.fields.values() for name in names]
        yield from (f"{name} stands in two categories" for name in named if named.count(name) > 1)
        if self.table.startswith(f"{SCHEMA}."):
            yield "our own tables are in privacy/datamap.py"
        if self.erase != "delete" and not self.ground:
            yield "what stays needs a ground"
        if (self.erase == "blank") != bool(self.blank):
            yield "blank names the fields to empty, where erase is blank"
        broken = [text for text in self.path if not HOP.fullmatch(text)]
        yield from (f"no hop: {text}" for text in broken)
        if broken:
            return
        yield from path_problems(self.table, self.hops)
        here = {hop.column for hop in self.hops[:1]}
        needed = {self.key, *self.blank, *self.correct.values(), *here}
        yield from (f"{name} has no category" for name in sorted(needed - set(named)))
        if self.correct and self.columns.get(self.key) is not Category.IDENTIFIER:
            yield "where something can be corrected the key must be an identifier"
        if here & set(self.correct.values()):
            yield "the column that leads to the person can't be corrected here"

    @property
    def hops(self) -> list[Hop]:
        found = (HOP.fullmatch(text) for text in self.path)
        return [Hop(*(part or "" for part in each.groups())) for each in found if each]

    @property
    def kind(self) -> str:
        """Its name in plans, receipts and exports."""
        return self.table.replace(".", "_")

    @property
    def place(self) -> Place:
        return self.database, self.table

    @property
    def columns(self) -> dict[str, Category]:
        return {
            name: CATEGORIES[category] for category, names in self.fields.items() for name in names
        }


class Tables(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tables: Annotated[list[Table], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits(self) -> "Tables":
        kinds = [table.kind for table in self.tables]
        twice = sorted({kind for kind in kinds if kinds.count(kind) > 1})
        if twice:
            raise ValueError(f"named twice: {', '.join(twice)}")
        in_order(self.tables)
        return self


def path_problems(table: str, hops: list[Hop]) -> Iterator[str]:
    """A path starts at its table, goes on where it arrived, ends at a person and visits no table
    twice.
    """
    places = [hop.table for hop in hops]
    if places[0] != table:
        yield f"the path starts at {places[0]}"
    for hop, following in zip(hops, places[1:], strict=False):
        if hop.other != following:
            yield f"the path breaks off before {following}"
    if hops[-1].end not in ENDS:
        yield f"the path must end at one of {', '.join(ENDS)}"
    if any(hop.end for hop in hops[:-1]):
        yield "the path ends before its last hop"
    if len(set(places)) < len(places):
        yield "the path comes back to a table"


def in_order(tables: list[Table], references: Iterable[tuple[Place, Place]] = ()) -> list[Table]:
    """What is reached through another table, or refers to it, before that one.

    `references` are foreign keys as (child, parent). ValueError when there is no such order.
    """
    by_place = {table.place: table for table in tables}
    graph: dict[Place, set[Place]] = {place: set() for place in by_place}
    for table in tables:
        for hop in table.hops[1:]:
            graph.setdefault((table.database, hop.table), set()).add(table.place)
    for child, parent in references:
        if child != parent and {child, parent} <= by_place.keys():
            graph[parent].add(child)
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        names = " → ".join(name for _, name in error.args[1])
        raise ValueError(f"no order of erasure: {names}") from None
    return [by_place[place] for place in order if place in by_place]


def load(path: Path) -> tuple[list[Table], list[str]]:
    """The tables in their order of erasure, or what is wrong with the file, all of it."""
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return [], [f"{path.name} can't be read."]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return [], [f"No YAML{f', line {mark.line + 1}' if mark else ''}."]
    try:
        return in_order(Tables.model_validate(content).tables), []
    except ValidationError as error:
        return [], [say(item, content) for item in error.errors()]


def say(item: Any, content: Any) -> str:
    """One problem in words: which table, which part, what."""
    place = [str(part) for part in item["loc"]]
    with suppress(IndexError, KeyError, TypeError, ValueError):
        place[:2] = [content["tables"][int(place[1])]["table"]]
    return f"{'.'.join(place) or 'The file'}: {item['msg'].removeprefix('Value error, ')}."
