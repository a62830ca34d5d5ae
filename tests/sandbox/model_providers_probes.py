"""A look at each rule of the model providers' sandbox: True when it is kept."""

from collections.abc import Callable
from typing import Any

import httpx

from fluxrouter.sandbox.model_providers import KEYS, ModelProviders
from fluxrouter.sandbox.transport import httpx_client

OPENAI = {"authorization": f"Bearer {KEYS['openai']}"}
ANTHROPIC = {"x-api-key": KEYS["anthropic"], "anthropic-version": "2023-06-01"}
FILES = {**ANTHROPIC, "anthropic-beta": "files-api-2025-04-14"}
GEMINI = {"x-goog-api-key": KEYS["gemini"]}


def call(
    app: ModelProviders, method: str, path: str, headers: dict[str, str], **options: Any
) -> httpx.Response:
    with httpx_client(app) as client:
        return client.request(method, path, headers=headers, **options)


def openai_key_is_checked(app: ModelProviders) -> bool:
    where = f"/openai/v1/files/{app.add('openai', 'files')}"
    answer = call(app, "GET", where, {"authorization": "Bearer sk-other"})
    return answer.status_code == 401 and answer.json()["error"]["code"] == "invalid_api_key"


def anthropic_key_is_checked(app: ModelProviders) -> bool:
    where = f"/anthropic/v1/files/{app.add('anthropic', 'files')}"
    answer = call(app, "GET", where, {**FILES, "x-api-key": "sk-other"})
    kind = answer.json().get("error", {}).get("type")
    return (answer.status_code, kind) == (401, "authentication_error")


def anthropic_version_is_needed(app: ModelProviders) -> bool:
    where = f"/anthropic/v1/messages/batches/{app.add('anthropic', 'messages/batches')}"
    return call(app, "GET", where, {"x-api-key": KEYS["anthropic"]}).status_code == 400


def anthropic_files_are_beta(app: ModelProviders) -> bool:
    where = f"/anthropic/v1/files/{app.add('anthropic', 'files')}"
    assert call(app, "GET", where, FILES).status_code == 200
    return call(app, "GET", where, ANTHROPIC).status_code == 404


def gemini_key_is_checked(app: ModelProviders) -> bool:
    where = f"/gemini/v1beta/files/{app.add('gemini', 'files')}"
    answer = call(app, "GET", where, {"x-goog-api-key": "AIza-other"})
    return answer.status_code == 400 and "API_KEY_INVALID" in answer.text


def deleted_is_gone(app: ModelProviders) -> bool:
    where = f"/openai/v1/files/{app.add('openai', 'files')}"
    assert call(app, "DELETE", where, OPENAI).json()["deleted"] is True
    return call(app, "GET", where, OPENAI).status_code == 404


def second_delete_is_missing(app: ModelProviders) -> bool:
    return call(app, "DELETE", "/openai/v1/files/file-none", OPENAI).status_code == 404


def lists_have_pages(app: ModelProviders) -> bool:
    conversation = app.add("openai", "conversations", parts=[{}] * 3)
    where = f"/openai/v1/conversations/{conversation}/items"
    first = call(app, "GET", where, OPENAI, params={"limit": 2}).json()
    rest = call(app, "GET", where, OPENAI, params={"limit": 2, "after": first["last_id"]}).json()
    return first["has_more"] is True and len(first["data"]) == 2 and len(rest["data"]) == 1


def items_outlive_their_conversation(app: ModelProviders) -> bool:
    conversation = app.add("openai", "conversations", parts=[{}])
    call(app, "DELETE", f"/openai/v1/conversations/{conversation}", OPENAI)
    return bool(app.left)


def video_must_have_ended(app: ModelProviders) -> bool:
    where = f"/openai/v1/videos/{app.add('openai', 'videos', working=True)}"
    return call(app, "DELETE", where, OPENAI).status_code == 400


def batch_must_have_ended(app: ModelProviders) -> bool:
    batch = app.add("anthropic", "messages/batches", working=True)
    where = f"/anthropic/v1/messages/batches/{batch}"
    return call(app, "DELETE", where, ANTHROPIC).status_code == 400


def cancelling_takes_time(app: ModelProviders) -> bool:
    batch = app.add("anthropic", "messages/batches", working=True)
    where = f"/anthropic/v1/messages/batches/{batch}"
    call(app, "POST", f"{where}/cancel", ANTHROPIC)
    states = [call(app, "GET", where, ANTHROPIC).json()["processing_status"] for _ in range(3)]
    assert states[-1] == "ended"
    return states[0] == "canceling"


def missing_file_is_refused(app: ModelProviders) -> bool:
    answer = call(app, "GET", "/gemini/v1beta/files/none", GEMINI)
    return answer.json()["error"]["status"] == "PERMISSION_DENIED"


def full_store_needs_force(app: ModelProviders) -> bool:
    store = app.add("gemini", "fileSearchStores", activeDocumentsCount="2")
    where = f"/gemini/v1beta/fileSearchStores/{store}"
    refused = call(app, "DELETE", where, GEMINI)
    call(app, "DELETE", where, GEMINI, params={"force": "true"})
    assert not app.objects
    return refused.status_code == 400


def deleting_a_batch_does_not_stop_it(app: ModelProviders) -> bool:
    batch = app.add("gemini", "batches", working=True)
    assert call(app, "DELETE", f"/gemini/v1beta/batches/{batch}", GEMINI).json() == {}
    return bool(app.left)


PROBES: dict[str, Callable[[ModelProviders], bool]] = {
    probe.__name__: probe
    for probe in (
        openai_key_is_checked,
        anthropic_key_is_checked,
        anthropic_version_is_needed,
        anthropic_files_are_beta,
        gemini_key_is_checked,
        deleted_is_gone,
        second_delete_is_missing,
        lists_have_pages,
        items_outlive_their_conversation,
        video_must_have_ended,
        batch_must_have_ended,
        cancelling_takes_time,
        missing_file_is_refused,
        full_store_needs_force,
        deleting_a_batch_does_not_stop_it,
    )
}
