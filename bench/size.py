"""How much is measured: the usual size, and a tiny one that only shows that it works."""

from typing import NamedTuple


class Size(NamedTuple):
    accesses: int
    erasures: int
    calls: int  # of a person; each is two rows
    small: int  # rows of the account that the large one is compared with
    large: int


# BENCH_SIZE in the environment names one.
SIZES = {
    "usual": Size(accesses=50, erasures=20, calls=25, small=1_000, large=100_000),
    "tiny": Size(accesses=2, erasures=1, calls=3, small=20, large=200),
}
