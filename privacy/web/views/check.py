"""Checking the answers, sending them, and the confirmation."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from privacy.grounds import GROUNDS, Ground
from privacy.letters.texts import ENGLISH
from privacy.letters.versions import LANGUAGES
from privacy.models import Draft, PrivacyRequest
from privacy.rights import needs_proof, without_proof
from privacy.selectors import people, restrictions
from privacy.services import intake, slow_letters, verification
from privacy.states import Status
from privacy.web import summary, turnstile
from privacy.web.forms import AddressForm
from privacy.web.place_forms import PREFERRED, state_of
from privacy.web.questions import BY_SLUG, first_open, last_slug
from privacy.web.views.drafts import with_draft
from privacy.web.views.question import address, preferred_language
from privacy.web.waiting import wait_text

Role = PrivacyRequest.Role
# Who skips the first question is at least somebody who wrote to us.
WHEN_NOT_SAID = Role.VISITOR
STEADY = 0.25  # seconds


def as_answers(given: dict[str, Any]) -> intake.Answers:
    """The form's answers, without those to questions that the others made needless."""
    needed = {
        name for each in BY_SLUG.values() if each.needed(given) for name in each.form.base_fields
    }
    names = {"customer", "person", "age", "own_name", "own_email"} & needed | {"message"}
    return intake.Answers(
        role=role if (role := given.get("role")) in Role.values else WHEN_NOT_SAID,
        rights=given["rights"],
        country=given["country"],
        email=given["email"],
        state=state_of(given),
        also_in=(given["elsewhere"],) if "elsewhere" in needed and given.get("elsewhere") else (),
        language=language if (language := given.get("language")) in LANGUAGES else ENGLISH,
        details={name: str(given[name]) for name in sorted(names) if is_said(given.get(name))},
    )


def is_said(answer: Any) -> bool:
    """An age of 0 is an answer."""
    return answer not in (None, "")


@contextmanager
def steady(rights: list[str]) -> Iterator[None]:
    """Take as long for each address: what is done at once differs a little where we know it."""
    ends = time.monotonic() + STEADY
    yield
    if not all(needs_proof(right) for right in rights):
        time.sleep(max(0.0, ends - time.monotonic()))


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
            with steady(given["rights"]):
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
        "invoices_until": GROUNDS[Ground.TAX].until,
        "rights_page": address(draft, "rights", changing=True),
        "happenings": summary.happenings(given),
        "back": address(draft, last_slug({**given, PREFERRED: preferred_language(request)})),
    }
    return render(request, "privacy/web/check.html", values)


@with_draft
def sent(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The confirmation. It says the same whether we know the address or not."""
    if not draft.submitted_at:
        return redirect("privacy:check", draft_id=draft.pk)
    form = AddressForm(request.POST if request.method == "POST" else None)
    privacy_request = PrivacyRequest.objects.get(pk=draft.pk)
    if form.is_valid() and may_change(privacy_request):
        try:
            intake.change_email(privacy_request, form.cleaned_data["email"])
        except verification.TooSoonError as error:
            return confirmation(request, draft, wait=wait_text(error))
        return redirect(f"{reverse('privacy:sent', args=[draft.pk])}?changed=1")
    return confirmation(request, draft, form=form, changed="changed" in request.GET)


def may_change(privacy_request: PrivacyRequest) -> bool:
    """A parent's link goes to another address than the one that the request is about."""
    return privacy_request.role != Role.GUARDIAN


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
    at_once = without_proof(privacy_request.rights)
    shown = {
        "form": AddressForm(),
        "privacy_request": privacy_request,
        "email": people.answered_at(privacy_request),
        "may_change": may_change(privacy_request),
        "waiting": privacy_request.status == Status.VERIFYING,
        "waits_until": slow_letters.waits_until(privacy_request),
        "at_once": at_once,
        "parts": done_at_once(privacy_request, at_once),
        "again": "again" in request.GET,
        "draft": draft,
        **values,
    }
    return render(request, "privacy/web/sent.html", shown)


def done_at_once(request: PrivacyRequest, at_once: bool) -> list[dict[str, Any]]:
    """What needed no proof, with its reference; it says the same whether we know the address."""
    parts = [request] if at_once else intake.split_off(request)[:1]
    return [{"request": part, "stopped": restrictions.stops(part)} for part in parts]
