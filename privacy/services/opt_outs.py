"""What needs no proof of who asks: opt-outs, limits of sensitive data, a consent taken back.

In effect in the transaction that takes it in, before anybody has looked; then the ledger carries
it to every system that serves the use (docs/adr/0024-opt-outs-and-signals.md).
"""

from datetime import datetime

from django.db import connection
from django.utils import timezone

from accounts.models import Restriction
from privacy.models import PrivacyRequest
from privacy.rights import stopped_purposes
from privacy.selectors.refusals import granted_rights
from privacy.services import clocks, mail
from privacy.services.fulfilment.steps import add_discovery, add_standing_approval
from privacy.services.nudge import nudge
from privacy.services.verification import known_refs
from privacy.states import Status

NO_PROOF = "no_proof"  # why it went on, in the trail

# The same statement for an address that we know and for one that we don't.
STOP = """
INSERT INTO accounts_restriction (id, account_id, purpose, source, request_id, since)
SELECT gen_random_uuid(), account, purpose, 'request', %s, %s
FROM unnest(%s::uuid[]) AS account, unnest(%s::text[]) AS purpose
ON CONFLICT DO NOTHING
"""


def begin(request: PrivacyRequest, *, actor: str) -> None:
    """Stop the uses at once, for every account with the address, and tell the person.

    Runs in the transaction that makes the request. Nobody must approve it: whoever asks can't do
    more than stop uses, which costs nobody sign-in or service.
    """
    now = timezone.now()
    refs = known_refs(request.read("email"))
    stop(request, refs["accounts"], now)
    request.transition_to(Status.IN_REVIEW, actor=actor, reason=NO_PROOF, refs=refs, round=1)
    request.record("request.opted_out")
    request.clocks.filter(about="", clock__in=clocks.ANSWERS).update(met_at=now)
    mail.queue(request, "opted_out")
    add_discovery(request)
    add_standing_approval(request)
    nudge()


def stop(request: PrivacyRequest, accounts: list[str], now: datetime) -> None:
    purposes = [str(purpose) for purpose in stopped_purposes(request.rights)]
    with connection.cursor() as cursor:
        cursor.execute(STOP, [request.pk, now, accounts, purposes])


def give_back(request: PrivacyRequest) -> None:
    """Allow again what is asked for no more, before the work began: all of a request that ended,
    or what staff refused of one that goes on. Runs in the transaction of that.
    """
    kept = stopped_purposes(granted_rights(request)) if request.is_open else ()
    rows = Restriction.objects.filter(request_id=request.pk, lifted_at=None)
    rows.exclude(purpose__in=kept).update(lifted_at=timezone.now())
