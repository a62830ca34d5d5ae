"""Looking for what would go wrong in silence."""

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
    """One alarm per job whose latest run began and never ended; cleared by a run that did."""
    latest = JobRun.objects.order_by("job", "-window").distinct("job")
    failed = {
        run.job for run in latest if not run.finished_at and run.leased_until < timezone.now()
    }
    sync_alarms("job_failed", failed)
    return {"failed": len(failed)}
