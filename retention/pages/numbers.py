"""The numbers that stay of calls that went, to read and to save."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse

from fluxrouter.foundation.cells import safe_cell
from retention.models import RollupCell

PER_PAGE = 100
# What numbers are told apart by, and how a value reads.
KEYS: dict[str, str] = {
    "provider": "{}",
    "model": "{}",
    "status": "status {}xx",
    "region": "region {}",
}
NUMBERS: dict[str, str] = {
    "requests": "Requests",
    "input_tokens": "Input tokens",
    "output_tokens": "Output tokens",
    "cost_usd": "Cost, US$",
    "latency_ms_p50": "Half answered within, ms",
    "latency_ms_p95": "95 % answered within, ms",
}
COLUMNS = ("first_day", "last_day", *KEYS, "accounts", *NUMBERS)


class Line(NamedTuple):
    """One row of the page. `numbers` are with their headings; None is an empty cell."""

    cell: RollupCell
    what: str
    numbers: list[tuple[str, int | None]]

    @property
    def is_week(self) -> bool:
        return self.cell.first_day != self.cell.last_day


def page(model_admin: Any, request: HttpRequest, site: dict[str, Any]) -> HttpResponse:
    """A month’s numbers, the latest days first. Without a month: the latest one that has any."""
    months = list(RollupCell.objects.dates("first_day", "month", order="DESC"))
    month = chosen(request) or (months[0] if months else None)
    cells = of_month(month)
    shown = Paginator(cells, PER_PAGE).get_page(request.GET.get("page"))
    values = {
        **site,
        "title": "Published numbers",
        "opts": model_admin.opts,
        "months": months,
        "month": month,
        "headings": NUMBERS.values(),
        "shown": shown,
        "lines": lines(shown, told_apart(cells)),
    }
    return TemplateResponse(request, "admin/retention/numbers.html", values)


def chosen(request: HttpRequest) -> date | None:
    """The month that the address names, by its first day."""
    text = request.GET.get("month")
    if not text:
        return None
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Http404 from None


def of_month(month: date | None) -> QuerySet[RollupCell]:
    """The numbers of days that begin in a month; of all without one."""
    cells = RollupCell.objects.order_by("-first_day", "-last_day", "pk")
    if month is None:
        return cells
    return cells.filter(first_day__year=month.year, first_day__month=month.month)


def told_apart(cells: QuerySet[RollupCell]) -> set[tuple[date, date]]:
    """The days of which there is more than one number."""
    named = cells.exclude(key={}).order_by()
    return set(named.values_list("first_day", "last_day").distinct())


def lines(cells: Iterable[RollupCell], apart: set[tuple[date, date]]) -> list[Line]:
    return [
        Line(
            cell,
            in_words(cell.key) or nameless((cell.first_day, cell.last_day) in apart),
            [(heading, cell.numbers.get(name)) for name, heading in NUMBERS.items()],
        )
        for cell in cells
    ]


def in_words(key: dict[str, Any]) -> str:
    """“openai, m-1, status 2xx, region eu”"""
    parts = [
        text.format("unknown" if key[name] == "" else key[name])
        for name, text in KEYS.items()
        if name in key
    ]
    return ", ".join(parts)


def nameless(is_rest: bool) -> str:
    return "Everything else together" if is_rest else "Everything together"


class Echo:
    """A file that gives back what is written."""

    def write(self, text: str) -> str:
        return text


def save(request: HttpRequest) -> StreamingHttpResponse:
    """The same as CSV: of the month, or everything. An empty key isn’t told apart."""
    month = chosen(request)
    name = f"numbers-{month:%Y-%m}.csv" if month else "numbers.csv"
    return StreamingHttpResponse(
        table(of_month(month)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def table(cells: QuerySet[RollupCell]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield writer.writerow(COLUMNS)
    for cell in cells.iterator():
        values: list[Any] = [cell.first_day.isoformat(), cell.last_day.isoformat()]
        values += [cell.key.get(name) for name in KEYS]
        values += [cell.accounts, *(cell.numbers.get(name) for name in NUMBERS)]
        yield writer.writerow([safe_cell(value) for value in values])
