"""The letters that went out, and the versions of their texts that may go out."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from fluxrouter.foundation.sealed import SealedField, SealedModel
from privacy.models.step import FulfilmentStep


class SentLetter(SealedModel):
    """A letter as it was handed to the mail service, and what became of it.

    Its links and codes are masked: whoever may read the letter may not act as the person.
    """

    class State(models.TextChoices):
        ACCEPTED = "accepted", "Handed over"
        DELIVERED = "delivered", "Delivered"
        DELAYED = "delayed", "Delayed"
        BOUNCED = "bounced", "Came back"
        COMPLAINED = "complained", "Marked as spam"
        FAILED = "failed", "Failed"

    step = models.OneToOneField(FulfilmentStep, on_delete=models.CASCADE, related_name="sent")
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=200)
    text = SealedField()
    sent_at = models.DateTimeField()
    message_ids = ArrayField(models.CharField(max_length=64), default=list)
    state = models.CharField(max_length=10, choices=State, default=State.ACCEPTED)
    state_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)  # when staff dealt with one that came back
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["sent_at"]

    def __str__(self) -> str:
        return f"letter {self.pk}"

    @property
    def needs_staff(self) -> bool:
        return self.state in CAME_BACK and self.settled_at is None

    @property
    def key_id(self) -> uuid.UUID:
        return self.step.request_id


CAME_BACK = frozenset({SentLetter.State.BOUNCED, SentLetter.State.FAILED})


class LetterRelease(models.Model):
    """One version of one letter's text in one language, read and released by a named reviewer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    language = models.CharField(max_length=5)
    letter = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)  # SHA-256 of all its texts in that language
    reviewer = models.CharField(max_length=200)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["language", "letter", "digest"],
                condition=models.Q(revoked_at=None),
                name="released_once",
            )
        ]
        permissions = [("release_letter", "Can release the text of letters")]

    def __str__(self) -> str:
        return f"{self.language} {self.letter} {self.digest[:12]}"
