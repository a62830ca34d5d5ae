"""Looking for what would go wrong in silence."""

from fluxrouter.foundation.alarms import clear_alarm, raise_alarm
from fluxrouter.foundation.checks import database_problems


def watch_database() -> dict[str, int]:
    """Raise an alarm while a table is exposed to the Data API."""
    problems = database_problems()
    if problems:
        raise_alarm("database_exposed")
    else:
        clear_alarm("database_exposed")
    return {"problems": len(problems)}
