"""What lists of the admin share: a row opens a page of ours, and a queue hides what is over."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from fluxrouter.foundation.admin import ReadOnlyAdmin


class RowPageAdmin(ReadOnlyAdmin):
    """A list whose rows open a page of ours instead of Django's form. Nobody posts there."""

    missing: ClassVar[str]  # said of a row that isn't there any more

    def row_page(self, request: HttpRequest, row: Any) -> HttpResponse:
        raise NotImplementedError

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "POST" or not self.has_view_permission(request):
            raise PermissionDenied
        found = self.get_object(request, object_id)
        if found is None:
            messages.warning(request, self.missing)
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return self.row_page(request, found)


class QueueFilter(admin.SimpleListFilter):
    """What waits, unless something else is asked for."""

    title = "state"
    parameter_name = "state"
    waits: ClassVar[str]  # the words for that

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": self.waits}
        yield from others
