"""How fast approved requests are fulfilled, and what memory a large account takes."""

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection

from bench.memory import Peak
from bench.raw import Known, capacity
from bench.result import Baseline, Result
from bench.size import Size
from fluxrouter.sandbox.environment import NAMES
from tests.support.crowd import approve_all, plant
from tests.support.processes import Stack, wait_for

if TYPE_CHECKING:
    from privacy.models import PrivacyRequest

PATIENCE = 300  # seconds


class Burst(NamedTuple):
    """Requests that were approved at once: how long until the last one was closed."""

    number: int
    seconds: float
    calls: dict[str, int]


def measure(stack: Stack, size: Size) -> Iterator[Result]:
    """With a warm worker of two processes; the sandboxes limit no rate."""
    stack.start_worker()
    stack.wait_for_pool()
    reference = plant(["access"], calls=1)[0]
    known = Known(
        reference.refs["customers"][0],
        reference.refs["auth_users"][0],
        model_file(reference.refs["accounts"][0]),
    )
    run_burst(stack, "access", 4, size.calls)
    run_burst(stack, "erasure", 4, size.calls)
    for right, number, goal in (("access", size.accesses, 20), ("erasure", size.erasures, 10)):
        burst = run_burst(stack, right, number, size.calls)
        raw = capacity(stack, burst.calls, known)
        each = sum(burst.calls.values()) / number
        baseline = Baseline(f"the same {each:.0f} processor calls each, bare", number / raw)
        rate = number / burst.seconds
        name = f"{number} of {right} at once"
        yield Result(name, rate, "requests/s", baseline, (">=", float(goal)))
    yield from large_account(stack, size)
    stack.supervisor.stop("worker")


def model_file(account: str) -> str:
    """The id of a file of this account at OpenAI."""
    from accounts.models import ProviderObject  # noqa: PLC0415  (after django.setup)

    rows = ProviderObject.objects.filter(account_id=account, provider="openai", kind="files")
    return rows.values_list("object_id", flat=True)[0]


def run_burst(stack: Stack, right: str, number: int, calls: int) -> Burst:
    requests = plant([right] * number, calls=calls)
    before = calls_made(stack)
    seconds = fulfil(requests)
    after = calls_made(stack)
    return Burst(number, seconds, {name: after[name] - before[name] for name in after})


def calls_made(stack: Stack) -> dict[str, int]:
    return {name: stack.sandbox(name, "/_sandbox/calls")["total"] for name in NAMES}


def fulfil(requests: Sequence["PrivacyRequest"]) -> float:
    """Approve them and wait; the seconds from the approval to the last one's end."""
    from privacy.models import PrivacyRequest  # noqa: PLC0415  (after django.setup)

    mine = PrivacyRequest.objects.filter(pk__in=[request.pk for request in requests])
    approved_at = approve_all(requests)
    wait_for(lambda: not mine.filter(closed_at=None).exists(), PATIENCE, "every request is closed")
    return max((each.closed_at - approved_at).total_seconds() for each in mine if each.closed_at)


def large_account(stack: Stack, size: Size) -> Iterator[Result]:
    """One person with very many rows, beside one with few."""
    small, large = (plant(["access"], calls=rows // 2)[0] for rows in (size.small, size.large))
    pool = stack.pool("worker")
    with Peak(pool) as little:
        fulfil([small])
    with Peak(pool) as much:
        seconds = fulfil([large])
    few = Baseline(f"an account of {size.small:,} rows", little.grown)
    name = f"memory for an account of {size.large:,} rows"
    yield Result(name, much.grown, "MB above idle", few, ("<=", 100.0))
    bare = Baseline("COPY of the same rows, discarded", size.large / copy_seconds(large))
    yield Result("rows of that account", size.large / seconds, "rows/s", bare)


def copy_seconds(request: "PrivacyRequest") -> float:
    """How long PostgreSQL alone takes to hand the account's rows over as JSON."""
    account = request.refs["accounts"][0]
    started = time.monotonic()
    with connection.cursor() as cursor:
        for table in ("accounts_gatewayrequest", "accounts_gatewaybody"):
            rows = f"SELECT row_to_json(r) FROM {table} r WHERE account_id = '{account}'"
            with cursor.cursor.copy(f"COPY ({rows}) TO STDOUT") as copy:
                for _ in copy:
                    pass
    return time.monotonic() - started
