"""What the pages of the form share: the draft behind the address, if it is this browser's."""

import functools
from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from privacy.models import Draft
from privacy.services.intake import DraftGoneError, open_draft
from privacy.web import cookies


def with_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the view its draft; another browser's, or one of yesterday, looks like none at all."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, draft_id: UUID, **parts: str) -> HttpResponse:
        try:
            draft: Draft = open_draft(draft_id, cookies.owner_of(request))
        except DraftGoneError:
            return render(request, "privacy/web/draft_gone.html", status=404)
        return view(request, draft, **parts)

    return wrapped
