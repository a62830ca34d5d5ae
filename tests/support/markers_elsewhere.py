"""Markers at the processors but Stripe and Auth: in every text that these keep of a person.

The walk is over the stored objects as the vendors describe them. A text that isn't named here as
technical gets a marker, so that a new field is looked for without anybody's doing.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.utils import timezone
from psycopg.types.json import Jsonb

from accounts.models import ProviderObject
from fluxrouter.sandbox.environment import BUCKET
from fluxrouter.sandbox.mailbox.message import read
from fluxrouter.sandbox.model_providers.kinds import KINDS
from fluxrouter.sandbox.supabase.storage_files import add_file, add_unfinished_upload
from tests.support.world import Planted, World

Mark = Callable[[str], str]  # a new marker for a place
TEXT = object()  # stands for a text in the tables below
# Ids, times, states, and words that only the vendor understands.
TECHNICAL = {
    *("id", "external_id", "userId", "object", "type", "role", "model", "source", "purpose"),
    *("created_at", "createdAt", "createTime", "updatedAt", "status", "state"),
    *("processing_status", "activeDocumentsCount"),
}
# What calls store at a model provider beside the shape that every new object has.
CONTENT: dict[str, dict[str, Any]] = {
    "responses": {"instructions": TEXT, "output": [{"content": [{"text": TEXT}]}]},
    "chat/completions": {"choices": [{"message": {"content": TEXT}}]},
    "conversations": {"metadata": {"note": TEXT}},
    "videos": {"prompt": TEXT},
    "messages/batches": {"results_note": TEXT},
    "cachedContents": {"systemInstruction": {"parts": [{"text": TEXT}]}},
    "batches": {"metadata": {"state": "BATCH_STATE_SUCCEEDED", "displayName": TEXT}},
}
# Storage's columns of text, and whether a person fills them.
STORAGE = {
    "objects": {
        **dict.fromkeys(("name", "user_metadata"), True),
        **dict.fromkeys(("bucket_id", "owner_id", "metadata", "path_tokens", "version"), False),
    },
    "s3_multipart_uploads": {
        **dict.fromkeys(("key", "user_metadata"), True),
        **dict.fromkeys(("id", "bucket_id", "owner_id", "version", "upload_signature"), False),
    },
}


def filled(value: Any, place: str, mark: Mark) -> Any:
    """A copy with a marker in each text, and in each place for one, that isn't technical."""
    if isinstance(value, dict):
        return {
            name: item if name in TECHNICAL else filled(item, f"{place}.{name}", mark)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [filled(item, f"{place}[]", mark) for item in value]
    return mark(place) if value is None or value is TEXT or isinstance(value, str) else value


def without_address(stored: dict[str, Any]) -> dict[str, Any]:
    """The address leads to the record, so it stays."""
    return {name: value for name, value in stored.items() if name != "email"}


def mark_resend(world: World, person: Planted, mark: Mark) -> None:
    """The contact, a mail in the log, and the list of those that nothing is sent to."""
    email, mailbox = person.account.email, world.mailbox
    [contact] = [each for each in mailbox.contacts.values() if each["email"] == email]
    extra = {"properties": {"note": TEXT}}
    contact |= filled(without_address(contact) | extra, "resend.contact", mark)
    texts = {name: mark(f"resend.sent_mail.{name}") for name in ("subject", "html", "text")}
    people = {
        name: f"{mark(f'resend.sent_mail.{name}')} <{email}>"
        for name in ("to", "cc", "bcc", "reply_to")
    }
    attached = {"attachments": [{"filename": mark("resend.sent_mail.attachments")}]}
    payload = {"from": "news@example.com", **texts, **people, **attached}
    letter = read(payload, id=str(uuid4()), now=datetime.now(UTC))
    mailbox.messages[letter.id] = letter
    mailbox.add_suppression(email)


def mark_chatbase(world: World, person: Planted, mark: Mark) -> None:
    """The contact, a talk over the interface and one at the widget, a talk of somebody who only
    wrote the address, and a lead.
    """
    email, user = person.account.email, str(person.user.id)
    for tables in world.chatbase.tables.values():
        for kind, name in (("contact", "external_id"), ("conversation", "userId")):
            for stored in tables[kind]:
                if stored[name] == user:
                    extra = {"custom_attributes": {"note": TEXT}} if kind == "contact" else {}
                    stored.update(filled(stored | extra, f"chatbase.{kind}", mark))
    add = world.chatbase.add
    said = mark("chatbase.conversation.widget")
    add("conversation", userId=user, source="Widget or Iframe", said=said)
    mention = add("conversation", said=f"I am {email}. {mark('chatbase.mention.messages')}")
    mention["title"] = mark("chatbase.mention.title")
    lead = add("lead", email=email)
    lead |= filled(without_address(lead), "chatbase.lead", mark)


def mark_models(world: World, person: Planted, mark: Mark) -> None:
    """An object of every kind at every provider, and what lies in it; our rows name them."""
    for provider, kinds in KINDS.items():
        for name, kind in kinds.items():
            place = f"{provider}.{name}"
            fields = filled({**kind.shape, **CONTENT.get(name, {})}, place, mark)
            parts = [{"content": mark(f"{place}.{kind.parts}")}] if kind.parts else []
            identifier = world.models.add(provider, name, parts=parts, **fields)
            ProviderObject.objects.create(
                account_id=person.account.pk,
                provider=provider,
                kind=name,
                object_id=identifier,
                created_at=timezone.now(),
            )


def mark_storage(world: World, person: Planted, mark: Mark) -> None:
    """A file in the person's folder, one that they own elsewhere, an upload that never ended."""
    user = str(person.user.id)
    with world.connect() as connection:
        for folder in (user, "shared"):
            place = f"storage.{'own' if folder == user else folder}"
            name = f"{folder}/{mark(f'{place}.name')}.txt"
            add_file(connection, BUCKET, name, mark(f"{place}.content").encode(), owner=user)
            connection.execute(
                "UPDATE storage.objects SET user_metadata = %s WHERE name = %s",
                [Jsonb({"note": mark(f"{place}.user_metadata")}), name],
            )
        key = f"{user}/{mark('storage.upload.key')}"
        add_unfinished_upload(connection, BUCKET, key, user)
        connection.execute(
            "UPDATE storage.s3_multipart_uploads SET user_metadata = %s WHERE key = %s",
            [Jsonb({"note": mark("storage.upload.user_metadata")}), key],
        )


def mark_elsewhere(world: World, person: Planted, mark: Mark) -> None:
    for mark_system in (mark_resend, mark_chatbase, mark_models, mark_storage):
        mark_system(world, person, mark)
