"""Whether the schedule is applied in time."""

from datetime import datetime, timedelta

from fluxrouter.foundation.models import JobRun
from retention.services.dispose import DISPOSED_AT, RETIRED_AT

LATE = timedelta(hours=1)  # a run may wait for a worker, and takes its time
TIMES = {"dispose": DISPOSED_AT, "retire_partitions": RETIRED_AT}


def missed_windows(now: datetime) -> set[str]:
    """The schedule's jobs that didn't run when they should have. A job that never ran yet isn't
    late: the site is new. A dead scheduler raises no alarm, so whoever shows a page looks here.
    """
    ended = JobRun.objects.filter(job__in=TIMES, finished_at__isnull=False)
    latest = dict(ended.order_by("job", "-window").distinct("job").values_list("job", "window"))
    return {job for job, window in latest.items() if window < TIMES[job].last_due(now - LATE)}
