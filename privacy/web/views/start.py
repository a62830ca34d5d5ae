"""The pages before any question."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from privacy.deadlines import regime
from privacy.kept import OWN_DATA, kept_of_people
from privacy.processors import PROCESSORS
from privacy.rights import GROUPS, RIGHTS
from privacy.selectors import holdings
from privacy.services import intake, policy
from privacy.web import cookies
from retention.schedule import EXTERNAL


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy/web/home.html")


def start(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        groups = [(name, [(each, RIGHTS[each]) for each in rights]) for name, rights in GROUPS]
        values = {"regime": regime(), "groups": groups}
        return render(request, "privacy/web/start.html", values)
    owner = cookies.owner_of(request) or cookies.new_owner()
    draft = intake.start_draft(owner)
    response = redirect("privacy:question", draft_id=draft.pk, slug="role")
    cookies.keep_owner(response, owner)
    return response


def promises(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy/web/promises.html", {"claims": policy.claim_states()})


def categories(request: HttpRequest) -> HttpResponse:
    """What we may hold of anybody: the answer for whom we can't make sure of (11 CCR § 7024)."""
    return render(request, "privacy/web/categories.html", {"kinds": holdings.everything()})


def processors(request: HttpRequest) -> HttpResponse:
    """Who works for us, and what can't be erased there, why, and until when."""
    return render(request, "privacy/web/processors.html", {"processors": PROCESSORS})


def retention(request: HttpRequest) -> HttpResponse:
    """How long what is kept, counted from when, and why."""
    values = {"kept": kept_of_people(), "own": OWN_DATA, "elsewhere": EXTERNAL}
    return render(request, "privacy/web/retention.html", values)
