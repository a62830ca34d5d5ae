"""The mailbox: Resend's door at the front, a person's inbox at the back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from fluxrouter.sandbox.mailbox import Mailbox, create_app
from fluxrouter.sandbox.transport import httpx_client

MAIL = {
    "from": "FluxRouter <privacy@example.com>",
    "to": ["Ann <ann@example.org>"],
    "subject": "Your request <1>",
    "text": "Follow it at https://example.com/r/abc?x=1&y=2.",
}
KEY = {"authorization": "Bearer re_sandbox"}


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2027, 3, 14, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def mailbox(clock: Clock) -> Mailbox:
    return create_app(clock=clock)


@pytest.fixture
def http(mailbox: Mailbox) -> httpx.Client:
    return httpx_client(mailbox, headers=KEY)


def test_a_mail_is_taken_and_can_be_read_back(http: httpx.Client) -> None:
    mail_id = http.post("/emails", json=MAIL).json()["id"]
    mail = http.get(f"/emails/{mail_id}").json()
    assert (mail["to"], mail["subject"]) == (MAIL["to"], MAIL["subject"])
    assert mail["created_at"] == "2027-03-14 09:30:00.000000+00"
    assert http.get("/emails/unknown").json()["name"] == "not_found"


@pytest.mark.parametrize(
    ("change", "status", "name"),
    [
        ({"from": ""}, 422, "missing_required_field"),
        ({"to": []}, 422, "missing_required_field"),
        ({"subject": None}, 422, "missing_required_field"),
        ({"text": ""}, 422, "missing_required_field"),
        ({"to": ["nobody"]}, 422, "validation_error"),
        ({"to": ["a@example.org"] * 51}, 422, "validation_error"),
    ],
)
def test_a_faulty_mail_is_refused(
    http: httpx.Client, mailbox: Mailbox, change: dict[str, Any], status: int, name: str
) -> None:
    answer = http.post("/emails", json=MAIL | change)
    assert (answer.status_code, answer.json()["name"]) == (status, name)
    assert not mailbox.messages


@pytest.mark.parametrize(
    ("headers", "status", "name"),
    [
        ({}, 401, "missing_api_key"),
        ({"authorization": "Bearer sk_live"}, 403, "invalid_api_key"),
        (KEY | {"idempotency-key": "k" * 257}, 400, "invalid_idempotency_key"),
    ],
)
def test_the_headers_are_checked(
    mailbox: Mailbox, headers: dict[str, str], status: int, name: str
) -> None:
    answer = httpx_client(mailbox).post("/emails", json=MAIL, headers=headers)
    assert (answer.status_code, answer.json()["name"]) == (status, name)


def test_one_key_sends_one_mail_for_a_day(
    http: httpx.Client, mailbox: Mailbox, clock: Clock
) -> None:
    key = {"idempotency-key": "outbox-1"}
    first = http.post("/emails", json=MAIL, headers=key).json()
    assert http.post("/emails", json=MAIL, headers=key).json() == first
    other = http.post("/emails", json=MAIL | {"subject": "Other"}, headers=key)
    assert (other.status_code, other.json()["name"]) == (409, "invalid_idempotent_request")
    assert len(mailbox.messages) == 1
    clock.now += timedelta(hours=24)
    assert http.post("/emails", json=MAIL, headers=key).json() != first


@pytest.mark.parametrize(
    ("rule", "kept", "broken"),
    [
        ("key_is_checked", (403, 409, 1), (200, 409, 2)),
        ("idempotency_same_mail_once", (403, 409, 1), (403, 200, 2)),
        ("idempotency_other_payload_conflicts", (403, 409, 1), (403, 200, 1)),
    ],
)
def test_a_rule_holds_until_it_is_broken(
    rule: str, kept: tuple[int, ...], broken: tuple[int, ...]
) -> None:
    seen = []
    for rules in (frozenset[str](), frozenset({rule})):
        mailbox = create_app(broken=rules)
        http = httpx_client(mailbox, headers=KEY | {"idempotency-key": "k"})
        http.post("/emails", json=MAIL)
        conflict = http.post("/emails", json=MAIL | {"subject": "Other"}).status_code
        wrong = {"authorization": "Bearer sk_live", "idempotency-key": "other"}
        refused = http.post("/emails", json=MAIL, headers=wrong).status_code
        seen.append((refused, conflict, len(mailbox.messages)))
    assert seen == [kept, broken]


def test_tests_read_the_mails_of_one_person(http: httpx.Client) -> None:
    http.post("/emails", json=MAIL)
    http.post("/emails", json=MAIL | {"to": "bea@example.org", "text": "", "html": "<p>Hi</p>"})
    [mail] = http.get("/api/messages", params={"to": "ANN@example.org"}).json()["messages"]
    assert mail["links"] == ["https://example.com/r/abc?x=1&y=2"]
    [newest, _] = http.get("/api/messages").json()["messages"]
    assert newest["body"] == "Hi"
    assert http.delete("/api/messages").json() == {"deleted": 2}
    assert http.get("/api/messages").json() == {"messages": []}


def test_a_person_reads_the_inbox_in_a_browser(http: httpx.Client) -> None:
    assert "No mail yet" in http.get("/").text
    mail_id = http.post("/emails", json=MAIL).json()["id"]
    inbox = http.get("/")
    assert inbox.headers["content-type"] == "text/html; charset=utf-8"
    assert f'<a href="/messages/{mail_id}">Your request &lt;1&gt;</a>' in inbox.text
    assert "14 March 2027" in inbox.text
    page = http.get(f"/messages/{mail_id}").text
    link = "https://example.com/r/abc?x=1&amp;y=2"
    assert f'<a href="{link}">{link}</a>.' in page
    assert http.get("/messages/unknown").status_code == 404
    assert http.get("/style.css").headers["content-type"].startswith("text/css")


def test_html_in_a_mail_is_shown_as_words(http: httpx.Client) -> None:
    html = '<style>p{}</style><p>Go <a href="https://example.com/x">there</a><script>1</script>'
    mail_id = http.post("/emails", json=MAIL | {"text": "", "html": html}).json()["id"]
    page = http.get(f"/messages/{mail_id}").text
    assert 'Go <a href="https://example.com/x">https://example.com/x</a> there' in page
    assert "<script" not in page
    assert "p{}" not in page
