"""Synthetic people and staff for the demo, in our database and at the sandboxed processors.

Run as a process of its own (`python -m fluxrouter.embedded.demo.seed`). The variable DEMO_STAFF
holds the staff’s passwords as JSON ({user name: password}), DEMO_SANDBOXES the addresses.
"""

import json
import os
import urllib.request
from typing import Any

import django
import psycopg

PEOPLE = {
    "ann.lee@example.org": "Ann Lee",  # asks for a copy
    "ben.okafor@example.org": "Ben Okafor",  # asks for erasure
    "Ben_Okafor@example.org": "Ben Okafor",  # another person with nearly the same address
    "carla.diaz@example.net": "Carla Díaz",
    "deniz.kaya@example.com": "Deniz Kaya",
}
STAFF = {"hanna": "Handler", "paul": "Approver", "vera": "Viewer", "otto": "Auditor"}


def add_to(sandbox: str, **fields: Any) -> str:
    """Store an object at a sandbox; its id."""
    request = urllib.request.Request(  # noqa: S310  (our own address)
        json.loads(os.environ["DEMO_SANDBOXES"])[sandbox] + "/_sandbox/seed",
        json.dumps([fields]).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return str(json.load(answer)["stored"][0])


def seed_people() -> None:
    from fluxrouter.sandbox.people import plant_person  # noqa: PLC0415  (after django.setup)

    with psycopg.connect(os.environ["DATABASE_ADMIN_URL"]) as connection:
        for email, name in PEOPLE.items():
            plant_person(email, name, add=add_to, connection=connection, calls=60)


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
