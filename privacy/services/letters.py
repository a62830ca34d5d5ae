"""What a letter may say about a request: looked up only where the letter speaks of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from privacy import letters
from privacy.grounds import GROUNDS, Ground, GroundRow
from privacy.letters import LETTERS, Facts, Rendered
from privacy.letters.texts import ENGLISH
from privacy.links import LinkKind
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.rights import Right
from privacy.selectors import held
from privacy.selectors.progress import declined
from privacy.selectors.systems import System, systems
from privacy.selectors.waiting import deferred, expiring, finished
from privacy.services import (
    appeal_facts,
    change_facts,
    clock_facts,
    downstream,
    law_facts,
    people_facts,
    refusal_facts,
    tokens,
)

PAGES: dict[str, str] = {
    LinkKind.VERIFY: "privacy:verify",
    LinkKind.STATUS: "privacy:status",
    LinkKind.STOP: "privacy:stop",
    LinkKind.AUTHORITY: "privacy:authority",
}


@dataclass
class Source:
    """A letter's step and its request, with what is looked up once for several facts."""

    step: FulfilmentStep
    request: PrivacyRequest

    @cached_property
    def systems(self) -> list[System]:
        return systems(self.request)


def compose(step: FulfilmentStep, request: PrivacyRequest, language: str = ENGLISH) -> Rendered:
    """The letter of a step, exactly as it is sent; makes the secrets that it carries.

    Raises MissingElementError.
    """
    return letters.render(step.action, gathered(step.action, Source(step, request)), language)


def gathered(letter: str, source: Source) -> Facts:
    wanted = LETTERS[letter].facts & FACTS.keys()
    return Facts(**{fact: FACTS[fact](source) for fact in wanted})


def link(source: Source, kind: LinkKind) -> str:
    return settings.PUBLIC_URL + reverse(PAGES[kind], args=[secret(source, kind)])


def secret(source: Source, kind: LinkKind) -> str:
    return tokens.issue(source.request.pk, kind, source.step.pk)


def right_names(source: Source) -> tuple[str, ...]:
    return tuple(str(Right(right).label) for right in source.request.rights)


def was_paused(source: Source) -> bool:
    return source.request.steps.filter(action="freeze", fence__gt=0).exists()


def package_until(source: Source) -> date | None:
    package = getattr(source.request, "package", None)
    ends = package and package.expires_at
    return timezone.localdate(ends) if ends else None


def kept_grounds(source: Source) -> tuple[GroundRow, ...]:
    """The grounds under which something stays, each once; the log of these letters stands last."""
    mail_log = GROUNDS[Ground.MAIL_LOG]
    found = {each.ground for system in source.systems for each in system.kept}
    return (*sorted(found - {mail_log}), mail_log)


def of_step(find: Callable[[FulfilmentStep], Any], source: Source) -> Any:
    return find(source.step)


def of_request(find: Callable[[PrivacyRequest], Any], source: Source) -> Any:
    return find(source.request)


# By fact. One that isn't here comes from elsewhere, or its letter can't be made.
FACTS: dict[str, Callable[[Source], Any]] = {
    "site": lambda _: settings.SITE_NAME,
    "contact": lambda _: settings.CONTACT_EMAIL,
    "reference": lambda source: source.request.reference,
    "due_on": lambda source: source.request.due_on,
    "rights": right_names,
    "by_agent": lambda source: source.request.role == PrivacyRequest.Role.AGENT,
    "by_guardian": lambda source: source.request.role == PrivacyRequest.Role.GUARDIAN,
    "verify_url": partial(link, kind=LinkKind.VERIFY),
    "status_url": partial(link, kind=LinkKind.STATUS),
    "stop_url": partial(link, kind=LinkKind.STOP),
    "code": partial(secret, kind=LinkKind.DOWNLOAD),
    "proof_url": partial(link, kind=LinkKind.AUTHORITY),
    "proof_days": lambda _: tokens.LIVES[LinkKind.AUTHORITY].lasts.days,
    "verify_days": lambda _: tokens.LIVES[LinkKind.VERIFY].lasts.days,
    "status_days": lambda _: tokens.LIVES[LinkKind.STATUS].lasts.days,
    "code_minutes": lambda _: tokens.LIVES[LinkKind.DOWNLOAD].lasts.seconds // 60,
    "grace_hours": lambda _: round(settings.ERASURE_GRACE.total_seconds() / 3600),
    "paused": was_paused,
    "package_until": package_until,
    "declined": lambda source: tuple(declined(source.request)),
    "searched": lambda source: tuple(each.title for each in source.systems),
    "found": lambda source: tuple(each.title for each in source.systems if each.found),
    "erased": lambda source: tuple(each.title for each in source.systems if each.erased),
    "kept": kept_grounds,
    "waiting": lambda source: tuple(deferred(source.request)),
    "expiring": lambda source: tuple(expiring(source.request)),
    "held": lambda source: tuple(held.told(source.request)),
    "finished": lambda source: tuple(finished(source.request)),
    "corrected": lambda source: change_facts.corrected(source.request),
    "not_corrected": lambda source: change_facts.not_corrected(source.request),
    "stopped": lambda source: change_facts.stopped(source.request),
    "stopped_meanwhile": lambda source: change_facts.stopped_meanwhile(source.request),
    "resuming": lambda source: change_facts.resuming(source.request),
    "resumes_on": lambda _: change_facts.resumes_on(),
    "recipients_told": lambda source: downstream.informed(source.request, source.step.action),
    "right_laws": lambda source: law_facts.right_laws(source.request, source.step.action),
    "telling_laws": lambda source: law_facts.telling_laws_here(source.request, source.step.action),
    "customer_name": lambda source: people_facts.customer_name(source.request),
    "person_address": lambda source: source.request.read("email"),
    "address_confirmed": lambda source: source.request.verified_at is not None,
    "forwarded_on": lambda source: people_facts.forwarded_on(source.request),
    "help_days": lambda _: people_facts.HELP_WITHIN.days,
    "proof_problem": lambda source: people_facts.proof_problem(source.request),
    **{name: partial(of_step, find) for name, find in appeal_facts.OF_STEP.items()},
    **{name: partial(of_step, find) for name, find in clock_facts.OF_STEP.items()},
    **{name: partial(of_request, find) for name, find in appeal_facts.OF_REQUEST.items()},
    **{name: partial(of_request, find) for name, find in refusal_facts.OF_REQUEST.items()},
}
