"""The queue and its pages."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt

from fluxrouter.foundation.sealed import email_index
from privacy.admin import filters, intake, proofs, queue, uploads, views
from privacy.admin.due_cell import due_cell
from privacy.admin.page import waits
from privacy.admin.row_pages import RowPageAdmin
from privacy.models import PrivacyRequest
from privacy.rights import Right

CHANGELIST = "admin:privacy_privacyrequest_changelist"
HALF = (
    "Search finds a whole reference (FR-XXXX-XXXX) or a whole e-mail address. Addresses are "
    "stored sealed, so a part of one can’t be found."
)


@admin.register(PrivacyRequest)
class PrivacyRequestAdmin(RowPageAdmin):
    """No request is added (there is intake), changed (there are actions) or deleted here."""

    missing = "There is no such request."
    list_display = ("reference", "rights_asked", "status_shown", "due", "channel", "waiting_for")
    list_filter = (
        filters.StatusFilter,
        filters.DueFilter,
        filters.WaitingFilter,
        filters.RightFilter,
        "channel",
        filters.SamePersonFilter,
    )
    change_list_template = "admin/privacy/privacyrequest/list.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return queue.queue()

    def get_ordering(self, request: HttpRequest) -> Any:
        """By due date: what is overdue comes first, what is closed last. A child's data is first
        of all.
        """
        return ("closed", "-is_urgent", "due_on", "received_at")

    @admin.display(description="Rights")
    def rights_asked(self, row: PrivacyRequest) -> str:
        return "; ".join(str(Right(right).label) for right in row.rights)

    @admin.display(description="Status")
    def status_shown(self, row: PrivacyRequest) -> SafeString:
        urgent = "▲ A child’s data. " if row.is_urgent else ""
        return format_html('{}<span class="status">{}</span>', urgent, row.get_status_display())

    @admin.display(description="Due")
    def due(self, row: PrivacyRequest) -> SafeString:
        return due_cell(queue.due(row))

    @admin.display(description="Waiting for")
    def waiting_for(self, row: PrivacyRequest) -> str:
        return waits(row)

    def get_urls(self) -> list[URLPattern]:
        def page(route: str, view: Any, name: str) -> URLPattern:
            wrapped: Any = self.admin_site.admin_view(view)
            made: URLPattern = path(route, wrapped, name=f"privacy_privacyrequest_{name}")
            return made

        return [
            page("search/", self.search_view, "search"),
            page("take-in/", self.intake_view, "take_in"),
            page("proof/<uuid:pk>/", self.proof_view, "proof"),
            page("<uuid:pk>/do/add_evidence/<uuid:step_id>/", self.upload_view, "upload"),
            page("<uuid:pk>/do/<slug:name>/", self.do_view, "do"),
            page("<uuid:pk>/do/<slug:name>/<uuid:step_id>/", self.do_view, "do_step"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may_take_in = request.user.has_perm(intake.TAKE_IN)
        return super().changelist_view(
            request, {**(extra_context or {}), "may_take_in": may_take_in}
        )

    def row_page(self, request: HttpRequest, row: PrivacyRequest) -> HttpResponse:
        return views.request_page(request, self.admin_site, row, views.staff(request))

    def do_view(
        self, request: HttpRequest, pk: UUID, name: str, step_id: UUID | None = None
    ) -> HttpResponse:
        return views.do_view(request, self.admin_site, pk, name, step_id)

    @method_decorator(csrf_exempt)
    def upload_view(self, request: HttpRequest, pk: UUID, step_id: UUID) -> HttpResponse:
        """Without the site's look at the token, which reads the whole body: the view has its own,
        after it saw how much is sent.
        """
        return uploads.upload_view(request, self.admin_site, pk, step_id)

    def proof_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        return proofs.proof_view(request, self.admin_site, pk)

    def intake_view(self, request: HttpRequest) -> HttpResponse:
        return intake.intake_view(request, self.admin_site)

    def search_view(self, request: HttpRequest) -> HttpResponse:
        """By POST, because an address must not stand in a URL. Leads to a list that has none."""
        views.staff(request)
        typed = request.POST.get("for", "").strip()
        rows = PrivacyRequest.objects.filter(reference=typed.upper())
        if found := rows.first():
            return redirect(views.page_url(found))
        if not is_address(typed):
            messages.warning(request, HALF)
            return redirect(CHANGELIST)
        same = PrivacyRequest.objects.filter(email_index=email_index(typed)).first()
        if same is None:
            messages.info(request, "No request has this address.")
            return redirect(CHANGELIST)
        return redirect(f"{reverse(CHANGELIST)}?status=all&same={same.pk}")


def is_address(typed: str) -> bool:
    try:
        validate_email(typed)
    except ValidationError:
        return False
    return True
