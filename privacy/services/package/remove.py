"""Removing a package whose time is up: its files, and the key that could open a copy of them."""

import shutil
from datetime import datetime

from django.utils import timezone

from fluxrouter.foundation.keystore import keystore
from privacy.models import Package
from privacy.services.package.parts import folder
from retention.rules import RetentionRule
from retention.services.dispose import register


@register("remove_package")
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
