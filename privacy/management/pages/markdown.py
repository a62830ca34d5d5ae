"""Markdown, as the made pages use it."""

from collections.abc import Iterable, Sequence

NOTE = "<!-- Made by `manage.py generate_docs`. Change the tables it names, then run it again. -->"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return [f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines]


def code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
