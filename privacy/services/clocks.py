"""What the laws say of a request, written down: its laws, frozen, and when what is due.

The dates are computed anew from the request's facts (`facts_of`) whenever these change, never
moved by hand: doing it twice, or late, changes nothing.
"""

from datetime import date

from babel.core import get_global
from django.conf import settings
from django.db import transaction

from privacy.deadlines import Due, ExtensionNotice, Facts, Stop, dues, earliest
from privacy.models import Appeal, Extension, FulfilmentStep, PrivacyRequest, RegimeText
from privacy.models import RequestClock as Row
from privacy.regimes.loader import in_force, regime_files, text_of
from privacy.regimes.resolver import Law, Laws, as_frozen, resolve
from privacy.regimes.spans import Reason, Start
from privacy.rights import in_regimes

DONE = FulfilmentStep.State.DONE
# The clocks by which what was asked for is answered.
ANSWERS = ("respond", "opt_out", "profiling", "limit_sensitive", "withdrawal")
OF_REQUEST = (*ANSWERS, "acknowledge", "refuse", "compliance_notice")
# Per kind of appeal the event that starts its clock, and the clock's name.
OF_APPEAL = {
    Appeal.Kind.APPEAL: (Start.APPEAL, "appeal"),
    Appeal.Kind.COMPLAINT: (Start.COMPLAINT, "complaint"),
}

# What `reckon` sets, and nobody else.
COMPUTED = [
    *("regime", "rule", "version", "bounded_by", "started_on"),
    *("legal_due", "safe_due", "internal_target", "extended"),
]


def freeze_laws(request: PrivacyRequest) -> None:
    """Note which laws apply on the day of receipt, and keep their texts; saving is the caller's.

    A law that changes later moves no date of this request.
    """
    on = facts_of(request).received_on
    laws = resolve(request.country, request.state, also_in=tuple(request.also_in), on=on)
    request.laws = {"regimes": [law.id for law in laws.of], "versions": laws.versions()}
    keep_texts(laws.versions())


def keep_texts(versions: dict[str, str]) -> None:
    rows = [
        RegimeText(version=version, regime=regime, text=text_of(regime))
        for regime, version in versions.items()
    ]
    RegimeText.objects.bulk_create(rows, ignore_conflicts=True)


def laws_of(request: PrivacyRequest) -> Laws:
    """The laws that the request is measured by, whatever their files say today."""
    versions: dict[str, str] = request.laws["versions"]
    ids: list[str] = request.laws["regimes"]
    files, on = regime_files(), facts_of(request).received_on
    if all(each in files and files[each].version == version for each, version in versions.items()):
        return Laws(tuple(Law(files[each], in_force(each, on)) for each in ids))
    kept = RegimeText.objects.filter(version__in=versions.values())
    return as_frozen(ids, dict(kept.values_list("regime", "text")), on)


def zones_of(country: str) -> tuple[str, ...]:
    """The time zones of the place where the person lives, and ours: the earliest date counts."""
    return (*get_global("territory_zones").get(country, ()), settings.CONTROLLER_ZONE)


def facts_of(request: PrivacyRequest, appeal: Appeal | None = None) -> Facts:
    """All that the dates of a request, or of an appeal in it, follow from."""
    events = {OF_APPEAL[Appeal.Kind(appeal.kind)][0]: appeal.received_at} if appeal else {}
    saved = not request._state.adding
    return Facts(
        received_at=request.received_at,
        zones=zones_of(request.country),
        events=events,
        stops=tuple(stops(request)) if saved else (),
        notice=notice(request, "") if saved else None,
        appeal_notice=notice(request, str(appeal.pk)) if appeal else None,
        acting_in=settings.REPRESENTATIVE_COUNTRY or None,
    )


def stops(request: PrivacyRequest) -> list[Stop]:
    """What we asked, from the day on which the question was sent."""
    asked = request.questions.filter(letter__state=DONE).select_related("letter")
    return [
        Stop(
            Reason(each.reason),
            each.letter.finished_at.date(),
            each.answered_at.date() if each.answered_at else None,
        )
        for each in asked
        if each.letter.finished_at
    ]


def notice(request: PrivacyRequest, about: str) -> ExtensionNotice | None:
    """The extension that the person was told of. One that isn't sent gives no time."""
    row = Extension.objects.filter(request=request, about=about, letter__state=DONE).first()
    sent_at = row.letter.finished_at if row else None
    if row is None or sent_at is None or row.letter.receipt.get("declined"):
        return None
    return ExtensionNotice(sent_at.date(), tuple(row.reasons), row.until)


def reckon(request: PrivacyRequest, appeal: Appeal | None = None) -> None:
    """Write down every clock of the request, or of one appeal, as its facts are now.

    Runs in the caller's transaction, with the request's row locked. What already happened to a
    clock (met, reminded, missed) stays.
    """
    about = str(appeal.pk) if appeal else ""
    names = (OF_APPEAL[Appeal.Kind(appeal.kind)][1],) if appeal else OF_REQUEST
    laws, facts = laws_of(request), facts_of(request, appeal)
    rows = []
    for right in in_regimes(request.rights):
        first = earliest(dues(laws, right, facts))
        rows += [row_of(request, about, right, due) for n, due in first.items() if n in names]
    with transaction.atomic():
        Row.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["request", "about", "clock", "right"],
            update_fields=COMPUTED,
        )
        if not appeal:
            note_due(request)


def row_of(request: PrivacyRequest, about: str, right: str, due: Due) -> Row:
    return Row(
        request=request,
        about=about,
        clock=due.clock,
        right=right,
        regime=due.source.regime,
        rule=due.source.rule,
        version=due.source.version,
        bounded_by=due.bounded_by,
        started_on=due.start,
        legal_due=due.legal_due,
        safe_due=due.safe_due,
        internal_target=due.internal_target,
        extended=due.extended,
    )


def note_due(request: PrivacyRequest) -> None:
    """The queue's date: the earliest of what is still to be answered."""
    answers = request.clocks.filter(about="", clock__in=ANSWERS).order_by("safe_due")
    open_first = answers.filter(met_at=None).first() or answers.first()
    if open_first:
        request.due_on = open_first.safe_due
        PrivacyRequest.objects.filter(pk=request.pk).update(due_on=request.due_on)


def safe_due(request: PrivacyRequest) -> date:
    """When the answer is due, for a request that isn't saved yet."""
    laws, facts = laws_of(request), facts_of(request)
    found = [
        due.safe_due
        for right in in_regimes(request.rights)
        for name, due in earliest(dues(laws, right, facts)).items()
        if name in ANSWERS
    ]
    return min(found)
