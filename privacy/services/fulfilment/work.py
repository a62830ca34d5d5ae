"""Carrying out due steps, one after the other, until none is due or the time is up."""

import logging
import time
from uuid import UUID

from privacy.connectors.errors import (
    NeedsHumanError,
    PermanentError,
    RetryError,
    UnknownOutcomeError,
)
from privacy.models import FulfilmentStep
from privacy.services.fulfilment import ledger
from privacy.services.fulfilment.context import Context, context_of
from privacy.services.fulfilment.executors import execute

log = logging.getLogger(__name__)


def work(seconds: float = 50) -> int:
    """Run due steps for about `seconds`. Returns how many were run; 0 means none was due.

    Stays with a request while it has due steps: its key and addresses are at hand then.
    """
    end = time.monotonic() + seconds
    context: Context | None = None
    count = 0
    while time.monotonic() < end:
        step = claim_next(context.request.pk if context else None)
        if step is None:
            break
        if context is None or context.request.pk != step.request_id:
            context = context_of(step.request_id)
        run_step(step, context)
        count += 1
    return count


def claim_next(current: UUID | None) -> FulfilmentStep | None:
    return (ledger.claim(current) if current else None) or ledger.claim()


def run_step(step: FulfilmentStep, context: Context) -> None:
    """Execute a claimed step and write down the outcome. No transaction is open meanwhile."""
    try:
        ledger.finish(step, execute(step, context))
    except ledger.OvertakenError:
        log.info("step.overtaken %s %s", step.request_id, step.key)
    except Exception as error:
        try:
            settle(step, error)
        except ledger.OvertakenError:
            log.info("step.overtaken %s %s", step.request_id, step.key)


def settle(step: FulfilmentStep, error: Exception) -> None:
    """A step failed: later, or a person. Unexpected errors are retried, then parked."""
    if isinstance(error, RetryError):
        ledger.postpone(step, error.code, error.after)
    elif isinstance(error, PermanentError | NeedsHumanError):
        ledger.park(step, error.code)
    elif isinstance(error, UnknownOutcomeError):
        if error.stored:
            ledger.new_epoch(step)
        ledger.postpone(step, error.code)
    else:
        log.error("step.failed %s %s", step.request_id, step.key, exc_info=error)
        ledger.postpone(step, "internal")
