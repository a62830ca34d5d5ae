"""What the gateway left at an AI model provider for an account."""

import uuid

from django.db import models


class ProviderObject(models.Model):
    """The id of an object that a provider keeps until somebody deletes it: a file, a response."""

    class Provider(models.TextChoices):
        OPENAI = "openai", "OpenAI"
        ANTHROPIC = "anthropic", "Anthropic"
        GEMINI = "gemini", "Google Gemini"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account_id = models.UUIDField(db_index=True)
    provider = models.CharField(max_length=20, choices=Provider)
    kind = models.CharField(max_length=40)  # as the provider's path names it: files, responses
    object_id = models.CharField(max_length=255)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "kind", "object_id"], name="provider_object_once"
            )
        ]

    def __str__(self) -> str:
        return f"provider object {self.pk}"
