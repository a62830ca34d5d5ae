"""Our Celery app with a beat that asks each second: `celery -A tests.support.fast_beat beat`."""

from fluxrouter.celery import app

app.conf.beat_schedule["tick"]["schedule"] = 1.0

__all__ = ["app"]
