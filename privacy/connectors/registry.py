"""The connectors in use, in the order in which erasure visits them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from graphlib import TopologicalSorter

from django.conf import settings
from django.utils.module_loading import import_string

from privacy.connectors.base import Connector

_replaced: list[dict[str, Connector]] = []


def in_order(found: Iterable[Connector]) -> dict[str, Connector]:
    """By name, those that others wait for first."""
    by_name = {connector.name: connector for connector in found}
    graph = {
        name: sorted(connector.erase_after & by_name.keys())
        for name, connector in sorted(by_name.items())
    }
    return {name: by_name[name] for name in TopologicalSorter(graph).static_order()}


@cache
def _configured() -> dict[str, Connector]:
    """Each path is a function without arguments; it answers None when its system isn't set up."""
    made = (import_string(path)() for path in settings.PRIVACY_CONNECTORS)
    return in_order(connector for connector in made if connector is not None)


def connectors() -> dict[str, Connector]:
    """Every connector in use by name, dependencies first."""
    return _replaced[-1] if _replaced else _configured()


@contextmanager
def use(*replacements: Connector) -> Iterator[None]:
    """Other connectors than the configured ones, for a simulation or a test."""
    _replaced.append(in_order(replacements))
    try:
        yield
    finally:
        _replaced.pop()
