"""One line of the table."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

COLUMNS = ("name", "value", "unit", "baseline", "ratio", "goal", "holds")


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a value is compared with, measured in the same run and unit."""

    name: str
    value: float

    def __str__(self) -> str:
        return f"{figure(self.value)}: {self.name}"


@dataclass(frozen=True, slots=True)
class Result:
    """A measured value. A goal is ">=" or "<=" and a number, in the value's unit."""

    name: str
    value: float
    unit: str
    baseline: Baseline
    goal: tuple[str, float] | None = None

    @property
    def ratio(self) -> float:
        return self.value / self.baseline.value if self.baseline.value else 0.0

    @property
    def holds(self) -> bool | None:
        """Whether the goal is met; None when there is none."""
        if self.goal is None:
            return None
        sign, bound = self.goal
        return self.value >= bound if sign == ">=" else self.value <= bound

    def as_json(self) -> dict[str, Any]:
        goal = f"{self.goal[0]} {figure(self.goal[1])}" if self.goal else ""
        counted = {"ratio": round(self.ratio, 3), "goal": goal, "holds": self.holds}
        value = {"value": round(self.value, 3), "baseline": asdict(self.baseline)}
        return {"name": self.name, **value, "unit": self.unit, **counted}

    def cells(self) -> list[str]:
        values = self.as_json() | {
            "value": figure(self.value),
            "baseline": str(self.baseline),
            "ratio": f"{self.ratio:.2f}",
            "holds": {None: "", True: "yes", False: "NO"}[self.holds],
        }
        return [str(values[column]) for column in COLUMNS]


def figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def table(results: Sequence[Result]) -> str:
    """The results as aligned text."""
    lines = [list(COLUMNS), *(result.cells() for result in results)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
