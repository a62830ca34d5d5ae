"""Storage's two lists: one folder a call, and every name under a prefix."""

import base64
import binascii
from typing import Any

from fluxrouter.sandbox.supabase import storage_errors as errors
from fluxrouter.sandbox.supabase.shapes import Json, Row, moment

FOLDER: Json = dict.fromkeys(("id", "updated_at", "created_at", "last_accessed_at", "metadata"))


def file_json(row: Row, name: str) -> Json:
    times = ("updated_at", "created_at", "last_accessed_at")
    return {
        "id": str(row["id"]),
        "name": name,
        **{each: moment(row[each]) for each in times},
        "metadata": row["metadata"],
    }


def one_folder(found: list[dict[str, Any]], prefix: str, *, deep: bool) -> list[Json]:
    """Names without the folder's; `deep` breaks the vendor's rule and shows all below."""
    shown: dict[str, Json] = {}
    for row in found:
        rest = row["name"].removeprefix(prefix)
        first, _, more = rest.partition("/")
        if more and not deep:
            shown[first] = {"name": first, **FOLDER}
        else:
            shown[rest] = file_json(row, rest)
    return list(shown.values())


def split_folders(found: list[dict[str, Any]], prefix: str) -> tuple[list[Json], list[Json]]:
    """With a delimiter: the folders below `prefix`, and the files directly in it."""
    folders: dict[str, Json] = {}
    files = []
    for row in found:
        first, slash, _ = row["name"].removeprefix(prefix).partition("/")
        if slash:
            folders[first] = {"name": f"{prefix}{first}/"}
        else:
            files.append(file_json(row, row["name"]))
    return list(folders.values()), files


def write_cursor(name: str) -> str:
    return base64.b64encode(f"l:{name}".encode()).decode()


def read_cursor(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode().removeprefix("l:")
    except (binascii.Error, UnicodeDecodeError):
        errors.refuse(400, "InvalidParameter", "invalid_parameter", "Invalid cursor")
