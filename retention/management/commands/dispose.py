"""Applying the retention schedule by hand, or looking at what it would do."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from retention.schedule import RETENTION_SCHEDULE
from retention.selectors.outlook import due, forecast
from retention.services.dispose import dispose_due, retire_due


class Command(BaseCommand):
    help = "Dispose of everything whose time is up, as the jobs do; or only say what that is."

    def add_arguments(self, parser: CommandParser) -> None:
        group = parser.add_mutually_exclusive_group()
        group.add_argument(
            "--simulate", action="store_true", help="count exactly what would go; change nothing"
        )
        group.add_argument(
            "--forecast", type=int, metavar="DAYS", help="count what falls due in the next days"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["forecast"]:
            self.print_forecast(options["forecast"])
            return
        if options["simulate"]:
            now = timezone.now()
            counts = {rule.name: due(rule, now) for rule in RETENTION_SCHEDULE}
        else:
            counts = {**dispose_due(), **retire_due()}
        width = max(len(name) for name in counts)
        for name, number in counts.items():
            self.stdout.write(f"{name:<{width}} {number:>12,}")

    def print_forecast(self, days: int) -> None:
        """One line per rule and week, as thirty columns fit on no screen."""
        now = timezone.now()
        for rule in RETENTION_SCHEDULE:
            numbers = forecast(rule, now, days)
            self.stdout.write(f"{rule.name}: {sum(numbers):,} in {days} days")
            for first in range(0, days, 7):
                if some := sum(numbers[first : first + 7]):
                    day = (now + timedelta(days=first + 1)).date()
                    self.stdout.write(f"  from {day:%d %b}: {some:,}")
