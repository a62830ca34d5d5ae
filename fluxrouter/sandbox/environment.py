"""The sandboxes by name, and the settings that point every connector at them."""

from collections.abc import Mapping

from fluxrouter.sandbox.chatbase import AGENT
from fluxrouter.sandbox.model_providers import KEYS
from fluxrouter.sandbox.stripe import ERASE_KEY, READ_KEY

NAMES = ("stripe", "supabase", "mailbox", "chatbase", "models")
BUCKET = "files"


def variables(urls: Mapping[str, str]) -> dict[str, str]:
    """The environment for sandboxes at these addresses, which stand without a slash at the end."""
    return {
        "STRIPE_READ_KEY": READ_KEY,
        "STRIPE_ERASE_KEY": ERASE_KEY,
        "STRIPE_REQUESTS_PER_SECOND": "0",
        "STRIPE_API_BASE": urls["stripe"],
        "SUPABASE_URL": urls["supabase"],
        "SUPABASE_SECRET_KEY": "sb_secret_sandbox",
        "SUPABASE_STORAGE_BUCKETS": BUCKET,
        "SUPABASE_DRILL": "true",
        "RESEND_API_KEY": "re_sandbox",
        "RESEND_API_URL": urls["mailbox"] + "/",
        "RESEND_CONTACTS_KEY": "re_sandbox",
        "RESEND_DRILL": "true",
        "CHATBASE_API_KEY": "a-key",
        "CHATBASE_AGENT_IDS": AGENT,
        "CHATBASE_API_BASE": urls["chatbase"],
        "OPENAI_API_KEY": KEYS["openai"],
        "OPENAI_API_BASE": urls["models"] + "/openai/v1",
        "OPENAI_DRILL": "true",
        "ANTHROPIC_API_KEY": KEYS["anthropic"],
        "ANTHROPIC_API_BASE": urls["models"] + "/anthropic/v1",
        "ANTHROPIC_DRILL": "true",
        "GEMINI_API_KEY": KEYS["gemini"],
        "GEMINI_API_BASE": urls["models"] + "/gemini/v1beta",
        "GEMINI_DRILL": "true",
    }
