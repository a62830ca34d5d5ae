"""Accounts that nobody uses: their owner is told twice, then they are erased as closed ones are.

Off unless DORMANT_MONTHS says after how many months.
"""

import logging
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.dateformat import format as date_format

from accounts.models import Account
from fluxrouter.foundation.trail import append_event
from privacy.connectors.errors import ConnectorError
from privacy.services import mail
from privacy.services.closed_accounts import MOST, file_for, is_under_way
from retention.dispositions import register
from retention.models import DormancyNotice
from retention.rules import RetentionRule
from retention.selectors.holds import not_held

log = logging.getLogger(__name__)

REASON = "account_dormant"  # the standing rule, as the request's trail names it
FIRST, SECOND = timedelta(days=60), timedelta(days=14)  # before the erasure
SUBJECT = "Your {site} account will be erased on {day}"
TEXT = """Hello,

Nobody has used your {site} account since {since}. We don’t keep what nobody
needs, so we will erase it on {day}, here and at the companies that work for
us (GDPR Art. 5(1)(e)).

Do you want to keep it? Sign in, or make one call, before {day}. Then nothing happens.

Questions? Write to {contact}.

{site} privacy
"""


def quiet_accounts(rule: RetentionRule, before: datetime) -> QuerySet[Any]:
    """Open accounts that nobody has used since `before`, but for what a hold covers."""
    last_use = Coalesce("last_active_at", "created_at")
    rows = Account.objects.filter(closed_at=None).annotate(quiet_since=last_use)
    return not_held(rule, rows.filter(quiet_since__lte=before))


def told(**when: Any) -> Exists:
    """Whether a notice of this spell of silence says so."""
    spell = {"account_id": OuterRef("pk"), "quiet_since": OuterRef("quiet_since")}
    return Exists(DormancyNotice.objects.filter(**spell, **when))


def over(rule: RetentionRule, now: datetime) -> QuerySet[Any]:
    """Unused for the whole time, and told twice in time."""
    return quiet_accounts(rule, now - rule.keep_for).filter(told(second_at__lte=now - SECOND))


def due(rule: RetentionRule, now: datetime) -> list[Account]:
    rows = over(rule, now).order_by("quiet_since")
    return [account for account in rows if not is_under_way(account)]


@register("erase_dormant", due=lambda rule, now: len(due(rule, now)))
def erase_dormant(rule: RetentionRule, now: datetime) -> int:
    """Tell whom it is time to tell, and file an erasure for whom were told twice. Returns how many
    were filed.
    """
    forget_used()
    warn(rule, now)
    rows = over(rule, now)
    return sum(file_for(rule, account, rows, REASON) for account in due(rule, now)[:MOST])


def forget_used() -> None:
    """A notice whose account was used, closed or erased since counts no more."""
    same = Account.objects.annotate(quiet=Coalesce("last_active_at", "created_at")).filter(
        pk=OuterRef("account_id"), quiet=OuterRef("quiet_since"), closed_at=None
    )
    DormancyNotice.objects.exclude(Exists(same)).delete()


def warn(rule: RetentionRule, now: datetime) -> None:
    """The first letter 60 days before, the second 14; later when we were late, never closer."""
    soon = quiet_accounts(rule, now + FIRST - rule.keep_for).order_by("quiet_since")
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


def tell(account: Any, field: str, day: date) -> bool:
    """Sent once, as the mail service keeps its key for a day. False: it failed, the next run tries
    again; nobody is erased who wasn't told.
    """
    notice, _ = DormancyNotice.objects.get_or_create(
        account_id=account.pk, defaults={"quiet_since": account.quiet_since}
    )
    said = {
        "site": settings.SITE_NAME,
        "contact": settings.CONTACT_EMAIL,
        "day": date_format(day, "j F Y"),
        "since": date_format(account.quiet_since, "j F Y"),
    }
    subject, text = SUBJECT.format(**said), TEXT.format(**said)
    try:
        mail.deliver(subject, text, account.email, key=f"{notice.pk}-{field}")
    except ConnectorError as error:
        log.warning("dormant.letter_failed %s %s", notice.pk, error.code)
        return False
    unsent = DormancyNotice.objects.filter(pk=notice.pk, **{field: None})
    return bool(unsent.update(**{field: timezone.now()}))


def note(rule: RetentionRule, field: str, sent: int) -> None:
    if sent:
        with transaction.atomic():
            append_event(rule.chain, f"retention.told_{field[:-3]}", kind="retention", rows=sent)
