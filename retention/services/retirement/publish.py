"""Which numbers point to nobody.

The cells of a level are told only together: what is left when the unsafe ones are taken away is
itself a cell, "everything else", and safe as well, so that no subtraction from a total tells what
was left out.
"""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from psycopg import sql

from retention.models import RollupCell
from retention.rollups import ENOUGH_ROWS, SHARES, K, RollUp

REST = "(rest)"  # no value of a dimension, as those come from tables without brackets

CELLS = """
WITH each AS (
  SELECT {name} AS name, {key} AS key, account_id, {sums} FROM {source}
  WHERE {where} GROUP BY 1, 2, 3)
SELECT name, key, count(*), {totals}, {tops} FROM each GROUP BY 1, 2 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """A combination of dimensions: how many accounts, their sums, and the largest one's share."""

    name: str
    key: dict[str, str]
    accounts: int
    sums: dict[str, Any]
    tops: dict[str, Any]

    @property
    def is_safe(self) -> bool:
        return self.accounts >= K and all(
            top * SHARES <= self.sums[name] for name, top in self.tops.items()
        )

    def rounded(self, spec: RollUp) -> dict[str, int]:
        return {name: to(self.sums[name], step) for name, step in spec.rounded.items()}


def to(value: Any, step: int) -> int:
    """To the nearest multiple: a sum to the last digit could be told apart from the next one."""
    return int(Decimal(value) / step + Decimal("0.5")) * step


def publish(
    cursor: Any, spec: RollUp, level: tuple[str, ...], source: str = "by_account"
) -> list[Cell]:
    """The cells of a level with everything unsafe in one that is safe, or none at all."""
    cells = cells_of(cursor, spec, level, source)
    apart = [cell for cell in cells if not cell.is_safe]
    shown = sorted((cell for cell in cells if cell.is_safe), key=lambda each: each.accounts)
    while apart:
        rest = cells_of(cursor, spec, level, source, among=[cell.name for cell in apart])
        if rest and rest[0].is_safe:
            return [*shown, rest[0]]
        if not shown:
            return []
        apart.append(shown.pop(0))  # the smallest goes with them
    return shown


def cells_of(
    cursor: Any,
    spec: RollUp,
    level: tuple[str, ...],
    source: str,
    among: list[str] | None = None,
) -> list[Cell]:
    """The cells of a level; with `among` these few as a single one."""
    names = ", ".join(level) or "''"
    keys = ", ".join(f"'{name}', {name}" for name in level)
    one = among is not None
    statement = sql.SQL(CELLS).format(
        name=sql.SQL(f"'{REST}'" if one else f"concat_ws(chr(31), {names})"),
        key=sql.SQL("'{}'" if one else f"jsonb_build_object({keys})::text"),
        source=sql.SQL(source),
        where=among_these(names, among),
        sums=sql.SQL(", ".join(f"sum({each}) AS {each}" for each in spec.measures)),
        totals=sql.SQL(", ".join(f"sum({each})" for each in spec.measures)),
        tops=sql.SQL(", ".join(f"max({each})" for each in spec.measures)),
    )
    cursor.execute(statement.as_string())
    return [cell_from(row, spec) for row in cursor.fetchall()]


def among_these(names: str, cells: list[str] | None) -> sql.Composable:
    if cells is None:
        return sql.SQL("true")
    return sql.SQL(f"concat_ws(chr(31), {names}) = ANY({{}})").format(sql.Literal(cells))


def cell_from(row: tuple[Any, ...], spec: RollUp) -> Cell:
    name, key, accounts, *numbers = row
    sums = dict(zip(spec.measures, numbers[: len(spec.measures)], strict=True))
    tops = dict(zip(spec.measures, numbers[len(spec.measures) :], strict=True))
    return Cell(name, json.loads(key), accounts, sums, tops)


SPREAD = """
SELECT name, percentile_disc(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY value)
FROM (SELECT concat_ws(chr(31), {names}) AS name, {column} AS value FROM {part}) AS each
WHERE name = ANY({wanted}) GROUP BY name
"""


def spreads(
    cursor: Any, part: sql.Composable, spec: RollUp, level: tuple[str, ...], cells: list[Cell]
) -> dict[str, dict[str, int]]:
    """The middle and the 95th percent of a column, by cell, where there are enough rows."""
    wanted = [cell.name for cell in cells if cell.sums["requests"] >= ENOUGH_ROWS]
    wanted = [name for name in wanted if name != REST]
    if not wanted:
        return {}
    statement = sql.SQL(SPREAD).format(
        names=sql.SQL(", ".join(spec.dimensions[name] for name in level)),
        column=sql.Identifier(spec.spread),
        part=part,
        wanted=sql.Literal(wanted),
    )
    cursor.execute(statement.as_string())
    return {
        name: {f"{spec.spread}_p50": half, f"{spec.spread}_p95": most}
        for name, (half, most) in cursor.fetchall()
    }


def keep(
    source: str,
    spec: RollUp,
    days: tuple[date, date],
    cells: list[Cell],
    found: dict[str, dict[str, int]],
) -> None:
    """Write the cells down, with the spreads that were found for some. Never done twice."""
    made_at = timezone.now()
    RollupCell.objects.using("owner").bulk_create(
        RollupCell(
            source=source,
            first_day=days[0],
            last_day=days[1],
            key=cell.key,
            accounts=to(cell.accounts, K),
            numbers={**cell.rounded(spec), **found.get(cell.name, {})},
            made_at=made_at,
        )
        for cell in cells
    )
