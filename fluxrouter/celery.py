"""Celery, which only pumps: the ledger and the job table in PostgreSQL say what is due.

Early acknowledgement, no result backend, prefetch 1: a lost or doubled message changes nothing
(docs/adr/0004-ledger.md). The only beat entry asks each minute; which jobs that starts stands in
the table `fluxrouter.jobs.JOBS`.
"""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import task_prerun, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fluxrouter.settings")

app = Celery("fluxrouter")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_ignore_result=True,
    task_acks_late=False,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"socket_timeout": 5, "socket_connect_timeout": 2},
    timezone="UTC",
    CELERY_DB_REUSE_MAX=1_000_000,  # else Celery reconnects for each message
    beat_schedule={
        "tick": {"task": "fluxrouter.tick", "schedule": crontab(), "options": {"expires": 60}},
    },
)
app.autodiscover_tasks(["fluxrouter", "privacy"])


@worker_init.connect
def refuse_unsafe_start(**options: object) -> None:
    from fluxrouter.foundation.checks import refuse_exposed_database  # noqa: PLC0415

    refuse_exposed_database()


@task_prerun.connect
def drop_stale_connections(**options: object) -> None:
    """As at the start of a web request: those that broke, or are older than CONN_MAX_AGE."""
    from django.db import close_old_connections  # noqa: PLC0415

    close_old_connections()
