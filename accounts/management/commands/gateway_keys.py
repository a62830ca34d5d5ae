"""Make, list and revoke the gateway's own keys."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.gateway.keys import NoSuchKeyError, Scope, make_key, revoke_key
from accounts.models import GatewayKey


class Command(BaseCommand):
    help = "The keys with which gateways read the enforcement feed. A secret is shown once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="which keys there are")
        make = verbs.add_parser("make", help="a new key; prints its secret")
        make.add_argument("label", help="which gateway it is for; no person's name")
        make.add_argument("--scope", action="append", choices=Scope.values)
        revoke = verbs.add_parser("revoke", help="end a key")
        revoke.add_argument("prefix", help="its beginning, as `list` shows it")

    def handle(self, *args: Any, **options: Any) -> None:
        {"list": self.list, "make": self.make, "revoke": self.revoke}[options["verb"]](options)

    def list(self, options: dict[str, Any]) -> None:
        for key in GatewayKey.objects.order_by("created_at"):
            used = f"used {key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never used"
            state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else used
            self.stdout.write(f"{key.prefix}  {', '.join(key.scopes)}  {state}  {key.label}")

    def make(self, options: dict[str, Any]) -> None:
        key, secret = make_key(options["label"], options["scope"] or [Scope.RESTRICTIONS])
        self.stderr.write(f"{key.prefix} may do {', '.join(key.scopes)}. Shown once:")
        self.stdout.write(secret)

    def revoke(self, options: dict[str, Any]) -> None:
        try:
            revoke_key(options["prefix"])
        except NoSuchKeyError:
            raise CommandError("No key in use begins like that.") from None
        self.stdout.write(f"{options['prefix']} is revoked.")
