"""Print the privacy policy's promises and how each stands; or compare the policy's text."""

import textwrap
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from privacy.claims import POLICY_UPDATED
from privacy.services.policy import ClaimState, claim_states, is_pinned_text

WIDTH = 100
STATE, ID = 8, 22  # columns; the rest is the promise, with the detail under it


class Command(BaseCommand):
    help = (
        "Print every promise of the privacy policy: kept, open or broken, and why. "
        "Exits 1 when one is broken. With --text, compare a copy of the policy instead."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--text",
            type=Path,
            metavar="FILE",
            help="the policy's text; exits 1 when it isn't the one this table was read from",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["text"]:
            self.compare(options["text"])
        else:
            self.show(claim_states())

    def compare(self, file: Path) -> None:
        try:
            text = file.read_bytes()
        except OSError as error:
            raise CommandError(f"Can't read {file}: {error.strerror}.") from None
        if not is_pinned_text(text):
            raise CommandError(
                f"The text is not the policy of {POLICY_UPDATED}. Read what changed, bring "
                "privacy/claims.py up to date, then pin the new SHA-256 there."
            )
        self.stdout.write(f"The text is the policy of {POLICY_UPDATED}: unchanged.")

    def show(self, states: list[ClaimState]) -> None:
        section = ""
        for each in states:
            if each.claim.section != section:
                section = each.claim.section
                self.stdout.write(f"\n{section}")
            self.stdout.write(row(each))
        counts = Counter(each.state for each in states)
        broken = counts["broken"]
        self.stdout.write(
            f"\n{len(states)} promises of the policy of {POLICY_UPDATED}: "
            f"{counts['kept']} kept, {counts['open']} open, {broken} broken."
        )
        if broken:
            raise CommandError(f"{broken} broken: each says what is wrong.")


def row(each: ClaimState) -> str:
    """State, id and promise; the detail stands under the promise."""
    margin = " " * (2 + STATE + ID)
    head = f"  {each.state:{STATE}}{each.claim.id:{ID}}"
    promise = textwrap.fill(
        each.claim.promise, WIDTH, initial_indent=head, subsequent_indent=margin
    )
    mark = margin + "– "
    detail = textwrap.fill(
        each.detail, WIDTH, initial_indent=mark, subsequent_indent=margin + "  "
    )
    return f"{promise}\n{detail}"
