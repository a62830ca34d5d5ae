"""`migrate`, as the role that may: the owner's."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.commands import migrate


class Command(migrate.Command):
    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)  # type: ignore[arg-type]
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        # Tests and fixtures name `default`; tables are the owner's whoever asks.
        options["database"] = "owner"
        super().handle(*args, **options)
