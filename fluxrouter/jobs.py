"""The periodic jobs, as one table. Times are UTC."""

from accounts.gateway.watch import watch_gateways
from fluxrouter.foundation.alarms import mail_alarms
from fluxrouter.foundation.jobs import Job
from fluxrouter.foundation.jobs.run import Schedule
from fluxrouter.foundation.trail.seal import seal_job
from fluxrouter.foundation.watch import watch_database, watch_jobs
from privacy.services.clock_reminders import remind_clocks
from privacy.services.clock_watch import follow_clocks, watch_clocks
from privacy.services.closing import destroy_due_keys
from privacy.services.drill import drill_when_due, finish_drills
from privacy.services.inbound.fetching import fetch_mail
from privacy.services.inbound.watch import watch_mail
from privacy.services.people_watch import follow_people
from privacy.services.policy import watch_promises
from privacy.services.post.delivery import watch_letters
from privacy.services.proofs import destroy_proofs
from privacy.services.recourse import settle_all
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
        Job("follow_clocks", Schedule(EVERY_MINUTE, EVERY_HOUR), follow_clocks),
        Job("watch_clocks", Schedule({1, 16, 31, 46}, EVERY_HOUR), watch_clocks),
        Job("remind_clocks", Schedule({20}, EVERY_HOUR), remind_clocks),
        Job("fetch_mail", Schedule(EVERY_MINUTE, EVERY_HOUR), fetch_mail),
        Job("watch_letters", Schedule({3, 33}, EVERY_HOUR), watch_letters),
        Job("watch_mail", Schedule({8, 38}, EVERY_HOUR), watch_mail),
        Job("follow_people", Schedule({4, 19, 34, 49}, EVERY_HOUR), follow_people),
        Job("watch_jobs", Schedule({7, 22, 37, 52}, EVERY_HOUR), watch_jobs),
        Job("watch_gateways", Schedule({12, 27, 42, 57}, EVERY_HOUR), watch_gateways),
        Job("watch_database", Schedule({10}, EVERY_HOUR), watch_database),
        Job("watch_promises", Schedule({25}, EVERY_HOUR), watch_promises),
        Job("seal_trail", Schedule({5}, EVERY_HOUR), seal_job),
        Job("ensure_partitions", Schedule({20}, {1, 13}), ensure_partitions),
        Job("dispose", DISPOSED_AT, dispose_due),
        Job("retire_partitions", RETIRED_AT, retire_due),
        # The second and the third only mail what failed before.
        Job("remind_tasks", Schedule({15}, {6, 10, 14}), remind_tasks),
        Job("end_unverified", Schedule({40}, {2}), end_unverified),
        # Before keys are destroyed: a hold that ends today keeps no key.
        Job("settle_holds", Schedule({30}, {3}), settle_all),
        Job("destroy_proofs", Schedule({2, 17, 32, 47}, EVERY_HOUR), destroy_proofs),
        Job("destroy_keys", Schedule({50}, {3}), destroy_due_keys),
        Job("drill", Schedule({15}, {4}), drill_when_due),
        Job("finish_drills", Schedule({35}, EVERY_HOUR), finish_drills),
        Job("tidy_suppressions", Schedule({45}, {3}), tidy),
    )
}
