"""What a person can take elsewhere: what they gave us, as one table.

Given is also what was observed while they used the service (WP 242 rev.01, II; Swiss DPO
Art. 20(1)(b)); what we or others derived from it is not. The names don't change: other services
read them. A new one may be added, and makes no new `VERSION`.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

FORMAT, VERSION = "fluxrouter-portability", 1
Path = str | Callable[[dict[str, Any]], Any]


class Portable(NamedTuple):
    """Which records of a system (`connector.kind`) go to which list, under which names.

    `fields` names each value and the dotted path to it; `only` is what a record must have to have
    been given by the person. `leaves` says what of these records isn't taken along.
    """

    to: str
    source: str
    fields: dict[str, Path]
    only: dict[str, str] = {}
    leaves: tuple[str, ...] = ()


class LeftOut(NamedTuple):
    """Something that isn't in the pack, and why. Both in words."""

    what: str
    why: str


def said(record: dict[str, Any]) -> list[str]:
    """What the person wrote in a conversation, without the assistant's answers."""
    mine = [each for each in record.get("messages") or [] if each.get("role") == "user"]
    return [part["text"] for each in mine for part in each.get("parts", []) if part.get("text")]


# In the order of the pack. The type of each field is JSON's; any may be null.
TYPES: dict[str, dict[str, str]] = {
    "profiles": {
        "full_name": "string",
        "first_name": "string",
        "last_name": "string",
        "company": "string",
        "email": "string",
        "phone": "string",
        "address": "object",
        "country": "string",
    },
    "api_keys": {"label": "string", "created_at": "string"},
    "calls": {
        "id": "string",
        "model": "string",
        "provider": "string",
        "region": "string",
        "input_tokens": "integer",
        "output_tokens": "integer",
        "status_code": "integer",
        "end_user": "string",
    },
    "prompts": {"id": "string", "prompt": "string"},
    "support_messages": {"subject": "string", "body": "string", "received_at": "string"},
    "assistant_messages": {"said": "array"},
    "model_inputs": {"role": "string", "content": "array"},
}

PORTABLE = (
    Portable(
        "profiles",
        "database.account",
        {name: name for name in ("full_name", "company", "email", "country")},
    ),
    Portable(
        "profiles",
        "supabase_auth.user",
        {"full_name": "user_metadata.full_name", "email": "email", "phone": "phone"},
    ),
    Portable(
        "profiles",
        "stripe.customer",
        {"full_name": "name", "email": "email", "phone": "phone", "address": "address"},
    ),
    Portable(
        "profiles",
        "resend.contact",
        {"first_name": "first_name", "last_name": "last_name", "email": "email"},
    ),
    Portable(
        "profiles",
        "chatbase.chat_contact",
        {"full_name": "name", "email": "email", "phone": "phonenumber"},
    ),
    Portable(
        "profiles", "chatbase.lead", {"full_name": "name", "email": "email", "phone": "phone"}
    ),
    Portable(
        "api_keys", "database.apikey", {"label": "label", "created_at": "created_at"}
    ),
    Portable(
        "calls",
        "database.gatewayrequest",
        {name: name for name in TYPES["calls"]},
        leaves=("What your calls cost and how long they took",),
    ),
    Portable(
        "prompts",
        "database.gatewaybody",
        {"id": "id", "prompt": "prompt"},
        leaves=("The answers to your prompts",),
    ),
    Portable(
        "support_messages",
        "database.supportmessage",
        {name: name for name in TYPES["support_messages"]},
    ),
    Portable(
        "assistant_messages",
        "chatbase.conversation",
        {"said": said},
        leaves=("What the support assistant answered",),
    ),
    *(
        Portable(
            "model_inputs", f"openai.{kind}", {"role": "role", "content": "content"},
            only={"role": "user"},
            leaves=("What AI models answered",),
        )
        for kind in ("model_response_input", "model_chat_message", "model_conversation_item")
    ),
)  # fmt: skip
SOURCES = frozenset(row.source for row in PORTABLE)
FILES = "supabase_storage.file_content"  # taken along as files, not as records

MADE = "You didn’t give it to us: we, or a company that works for us, made it (GDPR Art. 20(1))."
BY_LAW = (
    "We keep it because a law says so, not under our contract or your consent "
    "(GDPR Art. 20(1)(a))."
)
SECRET = "It opens something, or stands for money, and is safe nowhere else."  # noqa: S105
AT_PROVIDER = (
    "It lies with the model provider, which mostly doesn’t hand it out again. A copy of your data "
    "has its id."
)
AS_FILES = "This is what the storage notes of them. Your files themselves are here."
NEVER_FINISHED = "It never became a file."
UNKNOWN = "Nobody has written down which part of it you gave us."
# Why a kind isn't taken along, where nobody made it for you.
WHY: dict[str, str] = {
    "database.billingrecord": BY_LAW,
    "database.privacyrequest": BY_LAW,
    "database.restriction": BY_LAW,
    "stripe.tax_id": SECRET,
    "stripe.payment_method": SECRET,
    "stripe.payment_source": SECRET,
    "supabase_auth.factor": SECRET,
    "supabase_auth.webauthn_credential": SECRET,
    "supabase_storage.stored_file": AS_FILES,
    "supabase_storage.unfinished_upload": NEVER_FINISHED,
    **{
        f"{provider}.{kind}": AT_PROVIDER
        for provider in ("openai", "anthropic", "gemini")
        for kind in (
            "model_file",
            "model_batch",
            "model_cache",
            "model_container",
            "model_vector_store",
            "model_search_store",
        )
    },
}


def why_not(source: str) -> str:
    return UNKNOWN if source.startswith("external_tables.") else WHY.get(source, MADE)
