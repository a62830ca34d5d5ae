"""Letters as they will be sent, before anybody decides: the decision is made and undone again.

So what staff see comes from the same facts, the same texts and the same code as what is sent.
"""

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import unquote

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from fluxrouter.foundation.keystore import keystore
from privacy import letters
from privacy.letters import LETTERS, Addressee, Facts, MissingElementError
from privacy.letters.render import subject_of
from privacy.letters.table import LINKS
from privacy.links import LinkKind
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.services.letters import FACTS, PAGES, Source
from privacy.services.post.kept import MASK
from privacy.services.post.releases import language_of

# Facts that only those may see who reveal them, with a reason and an event.
HIDDEN = frozenset({"person_address"})


class Seen(NamedTuple):
    """A letter that a decision would send. Without a text it comes later, from later facts."""

    subject: str
    text: str
    to: Addressee
    language: str


class _UndoneError(Exception):
    """Takes back what was only tried."""


def letters_of(request: PrivacyRequest, decide: Callable[[], object]) -> list[Seen]:
    """What `decide` would send. It runs, its letters are made, and everything is taken back.

    Raises what `decide` raises. Nothing is sent or nudged, as that waits for the commit.
    """
    mine = Q(request=request) | Q(request__split_from=request)
    steps = FulfilmentStep.objects.filter(mine, connector="mail").select_related("request")
    known = set(steps.values_list("pk", flat=True))
    others = set(followers(request))
    made: set[Any] = set()
    found: list[Seen] = []
    try:
        with transaction.atomic():
            decide()
            found = [seen(step) for step in steps.exclude(pk__in=known)]
            made = set(followers(request)) - others
            raise _UndoneError
    except _UndoneError:
        for pk in made:  # their keys are no rows, and stayed
            keystore().destroy(pk)
    return found


def followers(request: PrivacyRequest) -> list[Any]:
    return list(PrivacyRequest.objects.filter(split_from=request).values_list("pk", flat=True))


def seen(step: FulfilmentStep) -> Seen:
    """The letter of a step, with its links and codes masked."""
    row, language = LETTERS[step.action], language_of(step.action, step.request)
    if step.state != FulfilmentStep.State.READY:
        return Seen(subject_of(step.action, language), "", row.to, language)
    facts = {name: fact(name, Source(step, step.request)) for name in row.facts}
    try:
        letter = letters.render(step.action, Facts(**facts), language)
    except MissingElementError:
        return Seen(subject_of(step.action, language), "", row.to, language)
    return Seen(letter.subject, letter.text, row.to, language)


def fact(name: str, source: Source) -> Any:
    if name in LINKS:
        return placeholder(LINKS[name])
    if name in HIDDEN:
        return MASK
    return FACTS[name](source) if name in FACTS else None


def placeholder(kind: LinkKind) -> str:
    """Where a link leads, without what opens it."""
    page = PAGES.get(kind)  # a code leads nowhere
    return settings.PUBLIC_URL + unquote(reverse(page, args=[MASK])) if page else MASK
