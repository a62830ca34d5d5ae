"""Synthetic people and staff for the demo, in our database and at the sandboxed processors.

Run as a process of its own (`python -m fluxrouter.embedded.demo.seed`); the variable DEMO_STAFF
holds the staff's passwords as JSON: {user name: password}.
"""

import json
import os
import urllib.request
from typing import Any
from uuid import uuid4

import django
import psycopg

from fluxrouter.sandbox.stripe.templates import PREFIXES

PEOPLE = {
    "ann.lee@example.org": "Ann Lee",  # asks for a copy
    "ben.okafor@example.org": "Ben Okafor",  # asks for erasure
    "Ben_Okafor@example.org": "Ben Okafor",  # another person with nearly the same address
    "carla.diaz@example.net": "Carla Díaz",
    "deniz.kaya@example.com": "Deniz Kaya",
}
STAFF = {"hanna": "Handler", "paul": "Approver", "vera": "Viewer", "otto": "Auditor"}


def add_to_stripe(kind: str, **fields: Any) -> str:
    identifier = PREFIXES[kind] + uuid4().hex[:16]
    body = json.dumps([{"object": kind, "id": identifier, **fields}]).encode()
    request = urllib.request.Request(  # noqa: S310  (our own address)
        os.environ["STRIPE_API_BASE"] + "/_sandbox/seed",
        body,
        {"Content-Type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310
    return identifier


def seed_people() -> None:
    from fluxrouter.sandbox.people import plant_person  # noqa: PLC0415  (after django.setup)

    with psycopg.connect(os.environ["DATABASE_ADMIN_URL"]) as connection:
        for email, name in PEOPLE.items():
            plant_person(email, name, add_to_stripe=add_to_stripe, connection=connection, calls=60)


def seed_staff(passwords: dict[str, str]) -> None:
    from django.contrib.auth.models import Group  # noqa: PLC0415  (after django.setup)

    from accounts.models import User  # noqa: PLC0415

    for name, role in STAFF.items():
        user = User.objects.create_user(name, password=passwords[name], is_staff=True)
        user.groups.add(Group.objects.get(name=role))


if __name__ == "__main__":
    django.setup()
    seed_staff(json.loads(os.environ["DEMO_STAFF"]))
    seed_people()
