"""Which numbers point to nobody.

The cells of a level are told only together: what is left when the unsafe ones are taken away is
itself a cell, "everything else", and safe as well, so that no subtraction from a total tells what
was left out.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from psycopg import sql

from accounts.purposes import Purpose
from accounts.restrictions import restricted_accounts
from retention.models import RollupCell
from retention.rollups import TIMES, K, RollUp

REST = "(rest)"  # no value of a dimension, as those come from tables without brackets

CELLS = """
WITH each AS (
  SELECT account_id, {columns} {sums} FROM by_account WHERE {where} GROUP BY account_id {groups})
SELECT {name} AS name, count(*), {totals}, {tops} {values} FROM each
GROUP BY {cells} HAVING count(*) > 0 ORDER BY 1
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
            top * TIMES <= abs(self.sums[name]) for name, top in self.tops.items()
        )

    def rounded(self, spec: RollUp) -> dict[str, int]:
        return {name: to(self.sums[name], step) for name, step in spec.rounded.items()}


def to(value: Any, step: int) -> int:
    """To the nearest multiple: a sum to the last digit could be told apart from the next one."""
    return int(Decimal(value) / step + Decimal("0.5")) * step


def leave_out(cursor: Any) -> list[UUID]:
    """Take those out of the temporary table who objected to statistics; who they are."""
    objectors = list(restricted_accounts(Purpose.ANALYTICS).using("owner"))
    cursor.execute("DELETE FROM by_account WHERE account_id = ANY(%s::uuid[])", [objectors])
    return objectors


def publish(cursor: Any, spec: RollUp, level: tuple[str, ...]) -> list[Cell]:
    """The cells of a level with everything unsafe in one that is safe, or none at all."""
    cells = cells_of(cursor, spec, level)
    apart = [cell for cell in cells if not cell.is_safe]
    shown = sorted((cell for cell in cells if cell.is_safe), key=lambda each: each.accounts)
    while apart:
        rest = cells_of(cursor, spec, level, among=[cell.name for cell in apart])
        if rest and rest[0].is_safe:
            return [*shown, rest[0]]
        if not shown:
            return []
        apart.append(shown.pop(0))  # the smallest goes with them
    return shown


def cells_of(
    cursor: Any, spec: RollUp, level: tuple[str, ...], among: list[str] | None = None
) -> list[Cell]:
    """The cells of a level; with `among` these few as a single one."""
    kept = level if among is None else ()
    statement = sql.SQL(CELLS).format(
        columns=sql.SQL("".join(f"{name}, " for name in kept)),
        groups=sql.SQL("".join(f", {name}" for name in kept)),
        values=sql.SQL("".join(f", {name}::text" for name in kept)),
        cells=sql.SQL(", ".join(kept) or "()"),
        name=sql.SQL(f"'{REST}'") if among is not None else joined(level),
        where=among_these(level, among),
        sums=sql.SQL(", ".join(f"sum({each}) AS {each}" for each in spec.measures)),
        totals=sql.SQL(", ".join(f"sum({each})" for each in spec.measures)),
        tops=sql.SQL(", ".join(f"max(abs({each}))" for each in spec.measures)),
    )
    cursor.execute(statement.as_string())
    return [cell_from(row, spec, kept) for row in cursor.fetchall()]


def joined(level: tuple[str, ...]) -> sql.SQL:
    """The values of a level as one text: a cell's name."""
    names = ", ".join(level) or "''"
    return sql.SQL(f"concat_ws(chr(31), {names})")


def among_these(level: tuple[str, ...], cells: list[str] | None) -> sql.Composable:
    if cells is None:
        return sql.SQL("true")
    return sql.SQL("{} = ANY({})").format(joined(level), sql.Literal(cells))


def cell_from(row: tuple[Any, ...], spec: RollUp, kept: tuple[str, ...]) -> Cell:
    name, accounts, *rest = row
    number = len(spec.measures)
    sums = dict(zip(spec.measures, rest[:number], strict=True))
    tops = dict(zip(spec.measures, rest[number : 2 * number], strict=True))
    return Cell(name, dict(zip(kept, rest[2 * number :], strict=True)), accounts, sums, tops)


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
