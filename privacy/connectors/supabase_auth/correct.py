"""Correcting what Supabase Auth holds on a user.

supabase.com/docs/reference/python/auth-admin-updateuserbyid
"""

from typing import Any

from supabase_auth.types import AdminUserAttributes

from fluxrouter.foundation.crypto import fold_address
from privacy.connectors.base import Value

# Per correctable field the keys of `user_metadata`, which Auth merges into what stands there. The
# first is written in any case, another where a sign-in through another service left it.
METADATA = {"full_name": ("full_name", "name"), "company": ("company",)}
# A way to sign in is corrected where there is one, and never added.
CONTACT = ("email", "phone")
FIELDS = frozenset({*METADATA, *CONTACT})


def contact(user: Any) -> dict[str, str]:
    phone = user.phone and f"+{digits(user.phone)}"
    return {field: text for field, text in (("email", user.email), ("phone", phone)) if text}


def texts(user: Any, field: str) -> dict[str, str]:
    """What stands in each key that belongs to a field of the metadata."""
    first, *others = METADATA[field]
    keys = [first, *(key for key in others if key in user.user_metadata)]
    return {key: str(user.user_metadata.get(key) or "") for key in keys}


def values(user: Any, patch: dict[str, str]) -> list[Value]:
    """What stands now in the fields of `patch` that this user has."""
    names = {field: next(filter(None, texts(user, field).values()), "") for field in METADATA}
    held = contact(user) | names
    return [Value(user.id, field, text) for field, text in held.items() if field in patch]


def differing(user: Any, patch: dict[str, str]) -> dict[str, str]:
    """The new values that don't stand everywhere yet, as Auth keeps them."""
    held = {field: {text} for field, text in contact(user).items()}
    held |= {field: set(texts(user, field).values()) for field in METADATA}
    return {
        field: stored(field, text)
        for field, text in patch.items()
        if field in held and {stored(field, each) for each in held[field]} != {stored(field, text)}
    }


def attributes(user: Any, new: dict[str, str]) -> AdminUserAttributes:
    """The change as Auth's API takes it."""
    changed: AdminUserAttributes = {}
    if "email" in new:
        # Unconfirmed, the new address would let nobody sign in.
        changed |= {"email": new["email"], "email_confirm": True}
    if "phone" in new:
        changed["phone"] = new["phone"]
    fields = [field for field in METADATA if field in new]
    if metadata := {key: new[field] for field in fields for key in texts(user, field)}:
        changed["user_metadata"] = metadata
    return changed


def stored(field: str, text: str) -> str:
    """A value as Auth keeps it: addresses in lower case, phone numbers as bare digits (E.164)."""
    if field == "phone":
        return digits(text)
    return fold_address(text) if field == "email" else text


def digits(phone: str) -> str:
    return "".join(letter for letter in phone if letter.isdigit())
