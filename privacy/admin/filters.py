"""The filters of the queue. Each is in the address, so a list can be shared."""

from typing import Any
from uuid import UUID

from django.contrib.admin import SimpleListFilter
from django.db.models import Q

from privacy.admin import queue
from privacy.admin.row_pages import QueueFilter
from privacy.models import PrivacyRequest
from privacy.rights import Right
from privacy.states import Status


class StatusFilter(QueueFilter):
    """Open requests, unless something else is asked for."""

    title = "status"
    parameter_name = "status"
    waits = "Open"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("all", "All"), *[(str(value), str(label)) for value, label in Status.choices]]

    def queryset(self, request: Any, queryset: Any) -> Any:
        if self.value() == "all":
            return queryset
        return queryset.filter(Q(status=self.value()) if self.value() else queue.is_open())


class DueFilter(SimpleListFilter):
    title = "due date"
    parameter_name = "due"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("overdue", "Overdue"), ("soon", "Due in 7 days")]

    def queryset(self, request: Any, queryset: Any) -> Any:
        which = {"overdue": queue.is_overdue(), "soon": queue.is_due_soon()}
        return queryset.filter(which.get(self.value() or "", Q()))


class WaitingFilter(SimpleListFilter):
    title = "waiting for"
    parameter_name = "waiting"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("step", queue.STEP.label),
            ("task", queue.TASK.label),
            ("letter", queue.LETTER.label),
            *[(code, wait.label) for code, wait in queue.WAITS.items()],
        ]

    def queryset(self, request: Any, queryset: Any) -> Any:
        value = self.value()
        if wait := {
            "step": queue.STEP,
            "task": queue.TASK,
            "letter": queue.LETTER,
        }.get(value or ""):
            return queryset.filter(wait.which)
        return queryset.filter(waits=value) if value in queue.WAITS else queryset


class RightFilter(SimpleListFilter):
    title = "right"
    parameter_name = "right"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in Right.choices]

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(rights__contains=[self.value()]) if self.value() else queryset


class SamePersonFilter(SimpleListFilter):
    """Requests with the same address as the one named: an address itself never is in a URL."""

    title = "person"
    parameter_name = "same"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        value = request.GET.get("same")
        return [(value, "The address you searched for")] if value else []

    def queryset(self, request: Any, queryset: Any) -> Any:
        if not self.value():
            return queryset
        try:
            one = PrivacyRequest.objects.filter(pk=UUID(str(self.value()))).first()
        except ValueError:
            return queryset.none()
        if one is None or one.email_index is None:
            return queryset.none()
        return queryset.filter(email_index=one.email_index)
