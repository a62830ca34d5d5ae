"""Make every gateway read the enforcement feed from the beginning."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.gateway.feed import restart


class Command(BaseCommand):
    help = "After a restore, or when a gateway's copy is in doubt: all cursors end."

    def handle(self, *args: Any, **options: Any) -> None:
        restart()
        self.stdout.write("Every gateway reads the feed from the beginning.")
