"""The mailbox's answers and the connector's requests against Resend's own specification.

Set VENDOR_SPECS to a folder with resend_openapi.yaml (github.com/resend/resend-openapi:
resend.yaml at fd6f395).
"""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from fluxrouter.sandbox.mailbox import Mailbox, create_app
from fluxrouter.sandbox.transport import LossyTransport
from privacy.connectors.base import Subject
from privacy.connectors.resend import Resend, ResendConnector
from privacy.connectors.rest import Api
from privacy.connectors.testing import Life
from tests.sandbox.test_auth_shapes import Spec
from tests.sandbox.test_auth_shapes import pytestmark as needs_specs

pytestmark = [pytest.mark.django_db, pytest.mark.acceptance("SBX-05", "PROC-50"), needs_specs]
ANN = "ann@example.org"
# The specification says nothing of refusals (resend.com/docs/api-reference/errors).
REFUSAL = {
    "type": "object",
    "required": ["statusCode", "name", "message"],
    "properties": {
        "statusCode": {"type": "integer"},
        "name": {"type": "string"},
        "message": {"type": "string"},
    },
}


class Recording(LossyTransport):
    """Keeps every answer with its request."""

    def __init__(self, app: Mailbox) -> None:
        super().__init__(app)
        self.answers: list[httpx.Response] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        response.request = request
        response.read()
        self.answers.append(response)
        return response


@pytest.fixture
def spec() -> Spec:
    spec = Spec("resend_openapi.yaml")
    # Every list has it (resend.com/docs/api-reference/pagination); this schema forgot it.
    contacts = spec.components["schemas"]["ListContactsResponseSuccess"]
    contacts["properties"]["has_more"] = {"type": "boolean"}
    shared = spec.document["components"]["parameters"]
    for path in spec.document["paths"].values():
        for operation in path.values():
            operation["parameters"] = [
                shared[each["$ref"].rpartition("/")[2]] if "$ref" in each else each
                for each in operation.get("parameters", [])
            ]
    return spec


def checked(spec: Spec, answers: list[httpx.Response]) -> Iterator[str]:
    for answer in answers:
        if answer.is_success:
            yield spec.check_call(answer)
        else:
            spec.check(REFUSAL, answer.json())
            yield str(answer.status_code)


def test_the_connector_and_the_mailbox_keep_to_the_resend_specification(spec: Spec) -> None:
    mailbox = create_app()
    recording = Recording(mailbox)
    connector = ResendConnector(
        Resend(Api("http://sandbox.invalid", "re_sandbox", recording)), drill=True
    )
    subject = Subject(uuid4(), ANN, {})
    connector.plant(subject)
    [contact] = mailbox.contacts.values()
    contact |= {"segments": [mailbox.add_segment("Readers")], "topics": {"news": "opt_in"}}
    contact["unsubscribed"] = False
    mailbox.add_suppression(ANN)
    mail = {"from": "a@example.com", "to": [ANN], "subject": "Hello", "text": "Text"}
    httpx.Client(transport=recording, headers={"authorization": "Bearer re_sandbox"}).post(
        "http://sandbox.invalid/emails", json=mail
    )
    life = Life(connector, subject)
    life.look()
    life.export()
    life.freeze()
    life.lift()
    life.correct({"email": "ann.ray@example.org", "full_name": "Ann Ray"})
    life.erase(without="prepare")
    life.erase(without="prepare")
    life.verify()
    seen = set(checked(spec, recording.answers))
    assert seen == {
        "POST /contacts 201",
        "POST /emails 200",
        "GET /contacts 200",
        "GET /contacts/{id} 200",
        "PATCH /contacts/{id} 200",
        "DELETE /contacts/{id} 200",
        "GET /contacts/{contact_id}/segments 200",
        "GET /contacts/{contact_id}/topics 200",
        "GET /suppressions/{suppression} 200",
        "GET /emails 200",
        "404",
    }


def test_what_only_tests_ask_for_keeps_to_it_as_well(spec: Spec) -> None:
    recording = Recording(create_app())
    http = httpx.Client(
        transport=recording,
        base_url="http://sandbox.invalid",
        headers={"authorization": "Bearer re_sandbox"},
    )
    http.post("/suppressions", json={"email": ANN})
    http.get("/suppressions?limit=10")
    assert set(checked(spec, recording.answers)) == {
        "POST /suppressions 201",
        "GET /suppressions 200",
    }
