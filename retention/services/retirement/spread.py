"""The middle and the 95th percent of a column, where they are nobody's own number."""

from typing import Any
from uuid import UUID

from psycopg import sql

from retention.rollups import ENOUGH_ROWS, STEP, K, RollUp
from retention.services.retirement.publish import REST, Cell, joined

SHARES = {"p50": "0.5", "p95": "0.95"}
# Rows are counted by steps of the column: sorting a day's rows would take twice as long.
SPREAD = """
WITH counted AS (
  SELECT {dimensions}, {column} / {step} AS step, count(*) AS rows FROM {part}
  WHERE account_id <> ALL({objectors}::uuid[]) GROUP BY {groups}, {column} / {step}),
named AS (
  SELECT {name} AS name, step, sum(rows) AS rows FROM counted
  WHERE {name} = ANY({wanted}) GROUP BY 1, 2),
ranked AS (
  SELECT name, step, sum(rows) OVER (PARTITION BY name ORDER BY step) AS reached,
    sum(rows) OVER (PARTITION BY name) AS total FROM named),
found AS (
  SELECT ranked.name, share, min(step) AS step FROM ranked CROSS JOIN (VALUES {shares}) AS s(share)
  WHERE reached >= share * total GROUP BY ranked.name, share),
each AS (
  SELECT {name} AS name, account_id, min(least) / {step} AS least, max(most) / {step} AS most
  FROM by_account GROUP BY 1, 2)
SELECT name, array_agg(step ORDER BY share), array_agg(safe ORDER BY share) FROM (
  SELECT name, share, step, count(*) FILTER (WHERE most >= step) >= {k}
    AND count(*) FILTER (WHERE least <= step) >= {k} AS safe
  FROM found JOIN each USING (name) GROUP BY name, share, step) AS told GROUP BY name
"""


def spreads(
    cursor: Any,
    part: sql.Composable,
    spec: RollUp,
    level: tuple[str, ...],
    cells: list[Cell],
    objectors: list[UUID],
) -> dict[str, dict[str, int]]:
    """By cell, where there are enough rows; each in whole steps, and with enough accounts that
    have rows at it or above, and at it or below.
    """
    wanted = [cell.name for cell in cells if cell.sums["requests"] >= ENOUGH_ROWS]
    wanted = [name for name in wanted if name != REST]
    if not wanted:
        return {}
    statement = sql.SQL(SPREAD).format(
        dimensions=sql.SQL(", ".join(f"{spec.dimensions[name]} AS {name}" for name in level)),
        groups=sql.SQL(", ".join(spec.dimensions[name] for name in level)),
        name=joined(level),
        column=sql.Identifier(spec.spread),
        step=sql.Literal(STEP),
        shares=sql.SQL(", ".join(f"({share})" for share in SHARES.values())),
        part=part,
        objectors=sql.Literal([str(each) for each in objectors]),
        wanted=sql.Literal(wanted),
        k=sql.Literal(K),
    )
    cursor.execute(statement.as_string())
    return {name: safe_ones(spec, *found) for name, *found in cursor.fetchall()}


def safe_ones(spec: RollUp, steps: list[int], safe: list[bool]) -> dict[str, int]:
    rows = zip(SHARES, steps, safe, strict=True)
    return {f"{spec.spread}_{name}": step * STEP for name, step, is_safe in rows if is_safe}
