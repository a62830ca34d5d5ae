"""The queue of appeals and complaints. They are read and decided on the page of their request."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from privacy.admin import appeals_page, views
from privacy.admin.due_cell import due_cell
from privacy.admin.row_pages import QueueFilter, RowPageAdmin
from privacy.models import Appeal
from privacy.selectors import appeals


class StateFilter(QueueFilter):
    """Open ones unless asked otherwise: it is a queue."""

    waits = "To be decided"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("decided", "Decided"), ("withdrawn", "Taken back"), ("all", "All")]

    def queryset(self, request: Any, queryset: Any) -> Any:
        which = {
            None: appeals.OPEN,
            "decided": ~appeals.OPEN & appeals.IS_DECIDED,
            "withdrawn": ~appeals.OPEN & ~appeals.IS_DECIDED,
        }
        return queryset.filter(which[self.value()]) if self.value() in which else queryset


class DueFilter(admin.SimpleListFilter):
    title = "due"
    parameter_name = "due"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("overdue", "Overdue")]

    def queryset(self, request: Any, queryset: Any) -> Any:
        late = appeals.OPEN & appeals.due_before(timezone.now().date())
        return queryset.filter(late) if self.value() == "overdue" else queryset


@admin.register(Appeal)
class AppealAdmin(RowPageAdmin):
    """A list to start from, the most urgent first."""

    missing = "There is no such appeal or complaint."
    list_display = ("what", "of_request", "due", "received", "state")
    list_display_links = None
    list_filter = (StateFilter, DueFilter, "kind")

    def get_queryset(self, request: HttpRequest) -> Any:
        found: Any = appeals.with_due()
        return found.order_by("due_on", "received_at")

    @admin.display(description="What")
    def what(self, appeal: Appeal) -> str:
        return appeal.get_kind_display()

    @admin.display(description="Request")
    def of_request(self, appeal: Appeal) -> SafeString:
        return format_html(
            '<a href="{}#appeals">{}</a>',
            views.page_url(appeal.request),
            appeal.request.reference,
        )

    @admin.display(description="Due")
    def due(self, appeal: Appeal) -> SafeString:
        return due_cell(appeals_page.due(appeal))

    @admin.display(description="Received")
    def received(self, appeal: Appeal) -> str:
        return date_format(appeal.received_at, "j F Y")

    @admin.display(description="State")
    def state(self, appeal: Appeal) -> str:
        return appeals_page.state(appeal)

    def row_page(self, request: HttpRequest, row: Appeal) -> HttpResponse:
        return redirect(f"{views.page_url(row.request)}#appeals")
