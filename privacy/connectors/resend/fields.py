"""A contact's correctable fields, read and written."""

from collections.abc import Mapping

from privacy.connectors.resend.client import Resend
from privacy.connectors.rest import Json

CORRECTS = frozenset({"email", "full_name"})


def full_name(contact: Json) -> str:
    parts = (contact.get("first_name") or "", contact.get("last_name") or "")
    return " ".join(part for part in parts if part)


def values(contact: Json, patch: Mapping[str, str]) -> dict[str, str]:
    """What stands in the fields of `patch` that a contact has."""
    held = {"email": str(contact.get("email") or ""), "full_name": full_name(contact)}
    return {field: text for field, text in held.items() if field in patch}


def write(resend: Resend, contact: Json, patch: Mapping[str, str]) -> tuple[list[str], bool]:
    """Write where a field differs. Gives the fields written, and whether the address can't be."""
    differs = [field for field, text in values(contact, patch).items() if text != patch[field]]
    changes: Json = {}
    refused = False
    if "full_name" in differs:
        first, _, last = patch["full_name"].partition(" ")
        changes |= {"first_name": first, "last_name": last}
    if "email" in differs:
        other = resend.contact(patch["email"])
        if other is None or other["id"] == contact["id"]:
            changes["email"] = patch["email"]
        else:
            refused = True  # the new address has a contact of its own
    if not changes or not resend.update(contact["id"], changes):
        return [], refused
    after = resend.contact(contact["id"]) or {}
    written = [field for field in differs if values(after, patch).get(field) == patch[field]]
    return written, refused or ("email" in changes and "email" not in written)
