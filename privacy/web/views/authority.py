"""Behind the mailed link by which an agent or a parent shows that they may act."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from privacy.models import MailToken
from privacy.services import authorities, tokens
from privacy.services.evidence import LARGEST
from privacy.services.review import ReviewError
from privacy.web.people_forms import ProofForm
from privacy.web.views.tokens import dead_link

PAGE = "privacy/web/authority.html"
AROUND = 64 * 1024  # what a form sends beside the file
TOO_LARGE = "This file is larger than 5 MiB, and was not read. Send a smaller one, or a part."


@csrf_exempt
def authority(request: HttpRequest, secret: str) -> HttpResponse:
    """The page names nobody: whoever holds the link learns only that a request was made.

    Nothing of what is sent is read before the link is known to work and the size to be right:
    only then comes the look at the form's token.
    """
    try:
        token = tokens.find(secret, MailToken.Kind.AUTHORITY)
    except tokens.TokenError as error:
        return dead_link(request, error)
    if why := authorities.why_no_more(token.request):
        return said(request, token, why=why, status=409)
    if is_too_large(request):
        form = ProofForm({}, {}, privacy_request=token.request)
        form.errors["file"] = form.error_class([TOO_LARGE])
        return said(request, token, form=form, status=413)
    return csrf_protect(take)(request, token)


def take(request: HttpRequest, token: MailToken) -> HttpResponse:
    if request.method != "POST":
        return said(request, token, form=ProofForm(privacy_request=token.request))
    form = ProofForm(request.POST, request.FILES, privacy_request=token.request)
    if not form.is_valid():
        return said(request, token, form=form)
    try:
        authorities.add(token, form.cleaned_data["kind"], form.cleaned_data["file"])
    except ReviewError as error:
        return said(request, token, why=str(error), status=409)
    return said(request, token, done=True)


def said(
    request: HttpRequest, token: MailToken, *, status: int = 200, **values: object
) -> HttpResponse:
    guardian = token.request.role == token.request.Role.GUARDIAN
    shown = {"privacy_request": token.request, "guardian": guardian, **values}
    return render(request, PAGE, shown, status=status)


def is_too_large(request: HttpRequest) -> bool:
    """By what the sender says; no server reads more than that."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdecimal() or int(length) > LARGEST + AROUND
