"""A fire drill by hand."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from privacy.connectors.registry import connectors
from privacy.models import Drill
from privacy.services import drill
from privacy.services.fulfilment.work import work


class Command(BaseCommand):
    help = (
        "Plants a made-up person in every system that has a test mode, erases them, looks again "
        "and files the evidence. Fails when anything is left."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--minutes", type=float, default=10, help="longest wait for the end")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = drill.begin()
        end = time.monotonic() + options["minutes"] * 60
        while not drill.finish(begun) and time.monotonic() < end:
            if not work(seconds=20):
                time.sleep(1)
            begun = Drill.objects.select_related("request").get(pk=begun.pk)
        self.report(begun)
        if not begun.passed:
            raise CommandError("The drill failed. The queue shows where its request stands.")

    def report(self, done: Drill) -> None:
        for name, connector in connectors().items():
            self.stdout.write(f"{connector.title:<40} {in_words(done.evidence[name])}")
        if done.request:
            self.stdout.write(f"Evidence: drill {done.pk}, request {done.request.reference}")


def in_words(part: dict[str, Any]) -> str:
    if not part["planted"]:
        return f"not planted: {part['why']}"
    if "found" not in part:
        return "planted; the erasure hasn’t ended"
    number, left = sum(part["found"].values()), sum(part["left"].values())
    return f"planted, {number} record{'' if number == 1 else 's'} found, {left} left"
