"""Plain words for the kinds of records that systems report, as one table."""

from collections.abc import Iterable

from privacy.datamap import SUBJECT_ROWS, Category

# What processors hold, by the names that their connectors use.
AT_PROCESSORS: dict[str, str] = {
    "customer": "Customer record",
    "subscription": "Subscriptions",
    "payment_method": "Payment methods",
    "tax_id": "Tax numbers",
    "invoice": "Invoices",
    "charge": "Payments",
    "payment_intent": "Payment attempts",
    "subscription_schedule": "Planned changes of subscriptions",
    "checkout_session": "Checkout pages",
    "invoiceitem": "Items for the next invoice",
    "credit_note": "Credit notes",
    "quote": "Quotes",
    "promotion_code": "Promotion codes",
    "event": "Notices of changes (events)",
    "customer_balance_transaction": "Changes of credit",
    "setup_intent": "Set-ups of payment methods",
    "refund": "Refunds",
    "dispute": "Disputed payments",
    "file": "Files of disputes",
    "mandate": "Mandates for payments",
    "payment_source": "Cards and bank accounts of the older kind",
    "user": "Sign-in account",
    "identity": "Ways to sign in",
    "session": "Sessions",
    "factor": "Second factors",
    "webauthn_credential": "Security keys",
    "mfa_challenge": "Uses of a second factor",
    "one_time_token": "Mailed sign-in links",
    "flow_state": "Sign-ins through another service",
    "audit_log_entry": "Sign-in log entries",
    "contact": "Contact for news by e-mail",
    "sent_mail": "Letters in the mail service’s log",
    "suppression": "Address that nothing is mailed to",
    "chat_contact": "Contact at the support assistant",
    "conversation": "Conversations with the support assistant",
    "mention": "Conversations that hold the address",
    "lead": "Contact details left with the assistant",
    "stored_file": "Files",
    "file_content": "Contents of files, in pieces of 1 MB",
    "unfinished_upload": "Uploads that were never finished",
    "model_response": "Stored answers of an AI model",
    "model_response_input": "Inputs of stored answers",
    "model_chat": "Stored chats with an AI model",
    "model_chat_message": "Messages of stored chats",
    "model_conversation": "Conversations with an AI model",
    "model_conversation_item": "Entries of conversations with an AI model",
    "model_file": "Files given to an AI model",
    "model_vector_store": "Search indexes at an AI model",
    "model_search_store": "Search stores at an AI model",
    "model_container": "Work spaces of an AI model",
    "model_video": "Videos made by an AI model",
    "model_batch": "Batches of requests to an AI model",
    "model_cache": "Cached contents at an AI model",
    "model_other": "Other objects at an AI model",
}
# What kinds of data are called towards people. Technical ones and staff's aren't told.
DATA: dict[Category, str] = {
    Category.IDENTIFIER: "numbers that stand for you",
    Category.IDENTITY: "who you are",
    Category.CONTACT: "how to reach you",
    Category.CREDENTIAL: "secrets, which are named and not shown",
    Category.USAGE: "how and when you use the service",
    Category.CONTENT: "what you wrote or had written",
    Category.BILLING: "what you pay",
    Category.PLACE: "where you live",
    Category.SEALED: "what you told us in confidence",
}
KINDS: dict[str, str] = {row.collection: row.title for row in SUBJECT_ROWS} | AT_PROCESSORS


def name_kinds(names: dict[str, str]) -> None:
    """Words for kinds that a data file brings."""
    KINDS.update(names)


def kind_name(kind: str) -> str:
    """What people call it; a kind without a word of its own is at least readable."""
    return KINDS.get(kind, kind.replace("_", " ").capitalize())


def data_words(categories: Iterable[Category]) -> tuple[str, ...]:
    """Kinds of data in words, each once, in the table's order."""
    found = set(categories)
    return tuple(words for category, words in DATA.items() if category in found)
