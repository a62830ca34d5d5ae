"""Django's settings, second part: the processors. `docs/deployment.md` explains each."""

from fluxrouter.environment import read_environment

ENV = read_environment()

# In use are those whose system is set up.
PRIVACY_CONNECTORS = [
    "privacy.connectors.database.from_settings",
    "privacy.connectors.stripe.from_settings",
    "privacy.connectors.supabase_auth.from_settings",
    "privacy.connectors.supabase_storage.from_settings",
    "privacy.connectors.external_tables.from_settings",
    "privacy.connectors.model_providers.openai",
    "privacy.connectors.model_providers.anthropic",
    "privacy.connectors.model_providers.gemini",
    "privacy.connectors.resend.from_settings",
    "privacy.connectors.chatbase.from_settings",
]
STRIPE_READ_KEY = ENV.stripe_read_key
STRIPE_ERASE_KEY = ENV.stripe_erase_key
STRIPE_WEBHOOK_SECRET = ENV.stripe_webhook_secret
STRIPE_REQUESTS_PER_SECOND = ENV.stripe_requests_per_second
STRIPE_PRORATE = ENV.stripe_prorate
STRIPE_FINAL_INVOICE = ENV.stripe_final_invoice
STRIPE_OPEN_INVOICES = str(ENV.stripe_open_invoices)
STRIPE_REDACTION = ENV.stripe_redaction
STRIPE_REDACTION_VERSION = ENV.stripe_redaction_version
STRIPE_API_BASE = ENV.stripe_api_base
SUPABASE_URL = ENV.supabase_url
SUPABASE_SECRET_KEY = ENV.supabase_secret_key
SUPABASE_STORAGE_BUCKETS = [
    name.strip() for name in ENV.supabase_storage_buckets.split(",") if name.strip()
]
SUPABASE_DRILL = ENV.supabase_drill
EXTERNAL_TABLES = ENV.external_tables
OPENAI_API_KEY = ENV.openai_api_key
OPENAI_API_BASE = ENV.openai_api_base
OPENAI_DRILL = ENV.openai_drill
ANTHROPIC_API_KEY = ENV.anthropic_api_key
ANTHROPIC_API_BASE = ENV.anthropic_api_base
ANTHROPIC_DRILL = ENV.anthropic_drill
GEMINI_API_KEY = ENV.gemini_api_key
GEMINI_API_BASE = ENV.gemini_api_base
GEMINI_DRILL = ENV.gemini_drill
ANYMAIL: dict[str, str] = {
    "RESEND_API_KEY": ENV.resend_api_key,
    "RESEND_API_URL": ENV.resend_api_url,
    # anymail's names. Without its secret neither page is there.
    "RESEND_SIGNING_SECRET": ENV.resend_webhook_secret,
    "RESEND_INBOUND_SECRET": ENV.resend_inbound_secret,
}
RESEND_CONTACTS_KEY = ENV.resend_contacts_key
RESEND_DRILL = ENV.resend_drill
CHATBASE_API_KEY = ENV.chatbase_api_key
CHATBASE_AGENT_IDS = ENV.chatbase_agent_ids
CHATBASE_API_BASE = ENV.chatbase_api_base
CHATBASE_CONTACT_ID = ENV.chatbase_contact_id
TURNSTILE_SITE_KEY = ENV.turnstile_site_key
TURNSTILE_SECRET_KEY = ENV.turnstile_secret_key
TURNSTILE_VERIFY_URL = ENV.turnstile_verify_url
