"""Storage's API: files listed, uploaded, read and removed."""

import email.policy
from email.parser import BytesParser
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from fluxrouter.sandbox.kit import Request, Response, Router
from fluxrouter.sandbox.supabase import storage_errors as errors
from fluxrouter.sandbox.supabase import storage_files as files
from fluxrouter.sandbox.supabase import storage_lists as lists
from fluxrouter.sandbox.supabase.schema import Connection
from fluxrouter.sandbox.supabase.shapes import Json, moment

if TYPE_CHECKING:
    from fluxrouter.sandbox.supabase.app import SupabaseSandbox

router = Router()
PREFIX = "/storage/v1/"
_BUCKET = "/storage/v1/object/<bucket>"
MOST = 1_000
USUAL = 100


def _read(request: Request) -> Json:
    try:
        body = request.json
    except ValueError:
        body = None
    if not isinstance(body, dict):
        errors.refuse(400, "InvalidRequest", "Error", "Body is not valid JSON")
    return body


def _may_see(app: "SupabaseSandbox", request: Request) -> bool:
    """Without a policy of one's own only the secret key sees anything: row level security."""
    return request.headers.get("apikey") == app.secret_key


def _check_bucket(app: "SupabaseSandbox", connection: Connection, bucket: str) -> None:
    """A bucket that isn't there is no error, unless the rule is broken."""
    if not app.rule("missing_bucket_looks_empty") and not files.has_bucket(connection, bucket):
        errors.refuse(404, "NoSuchBucket", "Bucket not found", "Bucket not found")


@router.route("POST", "/storage/v1/object/list/<bucket>", locked=False)
def list_folder(
    app: "SupabaseSandbox", request: Request, connection: Connection, bucket: str
) -> Response:
    body = _read(request)
    if "prefix" not in body:
        errors.refuse(400, "InvalidRequest", "Error", "body must have property 'prefix'")
    _check_bucket(app, connection, bucket)
    prefix = body["prefix"]
    prefix += "" if prefix.endswith("/") or not prefix else "/"
    found = files.files_under(connection, bucket, prefix) if _may_see(app, request) else []
    shown = lists.one_folder(found, prefix, deep=not app.rule("list_is_one_folder"))
    usual = USUAL if app.rule("list_hundred_a_page") else 10**6
    start = int(body.get("offset") or 0)
    return Response(200, shown[start : start + int(body.get("limit") or usual)])


@router.route("POST", "/storage/v1/object/list-v2/<bucket>", locked=False)
def list_names(
    app: "SupabaseSandbox", request: Request, connection: Connection, bucket: str
) -> Response:
    body = _read(request)
    _check_bucket(app, connection, bucket)
    prefix, cursor = body.get("prefix") or "", body.get("cursor")
    after = lists.read_cursor(cursor) if cursor else ""
    condition = files.STARTS if app.rule("list_prefix_is_literal") else files.LIKE
    found = []
    if _may_see(app, request):
        found = files.files_under(connection, bucket, prefix, after, condition)
    most = MOST if app.rule("list_v2_thousand_a_page") else 10**6
    page = found[: min(int(body.get("limit") or most), most)]
    folders: list[Json] = []
    objects = [lists.file_json(row, row["name"]) for row in page]
    if body.get("with_delimiter"):
        folders, objects = lists.split_folders(page, prefix)
    answer: Json = {"hasNext": len(found) > len(page), "folders": folders, "objects": objects}
    if answer["hasNext"]:
        answer |= {"nextCursor": lists.write_cursor(page[-1]["name"])}
        answer |= {"nextCursorKey": page[-1]["name"]}
    return Response(200, answer)


@router.route("POST", _BUCKET + "/<path:name>", locked=False)
def upload(
    app: "SupabaseSandbox", request: Request, connection: Connection, bucket: str, name: str
) -> Response:
    owner = (app.signer.read(request.bearer, app.clock()) or {}).get("sub")
    if not _may_see(app, request) and owner is None:
        errors.refuse(403, "AccessDenied", "Unauthorized", "new row violates row-level security")
    if not files.has_bucket(connection, bucket):
        errors.refuse(404, "NoSuchBucket", "Bucket not found", "Bucket not found")
    replaces = request.headers.get("x-upsert") == "true"
    if files.find_file(connection, bucket, name) and not replaces:
        errors.refuse(409, "KeyAlreadyExists", "Duplicate", "The resource already exists")
    if owner is None and not app.rule("secret_key_leaves_no_owner"):
        owner = str(uuid4())
    media_type, content = _uploaded(request)
    identifier = files.add_file(
        connection, bucket, name, content, owner=owner, media_type=media_type, now=app.clock()
    )
    return Response(200, {"Id": identifier, "Key": f"{bucket}/{name}"})


def _uploaded(request: Request) -> tuple[str, bytes]:
    """The media type and the bytes: of a form's part `file`, or of the body itself."""
    kind = request.headers["content-type"]
    if not kind.startswith("multipart/form-data"):
        return kind, request.body
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    form = BytesParser(policy=email.policy.HTTP).parsebytes(head + request.body)
    parts = [part for part in form.iter_parts() if part.get_filename()]
    if not parts:
        errors.refuse(400, "InvalidRequest", "Error", "The form has no file")
    payload: Any = parts[0].get_payload(decode=True)
    return parts[0].get_content_type(), bytes(payload)


@router.route("GET", _BUCKET + "/<path:name>", locked=False)
def download(
    app: "SupabaseSandbox", request: Request, connection: Connection, bucket: str, name: str
) -> Response:
    found = files.find_file(connection, bucket, name) if _may_see(app, request) else None
    if found is None:
        literal = not app.rule("errors_are_400")
        errors.refuse(404, "NoSuchKey", "not_found", "Object not found", literal=literal)
    headers = {"Content-Type": (found["metadata"] or {}).get("mimetype", "text/plain")}
    return Response(200, files.content_of(connection, bucket, name), headers)


@router.route("DELETE", _BUCKET, locked=False)
def remove(
    app: "SupabaseSandbox", request: Request, connection: Connection, bucket: str
) -> Response:
    names = _read(request).get("prefixes")
    if not isinstance(names, list) or not names:
        errors.refuse(400, "InvalidRequest", "Error", "body/prefixes must have 1 item or more")
    if len(names) > MOST and app.rule("remove_takes_a_thousand"):
        message = f"Bulk object requests are limited to {MOST} objects per request."
        errors.refuse(400, "InvalidRequest", "InvalidRequest", message)
    _check_bucket(app, connection, bucket)
    gone: list[dict[str, Any]] = []
    if _may_see(app, request):
        whole = app.rule("remove_takes_whole_names")
        gone = files.remove(connection, bucket, names, whole=whole)
    if len(gone) < len(names) and not app.rule("remove_is_silent"):
        errors.refuse(404, "NoSuchKey", "not_found", "Object not found")
    return Response(200, [_removed_json(row) for row in gone])


def _removed_json(row: dict[str, Any]) -> Json:
    """The vendor's `objectSchema`; an owner that is empty is left out as null is no text."""
    times = ("updated_at", "created_at", "last_accessed_at")
    shape: Json = {
        "id": str(row["id"]),
        "name": row["name"],
        "bucket_id": row["bucket_id"],
        "version": row["version"],
        "metadata": row["metadata"],
        "user_metadata": row["user_metadata"],
        **{each: moment(row[each]) for each in times},
    }
    owners = {each: str(row[each]) for each in ("owner", "owner_id") if row[each]}
    return shape | owners
