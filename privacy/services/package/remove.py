"""Removing a package whose time is up: its files, and the key that could open a copy of them."""

import shutil
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from fluxrouter.foundation.keystore import keystore
from privacy.models import Package
from privacy.services.package.parts import folder
from retention.dispositions import register
from retention.rules import RetentionRule
from retention.selectors.holds import over
from retention.services.holds import keep_holds_out
from retention.services.tally import count


def full(rule: RetentionRule, now: datetime) -> QuerySet[Package]:
    return over(rule, now).filter(removed_at=None)


@register("remove_package", due=lambda rule, now: full(rule, now).count())
def remove_expired(rule: RetentionRule, now: datetime) -> int:
    """The row stays and says when; the content is gone. A run beside this one waits for the row,
    and finds it removed.
    """
    number = 0
    for pk in list(full(rule, now).values_list("pk", flat=True)):
        with transaction.atomic():
            keep_holds_out()
            rows = Package.objects.select_for_update(of=("self",)).filter(pk=pk, removed_at=None)
            package = rows.first()
            if package and full(rule, now).filter(pk=pk).exists():
                remove(package)
                count(rule.name, 1)
                number += 1
    return number


def remove(package: Package) -> None:
    shutil.rmtree(folder(package.pk))
    keystore().destroy(package.pk)
    Package.objects.filter(pk=package.pk).update(removed_at=timezone.now())
