"""Which periodic job ran for which window."""

from django.db import models


class JobRun(models.Model):
    """One run of one job for one window of its schedule; the constraint makes it one only."""

    job = models.CharField(max_length=60)
    window = models.DateTimeField()
    started_at = models.DateTimeField()
    leased_until = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "window"], name="job_runs_once")]
        indexes = [models.Index(fields=["window", "id"], name="job_run_by_window")]
        ordering = ["-window"]

    def __str__(self) -> str:
        return f"{self.job} {self.window:%Y-%m-%d %H:%M}"
