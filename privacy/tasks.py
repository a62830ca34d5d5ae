"""The pump: works off the ledger. Safe to run twice, safe to lose."""

import logging
import os
import threading
from typing import Any

from celery import shared_task
from django.dispatch import receiver

from privacy.services.fulfilment.ledger import due_count
from privacy.services.fulfilment.work import work
from privacy.signals import work_due

log = logging.getLogger(__name__)


@shared_task(name="privacy.pump")
def pump() -> None:
    """Work off due steps. Calls a second pump when there is enough for two."""
    if due_count(limit=2) > 1:
        pump.apply_async(expires=60)
    work()


class Nudger:
    """Sends the pump's message from a thread of its own.

    A broker that is away costs seconds per message: no web request waits for that, and none fails
    by it. Nudges that come meanwhile melt into one.
    """

    def __init__(self) -> None:
        self._due = threading.Event()
        self._lock = threading.Lock()
        self._process: int | None = None

    def nudge(self) -> None:
        with self._lock:
            if self._process != os.getpid():  # a thread doesn't survive a fork
                self._process = os.getpid()
                threading.Thread(target=self._run, name="nudger", daemon=True).start()
        self._due.set()

    def _run(self) -> None:
        while True:
            self._due.wait()
            self._due.clear()
            try:
                pump.apply_async(expires=60, retry=False)
            except Exception as error:
                log.warning("nudge.lost %s", type(error).__name__)


nudger = Nudger()


@receiver(work_due)
def send_nudge(sender: Any, **options: Any) -> None:
    nudger.nudge()
