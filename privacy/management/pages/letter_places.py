"""The example of letters under the laws of several places, and how else a letter reads."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from django.conf import settings

from privacy.letters import Facts
from privacy.letters.parts import Office, Refused
from privacy.links import LinkKind
from privacy.management.pages.letter_examples import EXAMPLE
from privacy.models import PrivacyRequest
from privacy.refusals import REASONS, citation
from privacy.regimes.loader import DEFAULT
from privacy.regimes.resolver import Laws, resolve
from privacy.rights import Right
from privacy.selectors.remedies import remedies
from privacy.services import law_facts, tokens

RECEIVED = datetime(2027, 1, 12, 12, tzinfo=UTC)


class Place(NamedTuple):
    """Somebody’s home, the reason that their example is refused with, and the clock that is
    extended in it.
    """

    name: str
    country: str
    state: str = ""
    code: str = "LEGAL_CLAIMS"
    extends: str = "respond"


PLACES = (
    Place("Germany (GDPR)", "DE"),
    Place("United Kingdom", "GB"),
    Place("California", "US", "CA"),
    Place("Virginia", "US", "VA"),
    Place("Quebec", "CA", "QC", "ID_NOT_VERIFIED"),
    Place("Argentina (our own standard)", "AR"),
)
# Letters that only other laws know, once counsel has cleared their rule.
ONLY: dict[str, tuple[Place, ...]] = {
    "appeal_extension": (
        Place("Colorado", "US", "CO", extends="appeal"),
        Place("Minnesota", "US", "MN", extends="appeal"),
    )
}
# Of facts that exclude each other, those of the usual case.
USUAL: dict[str, Any] = {
    "by_agent": False,
    "by_guardian": False,
    "stops_anyway": (),
    "not_ours": False,
    "partly_upheld": False,
    "rejected": False,
}
NOTHING_ERASED: dict[str, Any] = {"erased": (), "waiting": (), "expiring": (), "declined": ()}
# How else a letter reads, by its name. Shown under the law of the first place.
ELSE: dict[str, dict[str, dict[str, Any]]] = {
    "verify": {"somebody else asked": {"by_agent": True}},
    "held": {"it ended before the letter": {"held": ()}},
    "package_ready": {"nothing was found": {"found": (), "was_refused": False}},
    "erased": {"nothing was found": {**NOTHING_ERASED, "was_refused": False}},
    "deferred_done": {"nothing waits any more": {"waiting": ()}},
    "done": {"nothing was refused or declined": {"declined": (), "was_refused": False}},
    "denied": {
        "an objection": {"stops_anyway": EXAMPLE.stops_anyway},
        "it is a customer’s data": {"not_ours": True, "paused": False},
    },
    "unconfirmed": {"no copy was asked for": {"asked_for_copy": False}},
    "withdrawn": {"before anything was paused": {"paused": False}},
    "appeal_received": {"a complaint": {"is_appeal": False}},
    "appeal_decision": {
        "right in part": {"upheld": False, "partly_upheld": True},
        "not right": {"upheld": False, "rejected": True, "follow_up": ()},
    },
    "agent_received": {"a parent": {"by_guardian": True}},
}


def laws_in(place: Place) -> Laws:
    return resolve(place.country, place.state, on=RECEIVED.date())


def facts_in(place: Place, letter: str = "") -> Facts:
    """The example as it is for somebody who lives there, in that letter."""
    laws = laws_in(place)
    ids = [law.id for law in laws.of]
    request = PrivacyRequest(
        country=place.country,
        state=place.state,
        received_at=RECEIVED,
        laws={"regimes": ids, "versions": laws.versions()},
    )
    found = remedies(request)
    return replace(
        EXAMPLE,
        refused=(refused(place.code, ids),),
        proof_citation=citation("ID_NOT_VERIFIED", ids),
        extension_citations=of_extension(laws, place.extends),
        pause_citations=of_pause(laws),
        right_laws=law_facts.right_laws(request, letter),
        telling_laws=law_facts.telling_laws(request, letter),
        **USUAL,
        offices=tuple(Office(*each) for each in found.offices),
        courts=found.courts,
        verify_days=tokens.LIVES[LinkKind.VERIFY].lasts.days,
        status_days=tokens.LIVES[LinkKind.STATUS].lasts.days,
        code_minutes=tokens.LIVES[LinkKind.DOWNLOAD].lasts.seconds // 60,
        grace_hours=72,
        contact=settings.CONTACT_EMAIL,
    )


def gives_more_time(place: Place) -> bool:
    """Whether every law there knows an extension."""
    laws = laws_in(place)
    return all(law.effective.extensions.respond.value for law in laws.of)


def of_extension(laws: Laws, clock: str) -> tuple[str, ...]:
    rules = [getattr(law.written.extensions, clock) for law in laws.of if law.id != DEFAULT]
    return tuple(rule.citation for rule in rules if rule)


def of_pause(laws: Laws) -> tuple[str, ...]:
    rules = [law.effective.pauses.clarification for law in laws.of]
    return tuple(rule.citation for rule in rules if rule.value and rule.value.mode != "none")


def refused(code: str, laws: list[str]) -> Refused:
    return Refused(
        right=str(Right.ERASURE.label),
        part=False,
        reason=REASONS[code].says,
        citation=citation(code, laws),
        explanation="Here stands what staff wrote, word for word.",
        granted="Here stands what staff wrote we do all the same.",
        until=date(2028, 1, 31) if REASONS[code].dated else None,
    )
