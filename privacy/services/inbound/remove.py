"""Removing mail whose time is up: its rows, its files, and the key that could open a copy."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from fluxrouter.foundation.keystore import keystore
from privacy.models import InboundMail
from retention.dispositions import register
from retention.rules import RetentionRule
from retention.selectors.holds import over
from retention.services.holds import keep_holds_out
from retention.services.tally import count

# A mail that belongs to a request stays as long as that can be read.
NO_REQUEST = Q(request=None) | Q(request__key_destroyed_at__isnull=False)


def removable(rule: RetentionRule, now: datetime) -> QuerySet[InboundMail]:
    """Settled mail. One that still waits for staff has no end."""
    return over(rule, now).filter(NO_REQUEST)


@register("remove_mail", due=lambda rule, now: removable(rule, now).count())
def remove_mail(rule: RetentionRule, now: datetime) -> int:
    number = 0
    for pk in list(removable(rule, now).values_list("pk", flat=True)):
        with transaction.atomic():
            keep_holds_out()
            rows = removable(rule, now).select_for_update(of=("self",))
            row = rows.filter(pk=pk).first()
            if row is None:
                continue
            keystore().destroy(row.pk)
            row.delete()
            count(rule.name, 1)
        number += 1
    return number
