"""What is done with rows whose time is up, by code. A higher room adds its own: this one knows no
models but by their label.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from retention.rules import RetentionRule

Count = Callable[[RetentionRule, datetime], int]
RETIRE = "retire"  # partitions: done by a job of its own, as it may wait for readers


class Disposition(NamedTuple):
    """How it is done, and how much it would do now. Both return a number of rows; what is done is
    counted (`retention.services.tally`) in the transaction that does it. `waiting` is how much
    waits for it, which may be more than one run does. `unties` names relations that would keep the
    rows and that the work empties itself: “privacy.Drill.request”.
    """

    work: Count
    due: Count
    waiting: Count
    unties: tuple[str, ...] = ()


DISPOSITIONS: dict[str, Disposition] = {}


def register(
    code: str, *, due: Count, waiting: Count | None = None, unties: tuple[str, ...] = ()
) -> Callable[[Any], Any]:
    """Name a disposition, so that a rule of the schedule can use it. Work and counts leave out
    what a legal hold covers.
    """

    def add(function: Any) -> Any:
        DISPOSITIONS[code] = Disposition(function, due, waiting or due, unties)
        return function

    return add
