"""Model fields whose content only the holder of the row's data key can read."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from fluxrouter.foundation.crypto import blind_index, seal, unseal
from fluxrouter.foundation.keystore import keystore


def email_index(email: str) -> bytes:
    """The blind index under which an e-mail address is stored and found."""
    return blind_index(settings.BLIND_INDEX_KEY, email)


class SealedField(models.BinaryField):
    """Ciphertext of a text. Read and write it through `SealedModel.read` and `write`."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("null", True)
        options.setdefault("editable", False)
        super().__init__(**options)


class SealedModel(models.Model):
    """A row with sealed fields. The primary key is ours, so it can be bound to the ciphertext."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True

    @property
    def key_id(self) -> uuid.UUID:
        """The data key's id: the row's own, unless it belongs to another row's person."""
        return self.id

    def _place(self, field: str) -> str:
        return f"{self._meta.label_lower}.{field}:{self.pk}"

    def write(self, field: str, text: str | None) -> None:
        """Set a sealed field; saving is the caller's. Makes the data key when there is none."""
        self._meta.get_field(field)
        if not text:
            setattr(self, field, None)
            return
        key = keystore().create(self.key_id)
        setattr(self, field, seal(key, text.encode(), place=self._place(field)))

    def read(self, field: str) -> str:
        """The text, "" when empty. KeyGoneError: its key is destroyed. SealError: altered."""
        sealed = getattr(self, field)
        if sealed is None:
            return ""
        return unseal(
            keystore().get(self.key_id), bytes(sealed), place=self._place(field)
        ).decode()
