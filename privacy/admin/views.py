"""The confirmation page of each action, and its POST."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.models import User
from fluxrouter.foundation.crypto import SealError
from fluxrouter.foundation.keystore import KeyGoneError
from privacy.admin import appeals_page, letter_preview, letters, masks, queue, tasks
from privacy.admin.action_row import ActionRow
from privacy.admin.actions import ACTIONS, OF_STEP, needs_two
from privacy.admin.appeal_actions import APPEAL_ACTIONS
from privacy.admin.changes import changes, kinds_of_work
from privacy.admin.forms import DoForm
from privacy.admin.page import page
from privacy.admin.plan_page import plan_page
from privacy.admin.refusals import Target
from privacy.admin.words import step_error, step_title, system_title
from privacy.models import PrivacyRequest
from privacy.selectors.refusals import told
from privacy.services.review import ReviewError
from privacy.states import TransitionError

TEMPLATES = "admin/privacy/privacyrequest/"


def staff(request: HttpRequest) -> User:
    """Who is signed in; they must be allowed to see requests at all."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm("privacy.view_privacyrequest"):
        raise PermissionDenied
    return user


def find_target(pk: UUID, name: str, step_id: UUID | None) -> Target:
    found = queue.queue().filter(pk=pk).first()
    if found is None or name not in ACTIONS or (name in OF_STEP) != (step_id is not None):
        raise Http404
    if step_id is None:
        return Target(found)
    step = found.steps.filter(pk=step_id).first()
    if step is None:
        raise Http404
    return Target(found, step)


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent. An empty POST is a POST: a form without fields must see it as sent."""
    return request.POST if request.method == "POST" else None


def files(request: HttpRequest) -> Any:
    return request.FILES if request.method == "POST" else None


def page_url(privacy_request: PrivacyRequest) -> str:
    return reverse("admin:privacy_privacyrequest_change", args=[privacy_request.pk])


def entered(
    request: HttpRequest, pk: UUID, name: str, step_id: UUID | None
) -> tuple[Target, User]:
    """What an action is about and who takes it. Reads nothing of what was sent."""
    user = staff(request)
    target = find_target(pk, name, step_id)
    if not user.has_perm(ACTIONS[name].permission(target)):
        raise PermissionDenied
    return target, user


def do_view(
    request: HttpRequest, site: AdminSite, pk: UUID, name: str, step_id: UUID | None = None
) -> HttpResponse:
    """GET says exactly what will happen; POST does it. 403: not yours to do. 409: not now."""
    target, user = entered(request, pk, name, step_id)
    row = ACTIONS[name]
    if refusal := row.refusal(target, user):
        return refused(request, site, target, refusal)
    form = row.form(
        posted(request), files(request), privacy_request=target.request, step=target.step
    )
    if request.method == "POST" and form.is_valid():
        try:
            if "see" in request.POST and name in letter_preview.WRITES:
                found = letter_preview.letters_of(target, user, row, form.cleaned_data)
                target = find_target(pk, name, step_id)
                return confirm_page(request, site, target, name, form, seen=found)
            row.call(target, user, form.cleaned_data)
            return done(request, site, target, name, user)
        except (ReviewError, TransitionError) as error:
            return refused(request, site, target, str(error))
    return confirm_page(request, site, target, name, form)


def done(
    request: HttpRequest, site: AdminSite, target: Target, name: str, user: User
) -> HttpResponse:
    if name == "reveal":
        return revealed(request, site, target, user)
    if name == "open_letter":
        return letters.opened_page(request, site, target, user)
    messages.success(request, ACTIONS[name].done)
    return redirect(page_url(target.request))


def revealed(request: HttpRequest, site: AdminSite, target: Target, user: User) -> HttpResponse:
    """The request's page with the contact details, for this one answer; nothing stores it."""
    try:
        contact = masks.contact(target.request)
        opened = changes(target.request, revealed=True)
    except (KeyGoneError, SealError):
        return refused(request, site, target, masks.GONE)
    return request_page(request, site, target.request, user, contact=contact, **opened)


def request_page(
    request: HttpRequest,
    site: AdminSite,
    privacy_request: PrivacyRequest,
    user: User,
    **more: Any,
) -> HttpResponse:
    context = {
        **site.each_context(request),
        "title": privacy_request.reference,
        "opts": PrivacyRequest._meta,
        **page(privacy_request, user),
        **more,
    }
    return TemplateResponse(request, TEMPLATES + "page.html", context)


def confirm_page(
    request: HttpRequest,
    site: AdminSite,
    target: Target,
    name: str,
    form: DoForm,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    row: ActionRow = ACTIONS[name]
    label = row.label(target)
    shows_plan = name in ("propose", "approve")
    plan = plan_page(target.request) if shows_plan else None
    context = {
        **site.each_context(request),
        "title": f"{label}: {target.request.reference}",
        "label": label,
        "button": plan.title if plan and plan.erases and name == "approve" else label,
        "opts": PrivacyRequest._meta,
        "privacy_request": target.request,
        "back": page_url(target.request),
        "name": name,
        "danger": row.danger,
        "form": form,
        "plan": plan,
        "refused": told(target.request) if shows_plan else [],
        "needs_two": needs_two(target),
        **kinds_of_work(target.request),
        **(changes(target.request) if shows_plan else {}),
        "notice_hours": round(settings.LIFT_NOTICE.total_seconds() / 3600),
        "grace_hours": round(settings.ERASURE_GRACE.total_seconds() / 3600),
        **written(target, name, staff(request)),
        **step_words(target),
        **tasks.words_of(target.task, name, staff(request)),
        "writes": name in letter_preview.WRITES,
        **more,
    }
    return TemplateResponse(request, TEMPLATES + "do.html", context, status=status)


def written(target: Target, name: str, user: User) -> dict[str, Any]:
    """What the person wrote, where that is decided on."""
    return {"appeals": appeals_page.cards(target.request, user)} if name in APPEAL_ACTIONS else {}


def step_words(target: Target) -> dict[str, str]:
    step = target.step
    if step is None:
        return {}
    return {
        "step_title": f"{system_title(step.connector)}: {step_title(step.key)}",
        "step_error": step_error(step),
    }


def refused(request: HttpRequest, site: AdminSite, target: Target, why: str) -> HttpResponse:
    """Not now: somebody was faster, or the request isn't where this action begins."""
    context = {
        **site.each_context(request),
        "title": "This can’t be done now",
        "opts": PrivacyRequest._meta,
        "privacy_request": target.request,
        "back": page_url(target.request),
        "why": why,
    }
    return TemplateResponse(request, TEMPLATES + "refused.html", context, status=409)
