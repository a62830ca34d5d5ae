"""Recompute the trail and say whether anything was changed."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from fluxrouter.foundation.models import TrailEvent, TrailSeal
from fluxrouter.foundation.trail.verify import chain_ids, verify_trail


class Command(BaseCommand):
    help = "Verify every event chain, the seals and the seal file. Exits 1 when damage is found."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--chain", type=UUID, help="only this chain (a request's id)")

    def handle(self, *args: Any, **options: Any) -> None:
        chain = options["chain"]
        if chain and chain not in chain_ids():
            raise CommandError("There is no chain with that id.")
        findings = verify_trail(chain)
        for finding in findings:
            self.stdout.write(f"{finding.kind:10} {finding.where}: {finding.text}")
        if findings:
            raise CommandError(f"{len(findings)} finding(s): the trail is damaged.")
        seal = TrailSeal.objects.order_by("-seq").first()
        head = bytes(seal.digest).hex() if seal else "nothing sealed yet"
        self.stdout.write(f"Intact: {TrailEvent.objects.count()} events. Head: {head}")
