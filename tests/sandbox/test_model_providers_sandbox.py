"""The model providers' sandbox: every rule is kept, and can be broken alone."""

import pytest

from fluxrouter.sandbox.model_providers import RULES, create_app
from fluxrouter.sandbox.transport import httpx_client
from tests.sandbox.model_providers_probes import ANTHROPIC, FILES, GEMINI, OPENAI, PROBES, call

pytestmark = pytest.mark.acceptance("SBX-01")


def test_every_rule_has_a_probe() -> None:
    assert set(PROBES) == set(RULES)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_kept_until_it_is_broken(name: str) -> None:
    for app in (create_app(), create_app(frozenset({name}))):
        assert PROBES[name](app) is app.rule(name)


@pytest.mark.parametrize(
    ("path", "headers", "answer"),
    [
        (
            "/openai/v1/responses/resp_1",
            OPENAI,
            {"id": "resp_1", "object": "response", "deleted": True},
        ),
        (
            "/openai/v1/chat/completions/chatcmpl-1",
            OPENAI,
            {"id": "chatcmpl-1", "object": "chat.completion.deleted", "deleted": True},
        ),
        ("/anthropic/v1/files/file_1", FILES, {"id": "file_1", "type": "file_deleted"}),
        (
            "/anthropic/v1/messages/batches/msgbatch_1",
            ANTHROPIC,
            {"id": "msgbatch_1", "type": "message_batch_deleted"},
        ),
        ("/gemini/v1beta/cachedContents/c1", GEMINI, {}),
    ],
)
def test_a_deletion_answers_as_the_provider_documents(
    path: str, headers: dict[str, str], answer: dict[str, object]
) -> None:
    app = create_app()
    provider, _, rest = path[1:].split("/", 2)
    kind, _, identifier = rest.rpartition("/")
    app.objects[provider, kind, identifier] = {}
    assert call(app, "DELETE", path, headers).json() == answer
    assert call(app, "DELETE", path, headers).status_code in (403, 404)


@pytest.mark.parametrize(
    ("path", "headers", "where", "name"),
    [
        ("/openai/v1/files/f", OPENAI, "type", "server_error"),
        ("/anthropic/v1/messages/batches/b", ANTHROPIC, "type", "api_error"),
        ("/gemini/v1beta/batches/b", GEMINI, "status", "UNAVAILABLE"),
    ],
)
def test_a_fault_has_the_envelope_of_its_provider(
    path: str, headers: dict[str, str], where: str, name: str
) -> None:
    app = create_app()
    app.faults.add("unavailable")
    assert call(app, "GET", path, headers).json()["error"][where] == name
    app.faults.add("rate_limited")
    limited = call(app, "GET", path, headers)
    assert (limited.status_code, limited.headers["retry-after"]) == (429, "1")


def test_objects_come_over_the_control_endpoint_and_go_with_a_reset() -> None:
    app = create_app()
    http = httpx_client(app)
    stored = http.post("/_sandbox/seed", json=[{"provider": "openai", "kind": "files"}]).json()
    assert list(http.get("/_sandbox/dump").json()["objects"]) == [
        f"openai/files/{stored['stored'][0]}"
    ]
    http.post("/_sandbox/reset")
    assert http.get("/_sandbox/dump").json()["objects"] == {}


def test_a_rule_that_is_not_there_cannot_be_broken() -> None:
    with pytest.raises(ValueError, match="no such rules"):
        create_app(frozenset({"nothing"}))
