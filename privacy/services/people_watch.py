"""The job that follows what people wait for, and those who act or answer for them."""

from privacy.services.agents import tell_decided
from privacy.services.children import watch_reports
from privacy.services.downstream import sync_notices
from privacy.services.forwarding import watch_forwarding
from privacy.services.hold_letters import tell_holds


def follow_people() -> dict[str, int]:
    """Letters, records and alarms that follow from what happened since the last run."""
    reports, forwarded = watch_reports(), watch_forwarding()
    return {
        "reports_closed": reports["closed"],
        "reports_waiting": reports["waiting"],
        "forwarding_late": forwarded["late"],
        "agents_told": tell_decided(),
        "holds_told": tell_holds(),
        "notices": sync_notices()["changed"],
    }
