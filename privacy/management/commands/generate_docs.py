"""Write the pages of docs/ that are made from the tables, or say that they are stale."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from privacy.management.pages.data_map import data_map
from privacy.management.pages.letters import letters
from privacy.management.pages.portability import portability_schema
from privacy.management.pages.processors import processors
from privacy.management.pages.regimes import regimes
from privacy.management.pages.retention import retention_schedule

PAGES = {
    "data-map.md": data_map,
    "letters.md": letters,
    "portability.schema.json": portability_schema,
    "processors.md": processors,
    "regimes.md": regimes,
    "retention-schedule.md": retention_schedule,
}


class Command(BaseCommand):
    help = "Write the pages of docs/ that are made from tables. With --check, only compare."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="exit 1 when one is stale")
        parser.add_argument("--folder", type=Path, default=Path(settings.BASE_DIR) / "docs")

    def handle(self, *args: Any, **options: Any) -> None:
        stale = []
        for name, make in PAGES.items():
            text, file = "\n".join(make()) + "\n", options["folder"] / name
            if file.exists() and file.read_text(encoding="utf-8") == text:
                continue
            stale.append(name)
            if not options["check"]:
                file.write_text(text, encoding="utf-8")
        if stale and options["check"]:
            raise CommandError(f"Stale: {', '.join(stale)}. Run manage.py generate_docs.")
        self.stdout.write(f"Written: {', '.join(stale)}." if stale else "Nothing to change.")
