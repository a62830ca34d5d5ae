"""The promises as data."""

import pytest
from django.test import Client

from privacy.claims import CLAIMS, POLICY_SHA256

pytestmark = pytest.mark.django_db


@pytest.mark.acceptance("MAIN-04")
def test_an_auditors_tool_reads_every_promise_with_its_state(client: Client) -> None:
    answer = client.get("/api/v1/promises/").json()
    assert answer["policy"]["sha256"] == POLICY_SHA256
    assert [each["id"] for each in answer["promises"]] == [claim.id for claim in CLAIMS]
    assert {each["state"] for each in answer["promises"]} <= {"kept", "open"}


def test_nothing_can_be_posted_there(client: Client) -> None:
    assert client.post("/api/v1/promises/", {"id": "x"}).status_code == 405
