"""What FluxRouter holds on a person, and who staff are."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


def make_roles(using: str, **options: Any) -> None:
    from accounts.roles import sync_roles  # noqa: PLC0415  (models are ready only now)

    if using == "owner":
        sync_roles()


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        # Permissions come with each app's signal, so roles wait for the last one.
        last = [each for each in apps.get_app_configs() if each.models_module][-1]
        post_migrate.connect(make_roles, sender=last)
