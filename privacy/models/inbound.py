"""Mail that reached our privacy address: a draft for staff, never a request by itself."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from fluxrouter.foundation.sealed import SealedField, SealedModel
from privacy.models.request import PrivacyRequest


class InboundMail(SealedModel):
    """One message, sealed under its own key. Its head comes first, its content when fetched."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for staff"
        TAKEN_IN = "taken_in", "Taken in as a request"
        JOINED = "joined", "Belongs to a request"
        DISCARDED = "discarded", "No request"

    class Mark(models.TextChoices):
        """What a look at its headers and its size showed."""

        AUTOMATIC = "automatic", "Sent by a machine"
        RETURNED = "returned", "A message about undelivered mail"
        TOO_LARGE = "too_large", "Too large: only its head is here"
        FILES_LEFT_OUT = "files_left_out", "Some files are not here"
        CUT = "cut", "Only the beginning of its text is here"
        UNREADABLE = "unreadable", "Badly made: parts of it may be missing"
        GONE = "gone", "Gone at the mail service before we could fetch it"

    provider_id = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField()
    sender = SealedField()
    subject = SealedField()
    text = SealedField()
    fetched_at = models.DateTimeField(null=True)
    marks = ArrayField(models.CharField(max_length=20, choices=Mark), default=list)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    request = models.ForeignKey(
        PrivacyRequest, on_delete=models.SET_NULL, related_name="mails", null=True
    )

    class Meta:
        ordering = ["received_at"]
        verbose_name = "incoming mail"
        verbose_name_plural = "incoming mail"

    def __str__(self) -> str:
        return f"incoming mail {self.pk}"


class InboundFile(SealedModel):
    """An attachment, kept apart: nobody opens it from here before it was looked at."""

    mail = models.ForeignKey(InboundMail, on_delete=models.CASCADE, related_name="files")
    name = SealedField()
    content = SealedField()
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"incoming file {self.pk}"

    @property
    def key_id(self) -> uuid.UUID:
        return self.mail_id
