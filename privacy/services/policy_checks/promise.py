"""How a check says that a promise is not kept."""

from collections.abc import Iterable


class BrokenPromiseError(Exception):
    """The promise isn't kept; the text says what is wrong, in codes and names of tables only."""


def require(condition: object, otherwise: str) -> None:
    if not condition:
        raise BrokenPromiseError(otherwise)


def require_none(culprits: Iterable[str], otherwise: str) -> None:
    """There must be no culprits; otherwise they are listed behind the text."""
    if found := sorted(culprits):
        raise BrokenPromiseError(f"{otherwise}: {', '.join(found)}.")
