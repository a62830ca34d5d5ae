"""The sandboxed Chatbase: what it shows, what it deletes, what it refuses."""

from typing import Any

import httpx
import pytest

from fluxrouter.sandbox.chatbase import AGENT, ChatbaseSandbox, create_app
from fluxrouter.sandbox.transport import httpx_client

KEY = {"authorization": "Bearer a-key"}
V2 = f"/api/v2/agents/{AGENT}"
V1 = f"/api/v1/chatbots/{AGENT}"
LEADS = "/api/v1/get-leads"


@pytest.fixture
def app() -> ChatbaseSandbox:
    return create_app(api_key="a-key", clock=lambda: 1_800_000_000)


@pytest.fixture
def http(app: ChatbaseSandbox) -> httpx.Client:
    return httpx_client(app, headers=KEY)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_the_export_has_every_source_and_a_users_list_only_the_interfaces(
    app: ChatbaseSandbox, http: httpx.Client
) -> None:
    app.add("conversation", userId="u1", source="API")
    app.add("conversation", userId="u1")
    app.add("conversation", userId="u2", source="API")
    exported = http.get(f"{V2}/conversations/export").json()
    assert [each["userId"] for each in exported["data"]] == ["u2", "u1", "u1"]
    assert exported["data"][0]["messages"][0]["parts"][0]["text"] == "Hello"
    listed = http.get(f"{V2}/users/u1/conversations").json()
    assert listed["pagination"] == {"cursor": None, "hasMore": False, "total": 1}
    assert not {"messages", "source"} & listed["data"][0].keys()


def test_a_cursor_leads_through_all_pages(app: ChatbaseSandbox, http: httpx.Client) -> None:
    for _ in range(45):
        app.add("conversation")
    seen: list[str] = []
    query: dict[str, Any] = {}
    while True:
        page = http.get(f"{V2}/conversations/export", params=query).json()
        seen += [each["id"] for each in page["data"]]
        if not page["pagination"]["hasMore"]:
            break
        query["cursor"] = page["pagination"]["cursor"]
    assert len(seen) == len(set(seen)) == 45
    for bad in ({"limit": 21}, {"limit": 0}, {"cursor": "x"}):
        answer = http.get(f"{V2}/conversations/export", params=bad)
        assert code(answer) == (400, "VALIDATION_INVALID_BODY")


@pytest.mark.parametrize(("answer", "status"), [(404, 404), (409, 409), (200, 200)])
def test_deleting_reaches_only_what_the_interface_made(
    app: ChatbaseSandbox, http: httpx.Client, answer: int, status: int
) -> None:
    app.widget_delete = answer
    made, widget = (app.add("conversation", source=each)["id"] for each in ("API", "WhatsApp"))
    assert http.delete(f"{V2}/conversations/{made}").status_code == 200
    assert code(http.delete(f"{V2}/conversations/{made}"))[0] == 404
    assert http.delete(f"{V2}/conversations/{widget}").status_code == status
    left = http.get(f"{V2}/conversations/export").json()["data"]
    assert [each["id"] for each in left] == [widget]


def test_contacts_come_in_numbered_pages(app: ChatbaseSandbox, http: httpx.Client) -> None:
    assert http.get(f"{V1}/contacts").json()["pages"]["total_pages"] == 0
    for number in range(25):
        app.add("contact", external_id=f"u{number}")
    page = http.get(f"{V1}/contacts", params={"per_page": 10, "page": 3}).json()
    assert len(page["data"]) == 5
    assert page["total"] == 25
    assert page["pages"] == {"page": 3, "per_page": 10, "total_pages": 3}
    for bad in ({"per_page": 9}, {"per_page": 1001}, {"per_page": 10, "page": 4}):
        assert http.get(f"{V1}/contacts", params=bad).status_code == 400


def test_a_contact_is_deleted_by_the_id_that_is_set(
    app: ChatbaseSandbox, http: httpx.Client
) -> None:
    contact = app.add("contact", external_id="u1")
    assert http.delete(f"{V1}/contacts/{contact['id']}").json() == {"message": "Contact not found"}
    assert http.delete(f"{V1}/contacts/u1").json()["data"]["external_id"] == "u1"
    app.add("contact", external_id="u1")
    app.contact_deleted = 204
    answer = http.delete(f"{V1}/contacts/u1")
    assert (answer.status_code, answer.content) == (204, b"")


def test_leads_are_only_listed(app: ChatbaseSandbox, http: httpx.Client) -> None:
    for number in range(12):
        app.add("lead", email=f"{number}@example.org")
    query: dict[str, str | int] = {"chatbotId": AGENT, "page": 2, "size": 10}
    page = http.get(LEADS, params=query).json()["collectedCustomers"]
    assert [each["email"] for each in page] == ["1@example.org", "0@example.org"]
    assert http.delete(f"{LEADS}/{page[0]['id']}").status_code == 404
    assert http.get(LEADS, params=query | {"page": 3}).json() == {"collectedCustomers": []}


def test_only_our_key_and_our_agents_are_answered(app: ChatbaseSandbox) -> None:
    bare, wrong = httpx_client(app), httpx_client(app, headers={"authorization": "Bearer b"})
    assert code(bare.get(f"{V1}/contacts")) == (401, "AUTH_MISSING_API_KEY")
    assert code(wrong.get(f"{V2}/conversations/export")) == (401, "AUTH_INVALID_API_KEY")
    http = httpx_client(app, headers=KEY)
    assert code(http.get("/api/v2/agents/x/conversations/export")) == (404, "RESOURCE_NOT_FOUND")
    assert http.get("/api/v1/chatbots/x/contacts").json() == {"message": "Chatbot not found"}
    assert http.get(LEADS, params={"chatbotId": "x"}).status_code == 404


def test_faults_speak_chatbases_language(app: ChatbaseSandbox, http: httpx.Client) -> None:
    answers = []
    for kind in ("rate_limited", "unavailable", "server_error"):
        app.faults.add(kind)
        answers.append(code(http.get(f"{V2}/conversations/export")))
    assert answers == [
        (429, "RATE_LIMIT_TOO_MANY_REQUESTS"),
        (503, "SERVICE_UNDER_MAINTENANCE"),
        (500, "INTERNAL_SERVER_ERROR"),
    ]


def test_it_can_be_seeded_and_reset_over_http(app: ChatbaseSandbox) -> None:
    http = httpx_client(app)
    objects = [
        {"object": "conversation", "said": "Hello", "userId": "u1"},
        {"object": "contact", "external_id": "u1"},
        {"object": "lead", "email": "ann@example.org"},
    ]
    stored = http.post("/_sandbox/seed", json=objects).json()["stored"]
    tables = http.get("/_sandbox/dump").json()[AGENT]
    assert [table[0]["id"] for table in tables.values()] == stored
    http.post("/_sandbox/reset")
    assert not any(http.get("/_sandbox/dump").json()[AGENT].values())
