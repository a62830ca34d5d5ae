"""What the providers keep, and how it is reached, as one table.

Sources: developers.openai.com/api/reference, platform.claude.com/docs/en/api,
ai.google.dev/api/{files,caching,batch-api}, ai.google.dev/api/file-search/file-search-stores.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Parts(NamedTuple):
    """What lies inside an object and has a list of its own."""

    path: str
    collection: str
    outlive: bool = False  # they stay when the object goes, so they are deleted before it


class Work(NamedTuple):
    """Work that must have ended before its object can be deleted."""

    field: str  # where its state stands
    ended: frozenset[str]
    cancel: str = ""  # what follows the object's path; empty: it can only be waited for


class Kind(NamedTuple):
    """One kind of object. `collection` is our word for it, see `privacy.words`."""

    collection: str
    parts: Parts | None = None
    work: Work | None = None
    delete_params: Mapping[str, str] = {}
    headers: Mapping[str, str] = {}
    # The name of its list, where a refusal may mean that it is gone: then the list tells.
    refused_when_gone: str = ""


class Drill(NamedTuple):
    """A call that makes a small object, for the fire drill."""

    kind: str
    options: Mapping[str, Any]


class Provider(NamedTuple):
    """One provider. `key_header` and `key_form` say how its key travels."""

    key_header: str
    key_form: str
    headers: Mapping[str, str]
    kinds: Mapping[str, Kind]
    drill: Drill


CANARY = "A canary of the fire drill. It names nobody."

OPENAI = Provider(
    "authorization",
    "Bearer {}",
    {},
    {
        "responses": Kind("model_response", Parts("input_items", "model_response_input")),
        "chat/completions": Kind("model_chat", Parts("messages", "model_chat_message")),
        # Deleting a conversation leaves its items (…/conversations/methods/delete).
        "conversations": Kind(
            "model_conversation", Parts("items", "model_conversation_item", outlive=True)
        ),
        "files": Kind("model_file"),
        "vector_stores": Kind("model_vector_store"),
        "containers": Kind("model_container"),
        "videos": Kind("model_video", work=Work("status", frozenset({"completed", "failed"}))),
    },
    Drill(
        "conversations",
        {"json": {"items": [{"type": "message", "role": "user", "content": CANARY}]}},
    ),
)
FILES_BETA = {"anthropic-beta": "files-api-2025-04-14"}
ANTHROPIC = Provider(
    "x-api-key",
    "{}",
    {"anthropic-version": "2023-06-01"},
    {
        "files": Kind("model_file", headers=FILES_BETA),
        # "Can only be deleted once they've finished" (…/messages/batches/delete).
        "messages/batches": Kind(
            "model_batch", work=Work("processing_status", frozenset({"ended"}), "/cancel")
        ),
    },
    Drill("files", {"files": {"file": ("canary.txt", CANARY, "text/plain")}}),
)
BATCH_ENDED = frozenset(
    f"BATCH_STATE_{state}" for state in ("SUCCEEDED", "FAILED", "CANCELLED", "EXPIRED")
)
GEMINI = Provider(
    "x-goog-api-key",
    "{}",
    {},
    {
        # 403 "… or it may not exist" (github.com/googleapis/python-genai, issue 1218).
        "files": Kind("model_file", refused_when_gone="files"),
        "cachedContents": Kind("model_cache", refused_when_gone="cachedContents"),
        # Without `force` a store with documents is refused.
        "fileSearchStores": Kind("model_search_store", delete_params={"force": "true"}),
        # Deleting doesn't stop the work (ai.google.dev/api/batch-api).
        "batches": Kind("model_batch", work=Work("metadata.state", BATCH_ENDED, ":cancel")),
    },
    Drill("fileSearchStores", {"json": {"displayName": CANARY}}),
)
