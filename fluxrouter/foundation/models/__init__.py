"""Trail, job runs and alarms."""

from fluxrouter.foundation.models.alarm import Alarm
from fluxrouter.foundation.models.job import JobRun
from fluxrouter.foundation.models.trail import TrailChain, TrailEvent, TrailSeal

__all__ = ["Alarm", "JobRun", "TrailChain", "TrailEvent", "TrailSeal"]
