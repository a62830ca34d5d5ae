"""Many people with requests that wait for approval, in the stack of `tests.support.processes`.

As a program it works on the environment's servers: `python -m tests.support.crowd 12 8` makes and
approves 12 requests for access and 8 for erasure. It prints a JSON list of [id, address, right].
"""

import json
import os
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import django
import psycopg
from django.db import transaction
from django.utils import timezone

from tests.support.processes import ask

if TYPE_CHECKING:
    from privacy.models import PrivacyRequest


def add_to(sandbox: str, **fields: Any) -> str:
    """Stores an object at a sandbox over HTTP; its id."""
    url = json.loads(os.environ["TEST_SANDBOXES"])[sandbox]
    return str(ask(url, "/_sandbox/seed", [fields])["stored"][0])


def file_request(email: str, right: str) -> "PrivacyRequest":
    """A request whose address is confirmed, with the look-up still to be done."""
    from privacy.models import MailToken
    from privacy.services import intake, tokens, verification

    answers = intake.Answers(role="account_holder", rights=[right], country="DE", email=email)
    request = intake.submit_draft(intake.start_draft("cookie"), answers)
    letter = request.steps.get(connector="mail", action="verify")
    secret = tokens.issue(request.pk, MailToken.Kind.VERIFY, letter.pk)
    return verification.confirm(tokens.find(secret, MailToken.Kind.VERIFY))


def plant(rights: Sequence[str], *, calls: int) -> list["PrivacyRequest"]:
    """A person and a request for each of `rights`, as far as staff's decision.

    A person's calls are two rows each: the request and its redacted copy.
    """
    from fluxrouter.sandbox.people import plant_person
    from privacy.models import FulfilmentStep
    from privacy.services.fulfilment.work import work

    made = []
    with psycopg.connect(os.environ["DATABASE_ADMIN_URL"], autocommit=True) as connection:
        for right in rights:
            name = f"{right}.{uuid4().hex[:8]}"
            email = f"{name}@example.org"
            plant_person(email, name, add=add_to, connection=connection, calls=calls)
            made.append(file_request(email, right))
    open_steps = FulfilmentStep.objects.filter(request__in=made).exclude(state="done")
    while open_steps.exists():  # a worker may have some of them
        if not work():
            time.sleep(0.02)
    return made


def approve_all(requests: Sequence["PrivacyRequest"]) -> datetime:
    """Staff approve all of them in one transaction; the moment of its commit."""
    from accounts.models import User
    from privacy.grounds import ACCEPTABLE
    from privacy.services import review

    first, second = (
        User.objects.get_or_create(username=name, defaults={"is_staff": True})[0]
        for name in ("first", "second")
    )
    with transaction.atomic():
        for request in requests:
            review.propose(
                request,
                actor=first,
                typed=request.reference,
                reason="Fine.",
                accept=sorted(ACCEPTABLE),
            )
            if request.status == "in_review":
                review.approve(request, actor=second, reason="Seen.")
    return timezone.now()


def main(accesses: int, erasures: int) -> None:
    django.setup()
    requests = plant(["access"] * accesses + ["erasure"] * erasures, calls=3)
    approve_all(requests)
    people = [[str(each.pk), each.read("email"), each.rights[0]] for each in requests]
    sys.stdout.write(json.dumps(people))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
