"""When something is due, as a cell of a list: a shape, words and the day."""

from datetime import date
from typing import Protocol

from django.utils.dateformat import format as date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString


class Due(Protocol):
    """A day, and how near it is: `tone` for the colour, `shape` for who sees none."""

    @property
    def tone(self) -> str: ...
    @property
    def shape(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def day(self) -> date: ...


def due_cell(due: Due) -> SafeString:
    return format_html(
        '<span class="due due-{}"><span aria-hidden="true">{}</span> {}</span><br>{}',
        due.tone,
        due.shape,
        due.words,
        date_format(due.day, "j F Y"),
    )
