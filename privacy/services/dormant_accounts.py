"""Accounts that nobody uses: their owner is told twice, then they are erased as closed ones are.

Off unless DORMANT_MONTHS says after how many months.
"""

import logging
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Account
from fluxrouter.foundation.alarms import sync_alarms
from fluxrouter.foundation.trail import append_event
from privacy.connectors.errors import ConnectorError, PermanentError
from privacy.letters import Facts, Rendered, render
from privacy.models import ProcessorEvent
from privacy.models.letter import CAME_BACK
from privacy.services import mail
from privacy.services.closed_accounts import MOST, file_for, number_of, unfiled
from privacy.services.post.states import RESEND, STATES
from retention.dispositions import register
from retention.models import DormancyNotice
from retention.rules import RetentionRule
from retention.selectors.holds import not_held

log = logging.getLogger(__name__)

REASON = "account_dormant"  # the standing rule, as the request's trail names it
FIRST, SECOND = timedelta(days=60), timedelta(days=14)  # before the erasure
AGAIN = timedelta(days=7)  # after a letter came back or was refused
ALARM = "dormant_letter_refused"
BOUNCES = [kind for kind, state in STATES.items() if state in CAME_BACK]


def quiet_accounts(before: datetime) -> QuerySet[Any]:
    """Open accounts that nobody has used since `before`."""
    last_use = Coalesce("last_active_at", "created_at")
    rows = Account.objects.filter(closed_at=None).annotate(quiet_since=last_use)
    return rows.filter(quiet_since__lte=before)


def told(**when: Any) -> Exists:
    """Whether a notice of this spell of silence says so."""
    spell = {"account_id": OuterRef("pk"), "quiet_since": OuterRef("quiet_since")}
    return Exists(DormancyNotice.objects.filter(**spell, **when))


def up(rule: RetentionRule, now: datetime) -> QuerySet[Any]:
    """Unused for the whole time, and told twice in time by letters that didn't come back; whether
    a hold covers them or not.
    """
    rows = quiet_accounts(now - rule.keep_for).filter(told(second_at__lte=now - SECOND))
    return rows.exclude(pk__in=bounced().values("account_id"))


def over(rule: RetentionRule, now: datetime) -> QuerySet[Any]:
    return not_held(rule, up(rule, now))


def due(rule: RetentionRule, now: datetime) -> list[Account]:
    return list(islice(unfiled(over(rule, now).order_by("quiet_since")), MOST))


@register(
    "erase_dormant",
    due=lambda rule, now: len(due(rule, now)),
    waiting=lambda rule, now: number_of(unfiled(over(rule, now))),
)
def erase_dormant(rule: RetentionRule, now: datetime) -> int:
    """Tell whom it is time to tell, and file an erasure for whom were told twice. Returns how many
    were filed.
    """
    forget_used()
    note_bounced(now)
    warn(rule, now)
    tell_refused()
    rows = over(rule, now)
    return sum(file_for(rule, account, rows, REASON) for account in due(rule, now))


def forget_used() -> None:
    """A notice whose account was used, closed or erased since counts no more."""
    same = Account.objects.annotate(quiet=Coalesce("last_active_at", "created_at")).filter(
        pk=OuterRef("account_id"), quiet=OuterRef("quiet_since"), closed_at=None
    )
    DormancyNotice.objects.exclude(Exists(same)).delete()


def warn(rule: RetentionRule, now: datetime) -> None:
    """The first letter 60 days before, the second 14; later when we were late, never closer."""
    quiet = quiet_accounts(now + FIRST - rule.keep_for).order_by("quiet_since")
    soon = not_held(rule, quiet).exclude(told(refused_at__gt=now - AGAIN))
    first = soon.exclude(told(first_at__isnull=False))
    second = soon.filter(told(first_at__lte=now - FIRST + SECOND, second_at=None))
    for rows, field, ahead in ((second, "second_at", SECOND), (first, "first_at", FIRST)):
        sent = 0
        for account in rows.iterator():
            sent += tell(account, field, ends_on(rule, account.quiet_since, now + ahead))
            if sent == MOST:
                break
        note(rule, field, sent)


def ends_on(rule: RetentionRule, quiet_since: datetime, earliest: datetime) -> date:
    return max(quiet_since + rule.keep_for, earliest).date()


def note_bounced(now: datetime) -> None:
    """Who has a letter that came back wasn't told."""
    bounced().update(first_at=None, second_at=None, message_id="", refused_at=now)


def bounced() -> QuerySet[DormancyNotice]:
    """Whose last letter came back."""
    ids = ProcessorEvent.objects.filter(processor=RESEND, kind__in=BOUNCES).values("object_id")
    return DormancyNotice.objects.exclude(message_id="").filter(message_id__in=ids)


def tell_refused() -> None:
    """An alarm for each account whose owner can't be told."""
    refused = DormancyNotice.objects.filter(refused_at__isnull=False)
    sync_alarms(ALARM, {str(each) for each in refused.values_list("account_id", flat=True)})


def letter(account: Any, day: date) -> Rendered:
    """In English: an account has no language of its own, and there is no request yet."""
    facts = Facts(
        site=settings.SITE_NAME,
        contact=settings.CONTACT_EMAIL,
        quiet_since=account.quiet_since.date(),
        dormant_ends_on=day,
    )
    return render("account_unused", facts)


def tell(account: Any, field: str, day: date) -> bool:
    """Sent once, as the mail service keeps its key for a day. False: it failed, and a later run
    tries again; nobody is erased who wasn't told.
    """
    notice, _ = DormancyNotice.objects.get_or_create(
        account_id=account.pk, defaults={"quiet_since": account.quiet_since}
    )
    rows, said = DormancyNotice.objects.filter(pk=notice.pk), letter(account, day)
    try:
        sent = mail.deliver(said.subject, said.text, account.email, key=f"{notice.pk}-{field}")
    except ConnectorError as error:
        log.warning("dormant.letter_failed %s %s", notice.pk, error.code)
        if isinstance(error, PermanentError):
            rows.update(refused_at=timezone.now())
        return False
    changes = {field: timezone.now(), "message_id": sent, "refused_at": None}
    return bool(rows.filter(**{field: None}).update(**changes))


def note(rule: RetentionRule, field: str, sent: int) -> None:
    if sent:
        with transaction.atomic():
            append_event(rule.chain, f"retention.told_{field[:-3]}", kind="retention", rows=sent)
