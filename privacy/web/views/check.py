"""Checking the answers, sending them, and the confirmation."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from privacy.models import Draft, PrivacyRequest
from privacy.services import intake, slow_letters, verification
from privacy.states import Status
from privacy.web import summary, turnstile
from privacy.web.forms import AddressForm
from privacy.web.questions import BY_SLUG, first_open
from privacy.web.views.drafts import with_draft
from privacy.web.views.question import address
from privacy.web.waiting import wait_text

Role = PrivacyRequest.Role
# Who skips the first question is at least somebody who wrote to us.
WHEN_NOT_SAID = Role.VISITOR


def as_answers(given: dict[str, Any]) -> intake.Answers:
    """The form's answers, without those to questions that the others made needless."""
    needed = {
        name for each in BY_SLUG.values() if each.needed(given) for name in each.form.base_fields
    }
    names = {"customer", "person"} & needed | {"message"}
    return intake.Answers(
        role=role if (role := given.get("role")) in Role.values else WHEN_NOT_SAID,
        rights=given["rights"],
        country=given["country"],
        email=given["email"],
        state=given.get("state", "") if "state" in needed else "",
        details={name: given[name] for name in sorted(names) if given.get(name)},
    )


@turnstile.with_widget
@with_draft
def check(request: HttpRequest, draft: Draft) -> HttpResponse:
    if draft.submitted_at:
        return redirect("privacy:sent", draft_id=draft.pk)
    given = intake.read_answers(draft)
    if slug := first_open(given):
        return redirect(address(draft, slug))
    unchecked = False
    if request.method == "POST":
        way = turnstile.way(request, draft)
        if way is not turnstile.Way.AGAIN:
            slowly = way is turnstile.Way.SLOWLY
            intake.submit_draft(draft, as_answers(given), slowly=slowly)
            return redirect("privacy:sent", draft_id=draft.pk)
        unchecked = True
    values = {
        "widget": turnstile.widget(),
        "unchecked": unchecked,
        "lines": [
            (line, address(draft, line.slug, changing=True)) for line in summary.lines(given)
        ],
        "erasing": "erasure" in given["rights"],
        "copying": "access" in given["rights"],
        "rights_page": address(draft, "rights", changing=True),
        "back": address(draft, "email"),
    }
    return render(request, "privacy/web/check.html", values)


@with_draft
def sent(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The confirmation. It says the same whether we know the address or not."""
    if not draft.submitted_at:
        return redirect("privacy:check", draft_id=draft.pk)
    form = AddressForm(request.POST if request.method == "POST" else None)
    privacy_request = PrivacyRequest.objects.get(pk=draft.pk)
    if form.is_valid():
        try:
            verification.change_email(privacy_request, form.cleaned_data["email"])
        except verification.TooSoonError as error:
            return confirmation(request, draft, wait=wait_text(error))
        return redirect(f"{reverse('privacy:sent', args=[draft.pk])}?changed=1")
    return confirmation(request, draft, form=form, changed="changed" in request.GET)


@with_draft
def send_again(request: HttpRequest, draft: Draft) -> HttpResponse:
    if request.method != "POST" or not draft.submitted_at:
        return redirect("privacy:sent", draft_id=draft.pk)
    privacy_request = PrivacyRequest.objects.get(pk=draft.pk)
    if privacy_request.status != Status.VERIFYING:
        return redirect("privacy:sent", draft_id=draft.pk)
    try:
        verification.send_again(privacy_request, "verify")
    except verification.TooSoonError as error:
        return confirmation(request, draft, wait=wait_text(error))
    return redirect(f"{reverse('privacy:sent', args=[draft.pk])}?again=1")


def confirmation(request: HttpRequest, draft: Draft, **values: Any) -> HttpResponse:
    privacy_request = PrivacyRequest.objects.get(pk=draft.pk)
    shown = {
        "form": AddressForm(),
        "privacy_request": privacy_request,
        "email": privacy_request.read("email"),
        "waiting": privacy_request.status == Status.VERIFYING,
        "waits_until": slow_letters.waits_until(privacy_request),
        "again": "again" in request.GET,
        "draft": draft,
        **values,
    }
    return render(request, "privacy/web/sent.html", shown)
