"""Beat's tick: start every job whose window hasn't been worked off."""

from celery import shared_task
from django.utils import timezone

from fluxrouter.foundation.jobs import due_jobs, run_job
from fluxrouter.jobs import JOBS
from privacy.tasks import pump


@shared_task(name="fluxrouter.tick")
def tick() -> None:
    """Each minute: nudge the ledger's pump, start what is due; asking too often is harmless."""
    pump.apply_async(expires=60)
    for name in due_jobs(JOBS, timezone.now()):
        job.apply_async((name,), expires=60)


@shared_task(name="fluxrouter.job")
def job(name: str) -> None:
    run_job(JOBS[name])
