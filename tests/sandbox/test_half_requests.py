"""A client that is killed while it sends has sent nothing: a stand-in must not act on a half."""

import io

import pytest

from fluxrouter.sandbox.stripe import SECRET_KEY, StripeSandbox

pytestmark = pytest.mark.acceptance("SBX-01")


def test_half_a_request_of_a_killed_client_is_no_request() -> None:
    app = StripeSandbox()
    customer = app.add("customer", name="Ann")["id"]
    body = b"name=Bo&description=Customer"
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": f"/v1/customers/{customer}",
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "HTTP_AUTHORIZATION": f"Bearer {SECRET_KEY}",
        "HTTP_IDEMPOTENCY_KEY": "one",
    }
    statuses = []
    for sent in (body[:7], body):
        given = {**environ, "wsgi.input": io.BytesIO(sent)}
        app(given, lambda status, headers: statuses.append(status[:3]))
    assert statuses == ["400", "200"]
    changed = app.store.get("customer", customer)
    assert changed is not None
    assert changed["description"] == "Customer"
