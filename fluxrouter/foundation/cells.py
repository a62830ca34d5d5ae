"""Cells of tables that people open in a spreadsheet."""

from typing import Any

# What makes a spreadsheet take a text for a formula; wide signs count too.
FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def safe_cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula (owasp.org, CSV Injection)."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return "" if value is None else value
