"""What a processor may answer over JSON, in the ledger's words."""

import httpx
import pytest

from privacy.connectors.errors import (
    ConnectorError,
    PermanentError,
    RetryError,
    UnknownOutcomeError,
)
from privacy.connectors.rest import Api, ConflictError, GoneError, segment

pytestmark = pytest.mark.acceptance("MAIN-34")
NAMED = {"statusCode": 422, "name": "validation_error", "message": "ann@example.org is taken"}
CODED = {"error": {"code": "VALIDATION_INVALID_BODY", "message": "ann@example.org is taken"}}
HTML = httpx.Response(200, html="<h1>Bad gateway</h1>")


def answered(response: httpx.Response) -> Api:
    transport = httpx.MockTransport(lambda request: response)
    return Api("http://sandbox.invalid", "a-key", transport)


@pytest.mark.parametrize(
    ("response", "kind", "code"),
    [
        (httpx.Response(400, json=NAMED), PermanentError, "validation_error"),
        (httpx.Response(400, json=CODED), PermanentError, "VALIDATION_INVALID_BODY"),
        (httpx.Response(400, json={"message": "ann@example.org"}), PermanentError, "refused"),
        (httpx.Response(400, html="<h1>No</h1>"), PermanentError, "refused"),
        (httpx.Response(401, json=NAMED), PermanentError, "no_permission"),
        (httpx.Response(402, json=CODED), PermanentError, "VALIDATION_INVALID_BODY"),
        (httpx.Response(403, json=CODED), PermanentError, "no_permission"),
        (httpx.Response(404, json=NAMED), GoneError, "not_found"),
        (httpx.Response(409, json=NAMED), ConflictError, "conflict"),
        (httpx.Response(422, json=NAMED), PermanentError, "validation_error"),
        (httpx.Response(429, json=NAMED), RetryError, "rate_limit"),
        (httpx.Response(500, json=NAMED), UnknownOutcomeError, "processor_error"),
        (httpx.Response(503, html="<h1>Away</h1>"), UnknownOutcomeError, "processor_error"),
        (
            httpx.Response(302, headers={"location": "http://x.invalid"}),
            UnknownOutcomeError,
            "no_answer",
        ),
        (HTML, UnknownOutcomeError, "no_answer"),
        (httpx.Response(200, json=["a", "list"]), UnknownOutcomeError, "no_answer"),
    ],
)
def test_each_answer_is_one_of_our_errors_without_its_text(
    response: httpx.Response, kind: type[ConnectorError], code: str
) -> None:
    with pytest.raises(ConnectorError) as failed:
        answered(response).call("GET", "contacts")
    assert type(failed.value) is kind
    assert failed.value.code == code
    assert failed.value.__cause__ is None
    assert "ann@" not in repr(failed.value)


@pytest.mark.parametrize(("header", "wait"), [("7", 7.0), ("0.5", 0.5), ("soon", 1.0), ("", 1.0)])
def test_a_refusal_for_haste_names_its_wait(header: str, wait: float) -> None:
    with pytest.raises(RetryError) as refused:
        answered(httpx.Response(429, headers={"retry-after": header})).call("GET", "contacts")
    assert refused.value.after is not None
    assert refused.value.after.total_seconds() == wait


def test_no_answer_at_all_is_an_unknown_outcome() -> None:
    def lost(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("ann@example.org", request=request)

    api = Api("http://sandbox.invalid", "a-key", httpx.MockTransport(lost))
    with pytest.raises(UnknownOutcomeError, match="no_answer") as failed:
        api.call("DELETE", "contacts/1")
    assert failed.value.__cause__ is None


def test_an_answer_without_content_is_an_empty_object() -> None:
    assert answered(httpx.Response(204)).call("DELETE", "contacts/1") == {}


def test_a_part_of_a_path_leads_nowhere_else() -> None:
    assert segment("a/../b?c#d@e") == "a%2F..%2Fb%3Fc%23d%40e"
    for strange in ("", ".", ".."):
        with pytest.raises(PermanentError, match="strange_id"):
            segment(strange)
