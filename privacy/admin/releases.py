"""Letters × languages: which text may be sent, and a named reviewer's release of it."""

from typing import Any, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from accounts.models import User
from fluxrouter.foundation.admin import ReadOnlyAdmin
from privacy.admin.views import staff
from privacy.letters.texts import ENGLISH
from privacy.letters.versions import DRAFTS, NAMES, digest_of, gaps, words_of
from privacy.models import LetterRelease
from privacy.services.post.releases import Entry, Version, entry, releasable
from privacy.services.post.releasing import release, revoke
from privacy.services.review import ReviewError

RELEASE = "privacy.release_letter"
FOLDER = "admin/privacy/letterrelease/"
CHANGELIST = "admin:privacy_letterrelease_changelist"
# A shape for each state, so that colour isn't needed to tell them apart.
STATES = {
    Version.RELEASED: ("✓", "Released"),
    Version.CHANGED: ("▲", "Changed since its release"),
    Version.DRAFT: ("○", "Draft"),
    Version.GAPS: ("–", "Texts are missing"),
}


class Cell(NamedTuple):
    """Where a letter stands in one language, in words."""

    entry: Entry
    shape: str
    words: str


class ReleaseForm(forms.Form):
    reviewer = forms.CharField(
        label="Who read it",
        help_text="The name of the person who read this text and answers for it: somebody who "
        "knows the language and its law.",
        max_length=200,
    )


def cell(letter: str, language: str) -> Cell:
    found = entry(letter, language)
    return Cell(found, *STATES[found.state])


@admin.register(LetterRelease)
class LetterReleaseAdmin(ReadOnlyAdmin):
    """One page for all, and one for each text."""

    def get_urls(self) -> list[URLPattern]:
        wrapped: Any = self.admin_site.admin_view(self.text_view)
        name = "privacy_letterrelease_text"
        return [path("<slug:language>/<slug:letter>/", wrapped, name=name), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": "Letters and their languages",
            "opts": self.opts,
            "languages": [NAMES[language] for language in DRAFTS],
            "rows": [
                (letter, words_of(letter, ENGLISH)["subject"], [cell(letter, lg) for lg in DRAFTS])
                for letter in releasable()
            ],
        }
        return TemplateResponse(request, FOLDER + "list.html", context)

    def text_view(self, request: HttpRequest, language: str, letter: str) -> HttpResponse:
        user = staff(request)
        if language not in DRAFTS or letter not in releasable():
            raise Http404
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return text_page(request, self.admin_site, language, letter, ReleaseForm())
        if not user.has_perm(RELEASE):
            raise PermissionDenied
        return decided(request, self.admin_site, language, letter, user)


def decided(
    request: HttpRequest, site: AdminSite, language: str, letter: str, user: User
) -> HttpResponse:
    """Release what was read, or take the release back. 409: not as it stands now."""
    form = ReleaseForm(request.POST)
    try:
        if "revoke" in request.POST:
            take_back(language, letter, user)
        elif form.is_valid():
            read = request.POST.get("digest", "")
            release(letter, language, digest=read, actor=user, **form.cleaned_data)
        else:
            return text_page(request, site, language, letter, form)
    except ReviewError as error:
        return text_page(
            request, site, language, letter, ReleaseForm(), problem=str(error), status=409
        )
    messages.success(request, "Done. The list shows it.")
    return redirect(CHANGELIST)


def take_back(language: str, letter: str, user: User) -> None:
    row = entry(letter, language).release
    if row is None:
        raise ReviewError("Nothing is released that could be revoked.")
    revoke(row, actor=user)


def text_page(
    request: HttpRequest,
    site: AdminSite,
    language: str,
    letter: str,
    form: ReleaseForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    english, theirs = words_of(letter, ENGLISH), words_of(letter, language)
    user: Any = request.user
    stands = cell(letter, language)
    may_release = user.has_perm(RELEASE)
    context = {
        **site.each_context(request),
        "title": f"{english['subject']}: {NAMES[language]}",
        "opts": LetterRelease._meta,
        "language": language,
        "language_name": NAMES[language],
        "cell": stands,
        "texts": [(name, text, theirs[name]) for name, text in english.items()],
        "gaps": gaps(letter, language),
        "digest": digest_of(letter, language),
        "form": form,
        "may_release": may_release and stands.entry.state in (Version.DRAFT, Version.CHANGED),
        "may_revoke": may_release and stands.entry.release is not None,
        **more,
    }
    return TemplateResponse(request, FOLDER + "text.html", context, status=status)
