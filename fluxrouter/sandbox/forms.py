"""Bracket-encoded form bodies, as Stripe's clients send them."""

import re
from typing import Any

_PARTS = re.compile(r"[^\[\]]+|\[\]")


def nested(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Turns `a[b]=1`, `a[]=1` and `a[0][b]=1` into dictionaries and lists."""
    tree: dict[str, Any] = {}
    for key, value in pairs:
        _place(tree, _PARTS.findall(key), value)
    return {key: _listed(value) for key, value in tree.items()}


def _place(tree: dict[str, Any], parts: list[str], value: str) -> None:
    for part in parts[:-1]:
        step = tree.setdefault(_index(tree, part), {})
        if not isinstance(step, dict):
            step = tree[part] = {}
        tree = step
    if parts:
        tree[_index(tree, parts[-1])] = value


def _index(tree: dict[str, Any], part: str) -> str:
    return str(len(tree)) if part == "[]" else part


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    items = {key: _listed(item) for key, item in value.items()}
    if items and list(items) == [str(number) for number in range(len(items))]:
        return list(items.values())
    return items
