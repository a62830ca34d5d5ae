"""The wiring of the FluxRouter data-rights toolkit."""

from fluxrouter.celery import app as celery_app

__all__ = ["celery_app"]
