"""The package: asking for a code, typing it, fetching the file, having it deleted."""

from uuid import UUID

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render

from privacy.models import MailToken, Package
from privacy.services import tokens, verification
from privacy.services.package import read
from privacy.web import cookies
from privacy.web.forms import CodeForm
from privacy.web.ranges import UnsatisfiableError, parse_range
from privacy.web.views.status import status_page
from privacy.web.views.tokens import with_status
from privacy.web.waiting import wait_text


@with_status
def send_code(request: HttpRequest, token: MailToken, secret: str) -> HttpResponse:
    if request.method != "POST" or not read.package_on_offer(token.request):
        return redirect("privacy:status", secret=secret)
    try:
        verification.send_again(token.request, "download_code")
    except verification.TooSoonError as error:
        return status_page(request, token.request, secret, message=wait_text(error))
    return redirect("privacy:code", secret=secret)


@with_status
def enter_code(request: HttpRequest, token: MailToken, secret: str) -> HttpResponse:
    package = read.package_on_offer(token.request)
    if package is None:
        return redirect("privacy:status", secret=secret)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            read.unlock(package, form.cleaned_data["code"])
        except tokens.TokenError as error:
            form.add_error("code", code_error(error))
        else:
            values = {"package": package, "secret": secret}
            response = render(request, "privacy/web/unlocked.html", values)
            cookies.grant_download(response, package)
            return response
    return render(request, "privacy/web/code.html", {"form": form, "secret": secret})


def code_error(error: tokens.TokenError) -> str:
    if error.why == "wrong" and (left := tokens.attempts_left(error.token)):
        tries = "1 try" if left == 1 else f"{left} tries"
        return f"This is not the code in our newest e-mail. You have {tries} left"
    reasons = {
        "expired": "This code has expired. Ask for a new one below",
        "used": "This code was used already. Ask for a new one below",
        "unknown": "There is no code yet. Ask for one below",
    }
    return reasons.get(error.why, "Too many wrong codes. Ask for a new one below")


@with_status
def delete(request: HttpRequest, token: MailToken, secret: str) -> HttpResponse:
    package = read.package_on_offer(token.request)
    if package is None:
        return redirect("privacy:status", secret=secret)
    if request.method == "POST":
        read.revoke(package)
        return redirect("privacy:status", secret=secret)
    return render(request, "privacy/web/delete_package.html", {"secret": secret})


def download(request: HttpRequest, package_id: UUID) -> HttpResponseBase:
    """Without the code a package that exists and one that doesn't look the same."""
    package = read.find_package(package_id) if cookies.may_download(request, package_id) else None
    if package is None:
        return render(request, "privacy/web/no_grant.html", status=403)
    # A file that changed since the first part came is sent anew (RFC 9110, 13.1.5).
    same = request.headers.get("If-Range", etag(package)) == etag(package)
    try:
        asked = parse_range(request.headers.get("Range", "") if same else "", package.size)
    except UnsatisfiableError:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{package.size}"
        return response
    try:
        return stream(package, asked)
    except read.PackageGoneError:
        return render(request, "privacy/web/no_grant.html", status=403)


def etag(package: Package) -> str:
    return f'"{package.sha256}"'


def stream(package: Package, asked: tuple[int, int] | None) -> StreamingHttpResponse:
    start, stop = asked or (0, package.size)
    response = StreamingHttpResponse(
        read.read_package(package, start, stop),
        status=206 if asked else 200,
        content_type="application/zip",
    )
    response["Content-Length"] = str(stop - start)
    response["Content-Disposition"] = f'attachment; filename="{package.request.reference}.zip"'
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag(package)
    if asked:
        response["Content-Range"] = f"bytes {start}-{stop - 1}/{package.size}"
    return response
