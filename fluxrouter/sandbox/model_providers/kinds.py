"""The kinds of objects: where they live, how they look, what a deletion answers."""

from collections.abc import Mapping
from typing import Any, NamedTuple

Json = dict[str, Any]
AT = 1_741_900_000  # seconds, as OpenAI writes times
TIME = "2027-03-14T09:30:00Z"
LOOKS = 2  # so often a cancelled batch, or a video, is seen before it has ended


class Kind(NamedTuple):
    """`shape` is what a new object has beside its id; `deleted` is what a deletion answers
    beside it. `parts` is the name of the list inside; `ended` says what state ends its work.
    """

    prefix: str
    shape: Mapping[str, Any]
    deleted: Mapping[str, Any] = {}
    parts: str = ""
    ended: Mapping[str, Any] = {}


def openai(prefix: str, object_type: str, deleted: str, **more: Any) -> Kind:
    options = {key: more.pop(key) for key in ("parts", "ended") if key in more}
    shape = {"object": object_type, "created_at": AT, **more}
    return Kind(prefix, shape, {"object": deleted, "deleted": True}, **options)


def batch(state: str) -> Json:
    return {"metadata": {"state": f"BATCH_STATE_{state}"}}


KINDS: dict[str, dict[str, Kind]] = {
    "openai": {
        "responses": openai(
            "resp_",
            "response",
            "response",
            parts="input_items",
            status="completed",
            model="gpt-5",
            output=[],
        ),
        "chat/completions": openai(
            "chatcmpl-",
            "chat.completion",
            "chat.completion.deleted",
            parts="messages",
            model="gpt-5",
            choices=[],
        ),
        "conversations": openai(
            "conv_", "conversation", "conversation.deleted", parts="items", metadata={}
        ),
        "files": openai("file-", "file", "file", filename="notes.txt", bytes=5, purpose="batch"),
        "vector_stores": openai(
            "vs_", "vector_store", "vector_store.deleted", name="Notes", status="completed"
        ),
        "containers": openai(
            "cntr_", "container", "container.deleted", name="Notes", status="running"
        ),
        "videos": openai(
            "video_", "video", "video.deleted", status="completed", ended={"status": "completed"}
        ),
    },
    "anthropic": {
        "files": Kind(
            "file_",
            {"type": "file", "filename": "notes.txt", "size_bytes": 5, "created_at": TIME},
            {"type": "file_deleted"},
        ),
        "messages/batches": Kind(
            "msgbatch_",
            {"type": "message_batch", "processing_status": "ended", "created_at": TIME},
            {"type": "message_batch_deleted"},
            ended={"processing_status": "ended"},
        ),
    },
    "gemini": {
        "files": Kind("", {"displayName": "notes.txt", "state": "ACTIVE", "createTime": TIME}),
        "cachedContents": Kind("", {"displayName": "Notes", "createTime": TIME}),
        "fileSearchStores": Kind("", {"displayName": "Notes", "activeDocumentsCount": "0"}),
        "batches": Kind("", {**batch("SUCCEEDED"), "done": True}, ended=batch("CANCELLED")),
    },
}
WORKING: dict[tuple[str, str], Json] = {
    ("openai", "videos"): {"status": "in_progress"},
    ("anthropic", "messages/batches"): {"processing_status": "in_progress"},
    ("gemini", "batches"): {**batch("RUNNING"), "done": False},
}
