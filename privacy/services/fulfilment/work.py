"""Carrying out due steps, one after the other, until none is due or the time is up."""

import logging
import time

from fluxrouter.foundation.keystore import KeyGoneError
from privacy.connectors.errors import (
    NeedsHumanError,
    PermanentError,
    RetryError,
    UnknownOutcomeError,
)
from privacy.models import FulfilmentStep
from privacy.services import clocks
from privacy.services.fulfilment import ledger
from privacy.services.fulfilment.context import Context, context_of
from privacy.services.fulfilment.executors import execute

log = logging.getLogger(__name__)

# Letters acknowledge, ask and extend; a step of the request itself may close it.
MOVES_CLOCKS = ("mail", "request")


def work(seconds: float = 50) -> int:
    """Run due steps for about `seconds`. Returns how many were run; 0 means none was due.

    Each step reads its request anew: people and staff may have moved it a moment ago.
    """
    end = time.monotonic() + seconds
    count = 0
    while time.monotonic() < end and (step := ledger.claim()):
        run_step(step, context_of(step.request_id))
        count += 1
    return count


def run_step(step: FulfilmentStep, context: Context) -> None:
    """Execute a claimed step and write down the outcome. No transaction is open meanwhile."""
    try:
        if step.attempts > ledger.MAX_ATTEMPTS:  # nobody lived to count its failures
            ledger.park(step, "too_many_attempts")
        else:
            ledger.finish(step, execute(step, context))
            follow_clocks(step)
    except ledger.OvertakenError:
        log.info("step.overtaken %s %s", step.request_id, step.key)
    except Exception as error:
        try:
            settle(step, error)
        except ledger.OvertakenError:
            log.info("step.overtaken %s %s", step.request_id, step.key)


def follow_clocks(step: FulfilmentStep) -> None:
    """The step is done whatever becomes of this: beat makes up for it."""
    try:
        if step.connector in MOVES_CLOCKS:
            clocks.follow(step.request_id)
    except Exception as error:
        log.error("clocks.lost %s", step.request_id, exc_info=error)


def settle(step: FulfilmentStep, error: Exception) -> None:
    """A step failed: later, or a person. Unexpected errors are retried, then parked."""
    if isinstance(error, RetryError):
        ledger.postpone(step, error.code, error.after)
    elif isinstance(error, NeedsHumanError):
        ledger.park(step, error.code, error.found)
    elif isinstance(error, PermanentError):
        ledger.park(step, error.code)
    elif isinstance(error, KeyGoneError):
        ledger.park(step, "key_gone")
    elif isinstance(error, UnknownOutcomeError):
        if error.stored:
            ledger.new_epoch(step)
        ledger.postpone(step, error.code)
    else:
        log.error("step.failed %s %s", step.request_id, step.key, exc_info=error)
        ledger.postpone(step, "internal")
