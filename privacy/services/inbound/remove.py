"""Removing mail whose time is up: its rows, its files, and the key that could open a copy."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from fluxrouter.foundation.keystore import keystore
from retention.dispositions import register
from retention.rules import RetentionRule
from retention.services.tally import count

# A mail that belongs to a request stays as long as that can be read.
NO_REQUEST = Q(request=None) | Q(request__key_destroyed_at__isnull=False)


def due(rule: RetentionRule, now: datetime) -> int:
    return rule.expired(now).filter(NO_REQUEST).count()


@register("remove_mail", due=due)
def remove_mail(rule: RetentionRule, now: datetime) -> int:
    """Settled mail. One that still waits for staff has no end."""
    number = 0
    for pk in rule.expired(now).filter(NO_REQUEST).values_list("pk", flat=True):
        with transaction.atomic():
            row = rule.expired(now).select_for_update().filter(pk=pk).first()
            if row is None:
                continue
            keystore().destroy(row.pk)
            row.delete()
            count(rule.name, 1)
        number += 1
    return number
