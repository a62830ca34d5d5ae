"""Attachments of incoming mail: released one by one, saved and never shown."""

from uuid import UUID

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from privacy.admin.action_row import HANDLE, REVEAL
from privacy.admin.inbound_page import mail_page
from privacy.admin.tasks_list import attachment
from privacy.admin.views import staff
from privacy.models import InboundFile
from privacy.services.inbound.reading import file_name, read_file, release_file
from privacy.services.review import ReviewError

PERMISSIONS = {"release": (HANDLE, REVEAL), "save": (REVEAL,)}


def file_view(request: HttpRequest, site: AdminSite, pk: UUID, name: str) -> HttpResponse:
    user = staff(request)
    if name not in PERMISSIONS:
        raise Http404
    if not user.has_perms(("privacy.view_inboundmail", *PERMISSIONS[name])):
        raise PermissionDenied
    file = get_object_or_404(InboundFile.objects.select_related("mail__request"), pk=pk)
    back = redirect("admin:privacy_inboundmail_change", file.mail_id)
    if request.method != "POST":
        return back
    try:
        if name == "save":
            return attachment(read_file(file, actor=user), file_name(file))
        release_file(file, actor=user)
    except ReviewError as error:
        return mail_page(request, site, file.mail, problem=str(error), status=409)
    messages.success(request, "Released. Open it only where it can do no harm.")
    return back
