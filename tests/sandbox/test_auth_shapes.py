"""The stand-ins' answers, and the clients' requests, against the vendors' own specifications.

Set VENDOR_SPECS to a folder with supabase_auth_openapi.yaml (github.com/supabase/auth:
openapi.yaml at bc32168) and resend_openapi.yaml (github.com/resend/resend-openapi: resend.yaml at
fd6f395).
"""

import json
import os
import re
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from supabase import AuthApiError, Client

from fluxrouter.sandbox.mailbox import create_app as create_mailbox
from fluxrouter.sandbox.supabase.app import SupabaseSandbox
from fluxrouter.sandbox.supabase.people import Person
from fluxrouter.sandbox.transport import httpx_client

jsonschema = pytest.importorskip("jsonschema")
pytestmark = pytest.mark.skipif(
    not os.environ.get("VENDOR_SPECS"), reason="VENDOR_SPECS names no folder of specifications"
)

# Where a specification and the vendor's code differ: the code (and so the stand-in) is right.
EMPTY = {"type": "object", "maxProperties": 0}
NEWER_ERROR = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
}
ANSWERS: dict[tuple[str, str, int], Any] = {
    ("delete", "/admin/users/{userId}", 200): EMPTY,  # adminUserDelete sends `{}`
    # The schema is of the errors from before version 2024-01-01, and some statuses are missing.
    ("get", "/admin/users/{userId}", 404): NEWER_ERROR,
    ("delete", "/admin/users/{userId}", 404): NEWER_ERROR,
    ("post", "/token", 400): NEWER_ERROR,
    # The specification has no POST /admin/users at all.
    ("post", "/admin/users", 200): {"$ref": "#/components/schemas/UserSchema"},
}
REQUESTS: dict[tuple[str, str], Any] = {
    ("delete", "/admin/users/{userId}"): {
        "type": "object",
        "properties": {"should_soft_delete": {"type": "boolean"}},
    },
    ("post", "/admin/users"): {"type": "object"},
    # The client adds an empty `data` and a null captcha token.
    ("post", "/token"): {
        "type": "object",
        "properties": {
            "email": {"type": "string"},
            "password": {"type": "string"},
            "refresh_token": {"type": "string"},
            "data": EMPTY,
            "gotrue_meta_security": {"type": "object"},
        },
    },
}
PROPERTIES = {  # what the code reads or sends beyond the schema
    "UserSchema": {"ban_duration": {"type": "string"}, "password": {"type": "string"}},
}
FORMATS = jsonschema.FormatChecker()
FORMATS.checks("date-time", raises=ValueError)(
    lambda value: value is None or datetime.fromisoformat(value)
)
NULLABLE = {("UserSchema", "identities")}  # a listing doesn't load them


class Spec:
    """An OpenAPI document, made strict: an object has no property that isn't declared."""

    def __init__(self, name: str) -> None:
        text = (Path(os.environ["VENDOR_SPECS"]) / name).read_text(encoding="utf-8")
        self.document = yaml.safe_load(text)
        schemas = self.document["components"]["schemas"]
        for schema, more in PROPERTIES.items():
            if schema in schemas:
                schemas[schema]["properties"] |= more
        for schema, name_ in NULLABLE:
            if schema in schemas:
                schemas[schema]["properties"][name_]["nullable"] = True
        self.components = _strict(self.document["components"])

    def template(self, path: str) -> str:
        for template in sorted(self.document["paths"], key=lambda each: each.count("{")):
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
                return str(template)
        raise AssertionError(f"the specification has no {path}")

    def check(self, schema: Any, value: Any) -> None:
        whole = {**_strict(schema), "components": self.components}
        jsonschema.Draft202012Validator(whole, format_checker=FORMATS).validate(value)

    def answer_schema(self, method: str, template: str, status: int) -> Any:
        if override := ANSWERS.get((method, template, status)):
            return override
        answers = self.document["paths"][template][method]["responses"]
        answer = answers[next(each for each in answers if str(each) == str(status))]
        return answer["content"]["application/json"]["schema"] if "content" in answer else None

    def request_schema(self, method: str, template: str) -> Any:
        if override := REQUESTS.get((method, template)):
            return override
        body = self.document["paths"][template][method]["requestBody"]
        return body["content"]["application/json"]["schema"]

    def check_call(self, response: httpx.Response, prefix: str = "") -> str:
        request = response.request
        template = self.template(request.url.path.removeprefix(prefix))
        method = request.method.lower()
        if request.content:
            self.check(self.request_schema(method, template), json.loads(request.content))
        declared = self.document["paths"][template].get(method, {}).get("parameters", [])
        assert set(request.url.params) <= {each.get("name") for each in declared}
        schema = self.answer_schema(method, template, response.status_code)
        if schema is None:
            assert not response.content
        else:
            self.check(schema, response.json())
        return f"{request.method} {template} {response.status_code}"


def _strict(schema: Any) -> Any:
    """OpenAPI 3.0's `nullable` as JSON Schema, and every object closed."""
    if isinstance(schema, list):
        return [_strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _strict(value) for key, value in deepcopy(schema).items()}
    if closed.pop("nullable", False) is True:
        closed["type"] = [closed["type"], "null"]
    if closed.get("type") == "object" and isinstance(closed.get("properties"), dict):
        closed.setdefault("additionalProperties", False)
    return closed


@pytest.mark.acceptance("SBX-05")
def test_the_vendors_client_and_the_stand_in_keep_to_the_auth_specification(
    auth: SupabaseSandbox, client_of: Callable[..., Client], ann: Person
) -> None:
    calls: list[httpx.Response] = []
    client = client_of(auth, response=[calls.append])
    admin, user_id = client.auth.admin, str(ann.id)
    admin.list_users(page=1, per_page=50)
    admin.get_user_by_id(user_id)
    admin.create_user({"email": "bea@example.org", "password": "a password"})
    admin.update_user_by_id(user_id, {"email": "a@example.org", "user_metadata": {"a": 1}})
    client.auth.refresh_session(ann.refresh_token)
    admin.update_user_by_id(user_id, {"ban_duration": "876000h"})
    admin.mfa.list_factors({"user_id": user_id})
    admin.mfa.delete_factor({"user_id": user_id, "id": str(ann.factor_id)})
    with pytest.raises(AuthApiError):
        client.auth.sign_in_with_password({"email": "a@example.org", "password": ann.password})
    admin.delete_user(user_id)
    with pytest.raises(AuthApiError):
        admin.delete_user(user_id)
    http = httpx_client(auth, headers={"apikey": auth.secret_key})
    calls.append(http.get("/auth/v1/admin/audit?page=1"))
    spec = Spec("supabase_auth_openapi.yaml")
    for call in calls:
        call.read()
        spec.check_call(call, "/auth/v1")
    assert len(calls) == 12


@pytest.mark.acceptance("SBX-05")
def test_mails_keep_to_the_resend_specification() -> None:
    http = httpx_client(create_mailbox(), headers={"authorization": "Bearer re_sandbox"})
    mail = {"from": "a@example.com", "to": ["b@example.com"], "subject": "Hello", "text": "Text"}
    sent = http.post("/emails", json=mail)
    spec = Spec("resend_openapi.yaml")
    assert spec.check_call(sent) == "POST /emails 200"
    read = http.get(f"/emails/{sent.json()['id']}")
    assert spec.check_call(read) == "GET /emails/{email_id} 200"
