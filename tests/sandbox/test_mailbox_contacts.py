"""The mailbox's other side: contacts, suppressions, the log of sent mail."""

import httpx
import pytest

from fluxrouter.sandbox.mailbox import Mailbox, create_app
from fluxrouter.sandbox.transport import httpx_client

KEY = {"authorization": "Bearer re_sandbox"}
ANN = "ann@example.org"
MAIL = {"from": "a@example.com", "to": [ANN], "subject": "Hello", "text": "Text"}


@pytest.fixture
def mailbox() -> Mailbox:
    return create_app()


@pytest.fixture
def http(mailbox: Mailbox) -> httpx.Client:
    return httpx_client(mailbox, headers=KEY)


def test_a_contact_lives_by_its_id_and_by_its_address(http: httpx.Client) -> None:
    made = http.post("/contacts", json={"email": ANN, "first_name": "Ann"})
    assert made.status_code == 201
    identifier = made.json()["id"]
    for name in (identifier, ANN):
        assert http.get(f"/contacts/{name}").json()["first_name"] == "Ann"
    http.patch(f"/contacts/{ANN}", json={"unsubscribed": True, "id": "another"})
    shown = http.get(f"/contacts/{identifier}").json()
    assert (shown["id"], shown["unsubscribed"]) == (identifier, True)
    assert http.delete(f"/contacts/{identifier}").json()["deleted"] is True
    assert http.get(f"/contacts/{ANN}").status_code == 404
    assert http.delete(f"/contacts/{identifier}").json()["name"] == "not_found"


def test_an_address_has_one_contact(http: httpx.Client) -> None:
    first = http.post("/contacts", json={"email": ANN, "first_name": "Ann"}).json()
    assert http.post("/contacts", json={"email": ANN, "first_name": "Other"}).json() == first
    assert http.get(f"/contacts/{ANN}").json()["first_name"] == "Ann"
    http.post("/contacts", json={"email": "bea@example.org"})
    assert http.patch("/contacts/bea@example.org", json={"email": ANN}).status_code == 409
    assert http.post("/contacts", json={}).json()["name"] == "missing_required_field"


def test_lists_come_in_pages_the_newest_first(http: httpx.Client) -> None:
    for number in range(5):
        http.post("/contacts", json={"email": f"{number}@example.org"})
    assert len(http.get("/contacts").json()["data"]) == 5
    first = http.get("/contacts", params={"limit": 2}).json()
    assert [each["email"][0] for each in first["data"]] == ["4", "3"]
    assert first["has_more"] is True
    query = {"limit": 100, "after": first["data"][-1]["id"]}
    rest = http.get("/contacts", params=query).json()
    assert [each["email"][0] for each in rest["data"]] == ["2", "1", "0"]
    assert rest["has_more"] is False


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"limit": "x"}, {"after": "x"}])
def test_a_page_that_can_not_be_is_refused(
    http: httpx.Client, query: dict[str, str | int]
) -> None:
    http.post("/contacts", json={"email": ANN})
    assert http.get("/contacts", params=query).status_code == 422


def test_segments_and_topics_hang_on_a_contact(mailbox: Mailbox, http: httpx.Client) -> None:
    readers = mailbox.add_segment("Readers")
    http.post("/contacts", json={"email": ANN, "segments": [readers]})
    mailbox.add_contact(email="bea@example.org", topics={"news": "opt_out"})
    [segment] = http.get(f"/contacts/{ANN}/segments").json()["data"]
    assert (segment["id"], segment["name"]) == (readers, "Readers")
    [topic] = http.get("/contacts/bea@example.org/topics").json()["data"]
    assert (topic["name"], topic["subscription"]) == ("news", "opt_out")


def test_suppressions_hold_the_address_in_clear(mailbox: Mailbox, http: httpx.Client) -> None:
    made = http.post("/suppressions", json={"email": ANN})
    assert made.status_code == 201
    mailbox.add_suppression("bea@example.org", "bounce")
    shown = http.get(f"/suppressions/{ANN}").json()
    assert (shown["email"], shown["origin"]) == (ANN, "manual")
    assert http.get(f"/suppressions/{made.json()['id']}").json() == shown
    origins = [each["origin"] for each in http.get("/suppressions").json()["data"]]
    assert origins == ["bounce", "manual"]
    assert http.get("/suppressions/cleo@example.org").status_code == 404
    assert http.post("/suppressions", json={}).status_code == 422


def test_sent_mail_is_listed_without_its_text_and_can_not_be_deleted(http: httpx.Client) -> None:
    mail_id = http.post("/emails", json=MAIL).json()["id"]
    [mail] = http.get("/emails").json()["data"]
    assert (mail["id"], mail["to"], mail["subject"]) == (mail_id, [ANN], "Hello")
    assert not {"text", "html"} & mail.keys()
    assert http.delete(f"/emails/{mail_id}").status_code == 404
    assert http.get(f"/emails/{mail_id}").status_code == 200


def test_a_sending_key_sends_and_reads_nothing(mailbox: Mailbox) -> None:
    http = httpx_client(mailbox, headers={"authorization": "Bearer re_sending_1"})
    mail_id = http.post("/emails", json=MAIL).json()["id"]
    for path in (
        "/contacts",
        f"/contacts/{ANN}",
        "/emails",
        f"/emails/{mail_id}",
        "/suppressions",
    ):
        answer = http.get(path)
        assert (answer.status_code, answer.json()["name"]) == (401, "restricted_api_key")
    mailbox.broken = frozenset({"sending_key_only_sends"})
    assert http.get("/contacts").status_code == 200


def test_contacts_can_be_seeded_and_are_part_of_the_state(mailbox: Mailbox) -> None:
    http = httpx_client(mailbox)
    [stored] = http.post("/_sandbox/seed", json=[{"email": ANN}]).json()["stored"]
    assert [each["id"] for each in http.get("/_sandbox/dump").json()["contacts"]] == [stored]
    http.post("/_sandbox/reset")
    assert http.get("/_sandbox/dump").json() == {
        "messages": [],
        "contacts": [],
        "suppressions": [],
    }
