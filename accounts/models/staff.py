"""Staff: who may sign in to the admin."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A member of staff. Data subjects never have one: they prove themselves per request."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    def __str__(self) -> str:
        # Django's admin log stores this text; it must not name a person.
        return f"staff {str(self.pk)[:8]}"
