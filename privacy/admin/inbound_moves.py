"""What staff do with a mail: read it, take it in, join it to a request, discard it. By POST."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts.models import User
from privacy.admin.action_row import HANDLE, REVEAL
from privacy.admin.inbound_page import do_url, mail_page
from privacy.admin.intake import TAKE_IN, IntakeForm, enter
from privacy.admin.views import page_url, staff
from privacy.models import InboundMail, PrivacyRequest
from privacy.services.inbound import settling
from privacy.services.inbound.reading import Opened, read_mail
from privacy.services.review import ReviewError

WHY = [
    (str(settling.Why.NOT_PRIVACY), "It asks for nothing that concerns personal data"),
    (str(settling.Why.SPAM), "Spam"),
    (str(settling.Why.AUTOMATIC), "An automatic answer, or a message about undelivered mail"),
    (str(settling.Why.TWICE), "It came twice"),
]
LONGEST_MESSAGE = 5000


class JoinForm(forms.Form):
    reference = forms.CharField(
        label="Reference of the request",
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )


class DiscardForm(forms.Form):
    why = forms.ChoiceField(label="Why is it no request?", choices=WHY, widget=forms.RadioSelect)


def read(request: HttpRequest, site: AdminSite, mail: InboundMail, user: User) -> HttpResponse:
    opened = read_mail(mail, actor=user)
    return mail_page(request, site, mail, opened, join_form=JoinForm(), discard_form=DiscardForm())


def prefilled(mail: InboundMail, opened: Opened) -> dict[str, Any]:
    """What the mail says by itself. Who asks, for what and from where, staff read in it."""
    return {
        "channel": PrivacyRequest.Channel.EMAIL,
        "received_at": timezone.localtime(mail.received_at),
        "email": opened.address,
        "message": f"{opened.subject}\n\n{opened.text}".strip()[:LONGEST_MESSAGE],
    }


def take_in(request: HttpRequest, site: AdminSite, mail: InboundMail, user: User) -> HttpResponse:
    """The form of intake, first filled from the mail, then as it was sent."""
    if "entered" not in request.POST:
        form = IntakeForm(initial=prefilled(mail, read_mail(mail, actor=user)))
        return form_page(request, site, mail, form)
    form = IntakeForm(request.POST)
    if not form.is_valid():
        return form_page(request, site, mail, form)
    with transaction.atomic():
        made, _ = enter(form, user)
        settling.taken_in(mail, made, actor=user)
    messages.success(request, f"{made.reference} is taken in. The mail belongs to it.")
    return redirect(page_url(made))


def form_page(
    request: HttpRequest, site: AdminSite, mail: InboundMail, form: IntakeForm
) -> HttpResponse:
    context = {
        **site.each_context(request),
        "title": "Take in this mail",
        "opts": InboundMail._meta,
        "mail": mail,
        "form": form,
        "url": do_url(mail, "take-in"),
    }
    return TemplateResponse(request, "admin/privacy/inboundmail/take_in.html", context)


def join(request: HttpRequest, site: AdminSite, mail: InboundMail, user: User) -> HttpResponse:
    form = JoinForm(request.POST)
    if not form.is_valid():
        return mail_page(request, site, mail, join_form=form, status=422)
    found = settling.join(mail, form.cleaned_data["reference"], actor=user)
    messages.success(request, f"The mail belongs to {found.reference} now.")
    return redirect(page_url(found))


def discard(request: HttpRequest, site: AdminSite, mail: InboundMail, user: User) -> HttpResponse:
    form = DiscardForm(request.POST)
    if not form.is_valid():
        return mail_page(request, site, mail, discard_form=form, status=422)
    settling.discard(mail, settling.Why(form.cleaned_data["why"]), actor=user)
    messages.success(request, "Discarded. It is deleted in 30 days.")
    return redirect("admin:privacy_inboundmail_changelist")


class Move(NamedTuple):
    permissions: tuple[str, ...]
    make: Callable[[HttpRequest, AdminSite, InboundMail, User], HttpResponse]


MOVES: dict[str, Move] = {
    "read": Move((REVEAL,), read),
    "take-in": Move((REVEAL, TAKE_IN), take_in),
    "join": Move((HANDLE,), join),
    "discard": Move((HANDLE,), discard),
}


def move_view(request: HttpRequest, site: AdminSite, pk: UUID, name: str) -> HttpResponse:
    """403: not yours to do. 409: not now, and the page says why."""
    user = staff(request)
    move = MOVES.get(name)
    if move is None:
        raise Http404
    if not user.has_perms(("privacy.view_inboundmail", *move.permissions)):
        raise PermissionDenied
    mail = get_object_or_404(InboundMail.objects.select_related("request", "settled_by"), pk=pk)
    if request.method != "POST":
        return redirect("admin:privacy_inboundmail_change", mail.pk)
    try:
        return move.make(request, site, mail, user)
    except ReviewError as error:
        mail.refresh_from_db()
        return mail_page(request, site, mail, problem=str(error), status=409)
