"""Taking in a file: nothing of it is read before it is known who sends it, and how much."""

from uuid import UUID

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_protect

from privacy.admin.actions import ACTIONS
from privacy.admin.views import confirm_page, do_view, entered, refused
from privacy.services.evidence import LARGEST

NAME = "add_evidence"
AROUND = 64 * 1024  # what a form sends beside the file
TOO_LARGE = "This file is larger than 5 MiB, and was not read. Send a smaller one, or a part."


def upload_view(request: HttpRequest, site: AdminSite, pk: UUID, step_id: UUID) -> HttpResponse:
    """As `do_view`, and 413 for too much."""
    if not is_too_large(request):
        return csrf_protect(do_view)(request, site, pk, NAME, step_id)
    target, user = entered(request, pk, NAME, step_id)
    row = ACTIONS[NAME]
    if refusal := row.refusal(target, user):
        return refused(request, site, target, refusal)
    form = row.form({}, {}, privacy_request=target.request, step=target.step)
    form.errors["file"] = form.error_class([TOO_LARGE])
    return confirm_page(request, site, target, NAME, form, status=413)


def is_too_large(request: HttpRequest) -> bool:
    """By what the sender says; no server reads more than that."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdecimal() or int(length) > LARGEST + AROUND
