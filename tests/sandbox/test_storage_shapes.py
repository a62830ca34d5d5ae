"""Storage's stand-in, and its client's requests, against the vendor's own specification.

Set VENDOR_SPECS to a folder with supabase_storage_openapi.json (github.com/supabase/storage:
branch gh-pages, api.json at 53e6a74).
"""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from supabase import Client

from fluxrouter.sandbox.supabase.app import SupabaseSandbox
from fluxrouter.sandbox.supabase.storage_files import add_file

jsonschema = pytest.importorskip("jsonschema")
pytestmark = [
    pytest.mark.acceptance("SBX-05"),
    pytest.mark.skipif(
        not os.environ.get("VENDOR_SPECS"), reason="VENDOR_SPECS names no folder of specifications"
    ),
]
# The list's answer isn't specified; src/storage/object.ts listObjectsV2 is where it is made.
LIST_V2 = {
    "type": "object",
    "required": ["hasNext", "folders", "objects"],
    "properties": {
        "hasNext": {"type": "boolean"},
        "nextCursor": {"type": "string"},
        "nextCursorKey": {"type": "string"},
        "folders": {"type": "array"},
        "objects": {"type": "array", "items": {"required": ["id", "name", "metadata"]}},
    },
    "additionalProperties": False,
}
# Newer than the specification (src/internal/errors/storage-error.ts render).
ERROR = {"code": {"type": "string"}}


class Spec:
    def __init__(self) -> None:
        path = Path(os.environ["VENDOR_SPECS"]) / "supabase_storage_openapi.json"
        self.document = json.loads(path.read_text(encoding="utf-8"))
        schemas = self.document["components"]["schemas"]
        schemas["def-1"]["properties"] |= ERROR
        schemas["def-1"]["additionalProperties"] = False

    def check(self, schema: Any, value: Any) -> None:
        whole = {**schema, "components": self.document["components"]}
        jsonschema.Draft202012Validator(whole).validate(value)

    def template(self, path: str) -> str:
        for template in sorted(self.document["paths"], key=lambda each: each.count("{")):
            pattern = re.sub(r"\{\w+\}", "[^/]+", template.replace("{*}", ".+"))
            if re.fullmatch(pattern, path):
                return str(template)
        raise AssertionError(f"the specification has no {path}")

    def check_call(self, response: httpx.Response) -> str:
        request = response.request
        template = self.template(request.url.path.removeprefix("/storage/v1"))
        operation = self.document["paths"][template][request.method.lower()]
        if "requestBody" in operation:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            self.check(schema, json.loads(request.content))
        answers = operation["responses"]
        status = "4XX" if response.is_error else str(response.status_code)
        known = answers.get(status, {})
        if "list-v2" in template:
            self.check(LIST_V2, response.json())
        elif "content" in known:
            self.check(known["content"]["application/json"]["schema"], response.json())
        return f"{request.method} {template} {response.status_code}"


def test_the_vendors_client_and_the_stand_in_keep_to_the_storage_specification(
    auth: SupabaseSandbox, client_of: Callable[..., Client], auth_database: Callable[[], Any]
) -> None:
    with auth_database() as connection:
        add_file(
            connection, "files", "a/one.txt", b"text", owner="0" * 8 + "-0000" * 3 + "-" + "0" * 12
        )
    calls: list[httpx.Response] = []
    bucket = client_of(auth, response=[calls.append]).storage.from_("files")
    bucket.upload("a/two ü&.txt", b"second", {"content-type": "text/plain"})
    assert bucket.download("a/two ü&.txt") == b"second"
    assert {each["name"] for each in bucket.list("a")} == {"one.txt", "two ü&.txt"}
    assert len(bucket.list_v2({"prefix": "a/", "with_delimiter": False}).objects) == 2
    assert [each.name for each in bucket.list_v2({"with_delimiter": True}).folders] == ["a/"]
    assert len(bucket.remove(["a/one.txt", "nowhere.txt"])) == 1
    with pytest.raises(Exception, match="not_found"):
        bucket.download("a/one.txt")
    with pytest.raises(Exception, match="Duplicate"):
        bucket.upload("a/two ü&.txt", b"second")
    spec = Spec()
    seen = set()
    for call in calls:
        call.read()
        seen.add(spec.check_call(call))
    assert seen == {
        "POST /object/{bucketName}/{*} 200",
        "POST /object/{bucketName}/{*} 400",
        "GET /object/{bucketName}/{*} 200",
        "GET /object/{bucketName}/{*} 400",
        "POST /object/list/{bucketName} 200",
        "POST /object/list-v2/{bucketName} 200",
        "DELETE /object/{bucketName} 200",
    }
