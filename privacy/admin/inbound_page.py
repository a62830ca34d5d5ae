"""The page of one mail: when it came and what it seems to be; its content only when asked for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import reverse

from privacy.admin.action_row import HANDLE, REVEAL
from privacy.admin.intake import TAKE_IN
from privacy.models import InboundFile, InboundMail
from privacy.services.inbound.reading import Opened, requests_of

State = InboundMail.State
TEMPLATE = "admin/privacy/inboundmail/page.html"
# A shape for each state, so that colour isn't needed to tell them apart.
SHAPES = {State.WAITING: "○", State.TAKEN_IN: "✓", State.JOINED: "✓", State.DISCARDED: "–"}
KINDS = {
    "application/pdf": "PDF",
    "image/png": "PNG picture",
    "image/jpeg": "JPEG picture",
    "text/plain": "Plain text",
}


@dataclass(frozen=True, slots=True)
class FileRow:
    """An attachment in words. Its name is shown only with the mail."""

    number: int
    kind: str
    size: str
    sha256: str
    name: str
    released_by: str
    released_at: datetime | None
    release_url: str
    save_url: str


def marks_words(mail: InboundMail) -> list[str]:
    words = [str(InboundMail.Mark(mark).label) for mark in mail.marks]
    return words if mail.fetched_at else ["Not fetched yet", *words]


def shape(mail: InboundMail) -> str:
    return SHAPES[State(mail.state)]


def do_url(mail: InboundMail, name: str) -> str:
    return reverse("admin:privacy_inboundmail_do", args=[mail.pk, name])


def file_rows(mail: InboundMail, user: Any, opened: Opened | None) -> list[FileRow]:
    names = opened.file_names if opened else {}
    files = mail.files.select_related("released_by")
    return [file_row(file, place, user, names) for place, file in enumerate(files, start=1)]


def file_row(file: InboundFile, number: int, user: Any, names: dict[str, str]) -> FileRow:
    def url(name: str) -> str:
        return reverse("admin:privacy_inboundmail_file", args=[file.pk, name])

    may_read = user.has_perm(REVEAL)
    is_out = file.released_at is not None
    return FileRow(
        number,
        KINDS.get(file.media_type, "Something else"),
        filesizeformat(file.size),
        file.sha256,
        names.get(str(file.pk), ""),
        file.released_by.get_username() if file.released_by else "",
        file.released_at,
        url("release") if may_read and user.has_perm(HANDLE) and not is_out else "",
        url("save") if may_read and is_out else "",
    )


def mail_page(
    request: HttpRequest,
    site: AdminSite,
    mail: InboundMail,
    opened: Opened | None = None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    user: Any = request.user
    is_here, waits = mail.fetched_at is not None, mail.state == State.WAITING
    may_read = is_here and user.has_perm(REVEAL)
    context = {
        **site.each_context(request),
        "title": f"Mail of {mail.received_at:%-d %B %Y, %H:%M} UTC",
        "opts": InboundMail._meta,
        "mail": mail,
        "shape": shape(mail),
        "marks": marks_words(mail),
        "files": file_rows(mail, user, opened),
        "opened": opened,
        "same": requests_of(opened.address) if opened else [],
        "read_url": do_url(mail, "read") if may_read and not opened else "",
        "take_in_url": do_url(mail, "take-in")
        if waits and may_read and user.has_perm(TAKE_IN)
        else "",
        "join_url": do_url(mail, "join") if waits and user.has_perm(HANDLE) else "",
        "discard_url": do_url(mail, "discard") if waits and user.has_perm(HANDLE) else "",
        **more,
    }
    return TemplateResponse(request, TEMPLATE, context, status=status)
