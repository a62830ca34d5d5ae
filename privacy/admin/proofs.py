"""Saving a proof that somebody sent: it came from outside, so that no page shows it."""

from uuid import UUID

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from privacy.admin import views
from privacy.admin.action_row import REVEAL
from privacy.admin.refusals import Target
from privacy.admin.tasks_list import attachment
from privacy.models import Authority
from privacy.services import authorities
from privacy.services.evidence import ENDINGS
from privacy.services.review import ReviewError


def proof_view(request: HttpRequest, site: AdminSite, pk: UUID) -> HttpResponse:
    """By POST, as the trail notes who had it. The name says nothing."""
    user = views.staff(request)
    if not user.has_perm(REVEAL):
        raise PermissionDenied
    found = get_object_or_404(Authority.objects.select_related("request"), pk=pk)
    if request.method != "POST":
        return redirect(views.page_url(found.request) + "#authority")
    try:
        content = authorities.read(found, actor=user)
    except ReviewError as error:
        return views.refused(request, site, Target(found.request), str(error))
    return attachment(content, f"proof.{ENDINGS[found.media_type]}")
