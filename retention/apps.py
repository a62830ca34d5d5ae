"""How long we keep what."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def make_partitions(using: str, **options: Any) -> None:
    from retention.partitions import ensure_partitions  # noqa: PLC0415  (tables exist only now)

    if using == "owner":
        ensure_partitions()


class RetentionConfig(AppConfig):
    name = "retention"

    def ready(self) -> None:
        from retention import checks  # noqa: F401, PLC0415  (registers itself)

        post_migrate.connect(make_partitions, sender=self)
