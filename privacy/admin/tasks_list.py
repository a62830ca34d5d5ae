"""The list of all tasks by hand, and the way to their files."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from privacy.admin import tasks, views
from privacy.admin.due_cell import due_cell
from privacy.admin.queue import SOON
from privacy.admin.refusals import Target
from privacy.admin.row_pages import QueueFilter, RowPageAdmin
from privacy.models import Evidence, FulfilmentStep, ManualTask
from privacy.services import evidence

State = FulfilmentStep.State
CLOSED = [State.DONE, State.CANCELLED]


class StateFilter(QueueFilter):
    """Open tasks, unless something else is asked for."""

    waits = "Open"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("all", "All")]

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset if self.value() else queryset.exclude(step__state__in=CLOSED)


class DueFilter(admin.SimpleListFilter):
    title = "due date"
    parameter_name = "due"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("overdue", "Overdue"), ("soon", "Due in 7 days")]

    def queryset(self, request: Any, queryset: Any) -> Any:
        today = timezone.now().date()
        which = {
            "overdue": Q(due_on__lt=today),
            "soon": Q(due_on__range=(today, today + SOON)),
        }
        wanted = which.get(self.value() or "")
        return queryset.filter(wanted).exclude(step__state__in=CLOSED) if wanted else queryset


@admin.register(ManualTask)
class ManualTaskAdmin(RowPageAdmin):
    """A list to start from; tasks are worked on where their request is."""

    missing = "There is no such task."
    list_display = ("at", "of_request", "due", "letter", "files")
    list_display_links = None
    list_filter = (StateFilter, DueFilter)

    def get_queryset(self, request: HttpRequest) -> Any:
        found = ManualTask.objects.select_related("step__request")
        return found.annotate(number=Count("evidence")).order_by("due_on", "pk")

    @admin.display(description="Processor")
    def at(self, task: ManualTask) -> str:
        return tasks.title(task)

    @admin.display(description="Request")
    def of_request(self, task: ManualTask) -> SafeString:
        return format_html(
            '<a href="{}#by-hand">{}</a>',
            views.page_url(task.step.request),
            task.step.request.reference,
        )

    @admin.display(description="Due")
    def due(self, task: ManualTask) -> SafeString:
        return due_cell(tasks.due(task))

    @admin.display(description="Letter")
    def letter(self, task: ManualTask) -> str:
        return tasks.letter_words(task)

    @admin.display(description="Files")
    def files(self, task: Any) -> str:
        return str(task.number) if task.number else "None"

    def get_urls(self) -> list[URLPattern]:
        wrapped: Any = self.admin_site.admin_view(self.evidence_view)
        name = "privacy_manualtask_evidence"
        return [path("evidence/<uuid:pk>/", wrapped, name=name), *super().get_urls()]

    def row_page(self, request: HttpRequest, row: ManualTask) -> HttpResponse:
        return redirect(f"{views.page_url(row.step.request)}#by-hand")

    def evidence_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """A file, to be saved and never shown: it came from outside. By POST, as it is noted."""
        user = views.staff(request)
        if not user.has_perm(tasks.REVEAL):
            raise PermissionDenied
        rows = Evidence.objects.select_related("task__step__request")
        found = get_object_or_404(rows, pk=pk)
        if request.method != "POST":
            return redirect(f"{views.page_url(found.task.step.request)}#by-hand")
        try:
            content = evidence.read_evidence(found, actor=user)
        except evidence.EvidenceError as error:
            target = Target(found.task.step.request, found.task.step)
            return views.refused(request, self.admin_site, target, str(error))
        return attachment(content, evidence.file_name(found))


def attachment(content: bytes, name: str) -> HttpResponse:
    """What no browser opens, guesses at, runs or keeps."""
    return HttpResponse(
        content,
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )
