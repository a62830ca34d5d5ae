"""Periodic jobs: each window of a job's schedule is run once, late rather than never."""

from fluxrouter.foundation.jobs.run import Job, due_jobs, run_job

__all__ = ["Job", "due_jobs", "run_job"]
