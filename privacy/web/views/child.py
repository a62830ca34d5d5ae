"""Telling us that a child gave us data: one page, for anybody."""

from uuid import UUID, uuid4

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from privacy.services import children
from privacy.web import turnstile
from privacy.web.people_forms import ChildReportForm

PAGE = "privacy/web/child.html"
SALT = "privacy.child_report"
LIVES = 24 * 60 * 60  # seconds that an open page can still be sent


@turnstile.with_widget
def child(request: HttpRequest) -> HttpResponse:
    """The page carries the report's id, so that sending it twice makes one report."""
    if request.method != "POST":
        return page(request, fresh())
    form = ChildReportForm(request.POST)
    identifier = id_in(request.POST.get("report", ""))
    if not form.is_valid() or identifier is None:
        return page(request, form if identifier else fresh())
    way = turnstile.way_of(request, identifier)
    if way is turnstile.Way.AGAIN:
        return page(request, form, unchecked=True)
    children.report(
        identifier,
        email=form.cleaned_data["email"],
        what=form.cleaned_data["what"],
        slowly=way is turnstile.Way.SLOWLY,
    )
    return redirect("privacy:child_sent")


def fresh() -> ChildReportForm:
    return ChildReportForm(initial={"report": signing.dumps(str(uuid4()), salt=SALT)})


def id_in(signed: str) -> UUID | None:
    """The report's id that we made for this page; None when it isn't ours, or of yesterday."""
    try:
        return UUID(signing.loads(signed, salt=SALT, max_age=LIVES))
    except (signing.BadSignature, ValueError):
        return None


def page(request: HttpRequest, form: ChildReportForm, *, unchecked: bool = False) -> HttpResponse:
    values = {"form": form, "widget": turnstile.widget(), "unchecked": unchecked}
    return render(request, PAGE, values)


def sent(request: HttpRequest) -> HttpResponse:
    """The same for everybody: it shows nothing of any report."""
    return render(request, "privacy/web/child_sent.html")
