"""Erase again whom a restored backup brought back."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from privacy.services.replay import replay
from privacy.services.suppression import broken_lines


class Command(BaseCommand):
    help = (
        "After a restore, before traffic is let in: files an erasure for each person in the "
        "database who is named, by a keyed hash, in the suppression file."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, default=settings.SUPPRESSION_FILE)
        parser.add_argument("--simulate", action="store_true", help="count, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.exists():
            raise CommandError(f"There is no file {path}.")
        if broken := broken_lines(path):
            self.stderr.write(f"{broken} lines can't be read. Compare with a copy of the file.")
        filed = replay(path, simulate=options["simulate"])
        verb = "would be filed" if options["simulate"] else "filed"
        self.stdout.write(f"{len(filed)} erasures {verb}. The queue shows how they go on.")
