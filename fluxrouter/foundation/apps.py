"""The lowest layer: sealing, keys, trail, jobs, alarms."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate

from fluxrouter.foundation import database


def make_schema(using: str, **options: Any) -> None:
    if using == "owner":
        database.create_schema()


def grant(using: str, **options: Any) -> None:
    if using == "owner":
        database.grant_schema()


class FoundationConfig(AppConfig):
    name = "fluxrouter.foundation"
    verbose_name = "Trail and jobs"

    def ready(self) -> None:
        from fluxrouter.foundation import checks  # noqa: F401, PLC0415  (registers itself)

        pre_migrate.connect(make_schema, sender=self)
        # All tables are there before the first of these signals is sent.
        post_migrate.connect(grant, sender=self)
