"""The rights that people have over what we hold."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "privacy"
    verbose_name = "Privacy requests"

    def ready(self) -> None:
        from privacy import checks, tasks  # noqa: F401, PLC0415  (register themselves)
