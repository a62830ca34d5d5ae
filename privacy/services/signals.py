"""Global Privacy Control: browsers that ask us not to sell or share (w3c.github.io/gpc).

One row for a browser, not one for a page. Where we know whose browser it is, their accounts are
opted out too, and stay so (11 CCR § 7025(c)(1)) until they allow it again themselves (§ 7028(a)).
It opens no request and erases nothing.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Min, QuerySet
from django.utils import timezone

from accounts.models import Account, Restriction
from accounts.purposes import Purpose
from fluxrouter.foundation.trail import SUBJECT
from privacy.models import BrowserSignal, PrivacyRequest
from privacy.selectors.people import ACTS_FOR

LIVES = timedelta(days=395)  # a browser is known again for thirteen months
# What the signal asks for: no sale, no sharing for advertising (Cal. Civ. Code § 1798.135(b)).
STOPS = Purpose.SALE

SEEN = """
INSERT INTO privacy_browsersignal (id, browser, account_ids, first_on, last_on)
VALUES (gen_random_uuid(), %(browser)s, '{}', %(today)s, %(today)s)
ON CONFLICT (browser) DO UPDATE SET last_on = excluded.last_on
WHERE privacy_browsersignal.last_on < excluded.last_on
"""
STOP = """
INSERT INTO accounts_restriction (id, account_id, purpose, source, since)
SELECT gen_random_uuid(), account, %s, 'signal', %s FROM unnest(%s::uuid[]) AS account
ON CONFLICT DO NOTHING
"""


def is_set(header: str) -> bool:
    """Whether one of the field's values is exactly 1; servers join several with commas."""
    return any(value.strip(" \t") == "1" for value in header.split(","))


def digest_of(cookie: str) -> bytes:
    return hashlib.sha256(cookie.encode()).digest()


def note_browser(cookie: str) -> None:
    """Write down that this browser sends the signal; at most one write a day."""
    today = timezone.now().date()
    if BrowserSignal.objects.filter(browser=digest_of(cookie), last_on__gte=today).exists():
        return
    with connection.cursor() as cursor:
        cursor.execute(SEEN, {"browser": digest_of(cookie), "today": today})


def is_known(cookie: str) -> bool:
    """Whether this browser sent the signal before."""
    return BrowserSignal.objects.filter(browser=digest_of(cookie)).exists()


def tie(cookie: str, request: PrivacyRequest) -> None:
    """Opt out the accounts of a verified request, on whose page the browser sent the signal.

    Once for each browser and account: whoever opts in again later is asked no second time.
    """
    accounts = accounts_to_tie(request)
    if not accounts or holds(cookie, accounts):
        return
    with transaction.atomic():
        note_browser(cookie)
        row = BrowserSignal.objects.select_for_update().get(browser=digest_of(cookie))
        new = [account for account in accounts if account not in row.account_ids]
        if not new:
            return
        row.account_ids = [*row.account_ids, *new]
        row.save(update_fields=["account_ids"])
        with connection.cursor() as cursor:
            cursor.execute(STOP, [STOPS.value, timezone.now(), new])
        request.record("signal.honoured", actor=SUBJECT)


def accounts_to_tie(request: PrivacyRequest) -> list[UUID]:
    """The accounts that we know to be of whoever reads the request's page."""
    if request.verified_at is None:
        return []
    found = Account.objects.filter(pk__in=request.refs.get("accounts", []))
    return list(found.values_list("pk", flat=True))


def holds(cookie: str, accounts: Iterable[UUID]) -> bool:
    rows = BrowserSignal.objects.filter(browser=digest_of(cookie))
    return rows.filter(account_ids__contains=list(accounts)).exists()


def stopped(request: PrivacyRequest) -> QuerySet[Restriction]:
    """What a signal stopped, and only the person themselves may allow again: whoever acts for
    somebody can opt them out, never in.
    """
    rows = Restriction.objects.filter(source=Restriction.Source.SIGNAL, lifted_at=None)
    mine = () if request.role in ACTS_FOR else accounts_to_tie(request)
    return rows.filter(account_id__in=mine)


def since(request: PrivacyRequest) -> datetime | None:
    first: datetime | None = stopped(request).aggregate(first=Min("since"))["first"]
    return first


def allow_again(request: PrivacyRequest) -> bool:
    """Lift what a signal stopped for the accounts of this verified request; whether anything was.

    Browsers that are tied to them don't stop it again; another one does. What a request asked to
    stop stays stopped.
    """
    with transaction.atomic():
        locked = request.lock()
        lifted = stopped(locked).update(lifted_at=timezone.now())
        if lifted:
            locked.record("signal.lifted", actor=SUBJECT)
    return bool(lifted)
