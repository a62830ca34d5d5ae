"""What only people can do at a processor, and the proof that they did."""

import uuid

from django.conf import settings
from django.db import models

from fluxrouter.foundation.sealed import SealedField, SealedModel
from privacy.models.step import FulfilmentStep


class ManualTask(models.Model):
    """The part of a `manual` step that people see. The step's state is the task's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    step = models.OneToOneField(FulfilmentStep, on_delete=models.CASCADE, related_name="task")
    processor = models.CharField(max_length=30)  # a key of `privacy.processors.PROCESSORS`
    due_on = models.DateField()
    letter_at = models.DateTimeField(null=True)  # when the processor was written to
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_on"]

    def __str__(self) -> str:
        return f"manual task {self.pk}"


class Evidence(SealedModel):
    """A file that shows what the processor did, sealed under the request's key."""

    task = models.ForeignKey(ManualTask, on_delete=models.CASCADE, related_name="evidence")
    name = SealedField()
    content = SealedField()  # base64
    media_type = models.CharField(max_length=40)  # as its bytes say, not as its name does
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["uploaded_at"]
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return f"evidence {self.pk}"

    @property
    def key_id(self) -> uuid.UUID:
        return self.task.step.request_id
