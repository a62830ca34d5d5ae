"""The kit below every sandbox: messages, routes, the lock, the log, the control endpoint."""

import threading
from typing import Any

import httpx
import pytest

from fluxrouter.sandbox.forms import nested
from fluxrouter.sandbox.kit import App, RefusedError, Request, Response, Router
from fluxrouter.sandbox.transport import httpx_client, requests_session


class Notes(App):
    """A small app to try the kit on."""

    router = Router()

    def __init__(self) -> None:
        super().__init__()
        self.notes: dict[str, Any] = {}
        self.gate = threading.Event()

    def seed(self, objects: Any) -> list[str]:
        self.notes.update({one["id"]: one for one in objects})
        return [one["id"] for one in objects]

    def reset(self) -> None:
        super().reset()
        self.notes.clear()

    def dump(self) -> dict[str, Any]:
        return self.notes


@Notes.router.route("GET", "/notes/<note>")
def read(app: Notes, request: Request, note: str) -> Response:
    if note not in app.notes:
        raise RefusedError(Response(404, {"error": "no note"}))
    return Response(200, app.notes[note])


@Notes.router.route("PUT", "/files/<path:name>")
def write(app: Notes, request: Request, name: str) -> Response:
    app.notes[name] = {"size": len(request.body), "type": request.headers["content-type"]}
    return Response(201, b"stored", {"ETag": '"1"'})


@Notes.router.route("GET", "/wait", locked=False)
def wait(app: Notes, request: Request) -> Response:
    return Response(200, {"open": app.gate.wait(5)})


@Notes.router.route("POST", "/open")
def open_(app: Notes, request: Request) -> Response:
    app.gate.set()
    return Response(204)


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def client(notes: Notes) -> httpx.Client:
    return httpx_client(notes)


def test_brackets_become_dictionaries_and_lists() -> None:
    pairs = [("a[b][c]", "1"), ("expand[0]", "x"), ("expand[1]", "y"), ("tags[]", "t"), ("m", "")]
    assert nested(pairs) == {"a": {"b": {"c": "1"}}, "expand": ["x", "y"], "tags": ["t"], "m": ""}


def test_a_text_that_turns_out_to_have_parts_is_replaced() -> None:
    assert nested([("a", ""), ("a[b]", "1")]) == {"a": {"b": "1"}}


def test_a_path_is_decoded_and_a_long_slot_holds_slashes(client: httpx.Client) -> None:
    headers = {"content-type": "image/png"}
    answer = client.put("/files/a/b%20ü.png", content=b"1234", headers=headers)
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (201, b"stored", '"1"')
    assert client.get("/notes/a/b").status_code == 404
    dump = client.get("/_sandbox/dump").json()
    assert dump == {"a/b ü.png": {"size": 4, "type": "image/png"}}


def test_a_refusal_is_the_answer(client: httpx.Client) -> None:
    assert client.get("/notes/none").json() == {"error": "no note"}


def test_an_unknown_path_is_404(client: httpx.Client) -> None:
    assert client.get("/nothing").json() == {"error": "unknown_route"}


def test_the_log_has_templates_and_no_ids(client: httpx.Client) -> None:
    client.post("/_sandbox/seed", json=[{"id": "secret-id"}])
    client.get("/notes/secret-id")
    client.get("/notes/secret-id")
    calls = client.get("/_sandbox/calls").json()
    assert calls["counts"] == {"GET /notes/<note> 200": 2}
    assert calls["log"] == [["GET", "/notes/<note>", 200]] * 2
    assert calls["total"] == 2


def test_a_reset_forgets_state_log_and_faults(client: httpx.Client, notes: Notes) -> None:
    client.post("/_sandbox/seed", json=[{"id": "1"}])
    client.post("/_sandbox/faults", json=[{"kind": "server_error"}])
    client.post("/_sandbox/reset")
    assert (notes.notes, notes.faults.pending, len(notes.log)) == ({}, [], 0)


def test_what_the_control_endpoint_can_not_read_is_400(client: httpx.Client) -> None:
    assert client.post("/_sandbox/faults", json=[{"kind": "typo"}]).status_code == 400
    assert client.post("/_sandbox/faults", content=b"{").status_code == 400
    assert client.get("/_sandbox/typo").status_code == 404


def test_a_handler_without_lock_does_not_hold_up_the_others(notes: Notes) -> None:
    answers: list[Any] = []
    waiting = threading.Thread(
        target=lambda: answers.append(httpx_client(notes).get("/wait").json())
    )
    waiting.start()
    httpx_client(notes).post("/open")
    waiting.join(timeout=5)
    assert answers == [{"open": True}]


def test_requests_and_httpx_see_the_same_app(notes: Notes) -> None:
    notes.seed([{"id": "1"}])
    url = "https://notes.example/notes/1"
    assert requests_session(notes).get(url).json() == httpx_client(notes).get(url).json()
