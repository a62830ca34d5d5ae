"""Incoming mail: the list, each mail's page, and what staff may do with it."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from privacy.admin import inbound_files, inbound_moves
from privacy.admin.inbound_page import mail_page, marks_words, shape
from privacy.admin.row_pages import QueueFilter, RowPageAdmin
from privacy.models import InboundMail


class StateFilter(QueueFilter):
    """What waits, unless something else is asked for."""

    waits = str(InboundMail.State.WAITING.label)

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        states = [(str(value), str(label)) for value, label in InboundMail.State.choices]
        return [("all", "All"), *states[1:]]

    def queryset(self, request: Any, queryset: Any) -> Any:
        if self.value() == "all":
            return queryset
        return queryset.filter(state=self.value() or InboundMail.State.WAITING)


@admin.register(InboundMail)
class InboundMailAdmin(RowPageAdmin):
    """Nothing of a mail is in the list but when it came and what kind it seems to be."""

    missing = "There is no such mail."
    list_display = ("received", "status", "seems", "files", "of_request")
    list_display_links = ("received",)
    list_filter = (StateFilter,)

    def get_queryset(self, request: HttpRequest) -> Any:
        found = InboundMail.objects.select_related("request", "settled_by")
        return found.annotate(number=Count("files")).order_by("received_at", "pk")

    @admin.display(description="Received (UTC)")
    def received(self, mail: InboundMail) -> str:
        return f"{mail.received_at:%-d %B %Y, %H:%M}"

    @admin.display(description="State")
    def status(self, mail: InboundMail) -> SafeString:
        return format_html(
            '<span aria-hidden="true">{}</span> {}', shape(mail), mail.get_state_display()
        )

    @admin.display(description="Seems to be")
    def seems(self, mail: InboundMail) -> str:
        return "; ".join(marks_words(mail)) or "Mail of a person"

    @admin.display(description="Files")
    def files(self, mail: Any) -> str:
        return str(mail.number) if mail.number else "None"

    @admin.display(description="Request")
    def of_request(self, mail: InboundMail) -> str:
        return mail.request.reference if mail.request else "–"

    def get_urls(self) -> list[URLPattern]:
        def page(route: str, view: Any, name: str) -> URLPattern:
            wrapped: Any = self.admin_site.admin_view(view)
            made: URLPattern = path(route, wrapped, name=f"privacy_inboundmail_{name}")
            return made

        return [
            page("<uuid:pk>/do/<slug:name>/", self.move_view, "do"),
            page("file/<uuid:pk>/<slug:name>/", self.file_view, "file"),
            *super().get_urls(),
        ]

    def row_page(self, request: HttpRequest, row: InboundMail) -> HttpResponse:
        return mail_page(request, self.admin_site, row)

    def move_view(self, request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
        return inbound_moves.move_view(request, self.admin_site, pk, name)

    def file_view(self, request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
        return inbound_files.file_view(request, self.admin_site, pk, name)
