"""How long we keep what."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


def make_partitions(using: str, **options: Any) -> None:
    # Tables exist only now.
    from retention.columns import follow_parents  # noqa: PLC0415
    from retention.partitions import ensure_partitions  # noqa: PLC0415

    if using == "owner":
        ensure_partitions()
        with connections["owner"].cursor() as cursor:
            follow_parents(cursor)


class RetentionConfig(AppConfig):
    name = "retention"

    def ready(self) -> None:
        from retention import checks  # noqa: F401, PLC0415  (registers itself)

        post_migrate.connect(make_partitions, sender=self)
