"""How much is measured: the usual size, and a tiny one that only shows that it works."""

from typing import NamedTuple


class Size(NamedTuple):
    accesses: int
    erasures: int
    calls: int  # of a person; each is two rows
    small: int  # rows of the account that the large one is compared with
    large: int
    day: int  # rows of a partition that is retired
    largest: int  # rows of one that a day of 100,000 is compared with
    hold: float  # seconds for which a reader keeps its snapshot


# BENCH_SIZE in the environment names one.
SIZES = {
    "full": Size(
        accesses=50,
        erasures=20,
        calls=25,
        small=1_000,
        large=100_000,
        day=10_000_000,
        largest=10_000_000,
        hold=60,
    ),
    "usual": Size(
        accesses=50,
        erasures=20,
        calls=25,
        small=1_000,
        large=100_000,
        day=1_000_000,
        largest=3_000_000,
        hold=60,
    ),
    "tiny": Size(
        accesses=2, erasures=1, calls=3, small=20, large=200, day=2_400, largest=4_000, hold=1
    ),
}
