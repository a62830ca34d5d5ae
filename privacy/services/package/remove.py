"""Removing a package whose time is up: its files, and the key that could open a copy of them."""

import shutil
from datetime import datetime

from django.utils import timezone

from fluxrouter.foundation.keystore import keystore
from privacy.models import Package
from privacy.services.package.parts import folder
from retention.dispositions import register
from retention.rules import RetentionRule


def due(rule: RetentionRule, now: datetime) -> int:
    return rule.expired(now).filter(removed_at=None).count()


@register("remove_package", due=due)
def remove_expired(rule: RetentionRule, now: datetime) -> int:
    """The row stays and says when; the content is gone."""
    number = 0
    for package in rule.expired(now).filter(removed_at=None):
        remove(package)
        number += 1
    return number


def remove(package: Package) -> None:
    shutil.rmtree(folder(package.pk))
    keystore().destroy(package.pk)
    Package.objects.filter(pk=package.pk).update(removed_at=timezone.now())
