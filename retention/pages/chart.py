"""What falls due in the next days, as bars: numbers for the drawing and for its table."""

from datetime import datetime, timedelta
from typing import NamedTuple

WIDTH, HEIGHT, FOOT = 600, 120, 24  # of the drawing; under the bars stand the days
NAMED = 7  # every so many bars have a name
GAP = 4


class Bar(NamedTuple):
    """One day: `x`, `y` and `height` in the drawing's units; `middle` is where its name stands."""

    name: str
    number: int
    x: int
    y: int
    height: int
    middle: int
    is_named: bool


class Chart(NamedTuple):
    bars: list[Bar]
    bar_width: int
    width: int = WIDTH
    height: int = HEIGHT + FOOT
    floor: int = HEIGHT
    name_line: int = HEIGHT + FOOT - 6

    @property
    def total(self) -> int:
        return sum(bar.number for bar in self.bars)


def chart_of(numbers: list[int], now: datetime) -> Chart:
    """One bar for each number; the first is what falls due within a day from now."""
    most, width = max(numbers, default=0) or 1, WIDTH // len(numbers)
    bars = []
    for place, number in enumerate(numbers):
        height = round(HEIGHT * number / most)
        day = (now + timedelta(days=place + 1)).date()
        x = place * width + GAP // 2
        named = place % NAMED == NAMED // 2
        bars.append(
            Bar(f"{day.day} {day:%b}", number, x, HEIGHT - height, height, x + width // 2, named)
        )
    return Chart(bars, width - GAP)
