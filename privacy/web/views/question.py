"""One question a page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation.trans_real import parse_accept_lang_header

from privacy.letters.versions import DRAFTS, LANGUAGES
from privacy.models import Draft
from privacy.services.intake import read_answers, save_answers
from privacy.web.place_forms import PREFERRED
from privacy.web.questions import BY_SLUG, Answers, next_slug, previous_slug
from privacy.web.views.drafts import with_draft

CHANGING = "change"


def address(draft: Draft, slug: str, *, changing: bool = False) -> str:
    """The page of a question, or of the check."""
    if slug == "check":
        return reverse("privacy:check", args=[draft.pk])
    page = reverse("privacy:question", args=[draft.pk, slug])
    return f"{page}?{CHANGING}=1" if changing else page


def back(draft: Draft, slug: str, answers: Answers, *, changing: bool) -> str:
    if changing:
        return address(draft, "check")
    before = previous_slug(slug, answers)
    return address(draft, before) if before else reverse("privacy:start")


def preferred_language(request: HttpRequest) -> str:
    """The first of the browser's languages that we have letters in; "" where that is English."""
    for name, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if (language := name.split("-")[0]) in LANGUAGES:
            return language if language in DRAFTS else ""
    return ""


@with_draft
def question(request: HttpRequest, draft: Draft, slug: str) -> HttpResponse:
    if slug not in BY_SLUG:
        raise Http404
    if draft.submitted_at:
        return redirect("privacy:sent", draft_id=draft.pk)
    changing = CHANGING in request.GET
    answers = {**read_answers(draft), PREFERRED: preferred_language(request)}
    sent = request.POST if request.method == "POST" else None
    form = BY_SLUG[slug].form(sent, answers=answers)
    if form.is_valid():
        save_answers(draft, **form.cleaned_data)
        given = {**answers, **form.cleaned_data}
        following = next_slug(slug, given, changing=changing)
        return redirect(address(draft, following, changing=changing))
    values = {"form": form, "back": back(draft, slug, answers, changing=changing)}
    return render(request, "privacy/web/question.html", values)
