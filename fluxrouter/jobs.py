"""The periodic jobs, as one table. Times are UTC."""

from fluxrouter.foundation.alarms import mail_alarms
from fluxrouter.foundation.jobs import Job
from fluxrouter.foundation.jobs.run import Schedule
from fluxrouter.foundation.trail.seal import seal_job
from fluxrouter.foundation.watch import watch_database, watch_jobs
from privacy.services.closing import destroy_due_keys
from privacy.services.drill import drill_when_due, finish_drills
from privacy.services.policy import watch_promises
from privacy.services.reminders import remind_tasks
from privacy.services.suppression import tidy
from privacy.services.verification import end_unverified
from privacy.services.watch import watch_requests
from retention.partitions import ensure_partitions
from retention.services.dispose import DISPOSED_AT, RETIRED_AT, dispose_due, retire_due

EVERY_MINUTE = set(range(60))
EVERY_HOUR = set(range(24))

JOBS = {
    job.name: job
    for job in (
        Job("mail_alarms", Schedule(EVERY_MINUTE, EVERY_HOUR), mail_alarms),
        Job("watch_requests", Schedule({0, 15, 30, 45}, EVERY_HOUR), watch_requests),
        Job("watch_jobs", Schedule({7, 22, 37, 52}, EVERY_HOUR), watch_jobs),
        Job("watch_database", Schedule({10}, EVERY_HOUR), watch_database),
        Job("watch_promises", Schedule({25}, EVERY_HOUR), watch_promises),
        Job("seal_trail", Schedule({5}, EVERY_HOUR), seal_job),
        Job("ensure_partitions", Schedule({20}, {1, 13}), ensure_partitions),
        Job("dispose", DISPOSED_AT, dispose_due),
        Job("retire_partitions", RETIRED_AT, retire_due),
        # The second and the third only mail what failed before.
        Job("remind_tasks", Schedule({15}, {6, 10, 14}), remind_tasks),
        Job("end_unverified", Schedule({40}, {2}), end_unverified),
        Job("destroy_keys", Schedule({50}, {3}), destroy_due_keys),
        Job("drill", Schedule({15}, {4}), drill_when_due),
        Job("finish_drills", Schedule({35}, EVERY_HOUR), finish_drills),
        Job("tidy_suppressions", Schedule({45}, {3}), tidy),
    )
}
