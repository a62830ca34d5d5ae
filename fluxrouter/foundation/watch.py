"""Looking for what would go wrong in silence."""

from django.db.models import Q
from django.utils import timezone

from fluxrouter.foundation.alarms import clear_alarm, raise_alarm, sync_alarms
from fluxrouter.foundation.checks import database_problems
from fluxrouter.foundation.models import JobRun


def watch_database() -> dict[str, int]:
    """Raise an alarm while a table is exposed to the Data API."""
    problems = database_problems()
    if problems:
        raise_alarm("database_exposed")
    else:
        clear_alarm("database_exposed")
    return {"problems": len(problems)}


def watch_jobs() -> dict[str, int]:
    """One alarm per job whose latest run began and never ended; cleared by a run that did.

    A run under way doesn't count yet, or a job that fails each minute would always look busy.
    """
    over = Q(finished_at__isnull=False) | Q(leased_until__lt=timezone.now())
    latest = JobRun.objects.filter(over).order_by("job", "-window").distinct("job")
    failed = {run.job for run in latest if not run.finished_at}
    sync_alarms("job_failed", failed)
    return {"failed": len(failed)}
