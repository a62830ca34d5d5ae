"""When the open requests are due, as bars: numbers for the drawing and for its table."""

from datetime import date, timedelta
from typing import NamedTuple

from django.utils import timezone

from privacy.models import PrivacyRequest
from privacy.states import OPEN

WIDTH, HEIGHT, FOOT = 600, 120, 24  # of the drawing; under the bars stand their names
SPANS = 5  # of seven days each: an answer is due within 30 days
GAP = 16


class Bar(NamedTuple):
    """One span of days: `x`, `y` and `height` in the drawing's units, `middle` for its name."""

    name: str
    number: int
    x: int
    y: int
    height: int
    middle: int


class Chart(NamedTuple):
    bars: list[Bar]
    width: int = WIDTH
    height: int = HEIGHT + FOOT
    floor: int = HEIGHT
    bar_width: int = WIDTH // (SPANS + 1) - GAP
    name_line: int = HEIGHT + FOOT - 6


def due_chart() -> Chart:
    """Open requests by when they are due: overdue, then week by week from today."""
    today = timezone.now().date()
    dates = PrivacyRequest.objects.filter(status__in=OPEN).values_list("due_on", flat=True)
    numbers = dict.fromkeys(range(-1, SPANS), 0)
    for due_on in dates:
        numbers[span_of(due_on, today)] += 1
    most = max(numbers.values()) or 1
    width = WIDTH // (SPANS + 1)
    return Chart([bar(span, number, most, width) for span, number in numbers.items()])


def span_of(due_on: date, today: date) -> int:
    """-1 is overdue; what is due later than the last span stands in it."""
    return min((due_on - today).days // 7, SPANS - 1) if due_on >= today else -1


def bar(span: int, number: int, most: int, width: int) -> Bar:
    height = round((HEIGHT - 20) * number / most)  # room for the number above the highest
    x = (span + 1) * width + GAP // 2
    name = "Overdue" if span < 0 else day_name(span)
    return Bar(name, number, x, HEIGHT - height, height, x + (width - GAP) // 2)


def day_name(span: int) -> str:
    """“until 1 Dec”: the last day of the span."""
    last = timezone.now().date() + timedelta(days=7 * span + 6)
    return f"until {last.day} {last:%b}"
