"""The data map: every field of every table, whose it is, and what the rights do to it.

A check fails when a field of an installed model has no place here (`privacy.checks`). From this
literal come the database connector, the record of processing and the marker tests.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from privacy.grounds import Ground


class Category(StrEnum):
    """What kind of data a field holds. CREDENTIAL is named in an export, not shown."""

    NONE = "not personal"
    IDENTIFIER = "identifier"
    IDENTITY = "identity"
    CONTACT = "contact"
    CREDENTIAL = "credential (withheld)"
    USAGE = "usage"
    CONTENT = "content"
    BILLING = "billing"
    PLACE = "place"
    SEALED = "sealed content"
    STAFF = "staff"


class Find(StrEnum):
    """How the rows of a person are found."""

    ACCOUNT = "account"  # `column` holds the account's id
    ACCOUNT_OR_EMAIL = "account_or_email"  # or `email` holds their address
    REQUEST = "request"  # a privacy request of the same address
    PARTITIONS = "partitions"  # as ACCOUNT, in every attached or detached partition
    NEVER = "never"  # nobody's, staff's, or reached through its parent row


class Erase(StrEnum):
    DELETE = "delete"
    KEEP = "keep"  # under `ground`
    WITH_PARENT = "with parent"  # goes when its request goes
    NOT_SUBJECT = "not a subject's"


@dataclass(frozen=True, slots=True)
class Row:
    """One table. `fields` groups field names by category: {Category: "name name"}."""

    model: str
    title: str
    fields: dict[Category, str]
    find: Find = Find.NEVER
    column: str = "account_id"  # the table's column, not the model's field
    erase: Erase = Erase.NOT_SUBJECT
    ground: Ground | None = None
    purpose: str = ""
    basis: str = ""
    source: str = ""
    recipients: tuple[str, ...] = ()
    categories: dict[str, Category] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for category, names in self.fields.items():
            self.categories.update(dict.fromkeys(names.split(), category))

    @property
    def is_personal(self) -> bool:
        """Whether any field says something about a person, staff included."""
        return any(category is not Category.NONE for category in self.categories.values())

    @property
    def collection(self) -> str:
        """Its name in an export."""
        return self.model.split(".")[1].lower()

    def exported(self) -> Iterator[tuple[str, Category]]:
        """The fields a person gets; credentials appear as withheld, technical ones don't."""
        for name, category in self.categories.items():
            if category is not Category.NONE:
                yield name, category


NONE, ID, STAFF = Category.NONE, Category.IDENTIFIER, Category.STAFF
CONTRACT = "GDPR Art. 6(1)(b): performance of our contract"
INTEREST = "GDPR Art. 6(1)(f): securing and improving the service"
OBLIGATION = "GDPR Art. 6(1)(c): legal obligation"

# Of data subjects. Children stand before their parents: this is also the order of deletion.
SUBJECT_ROWS = (
    Row(
        "accounts.GatewayBody",
        "Redacted copies of requests and answers",
        {ID: "id account_id", Category.CONTENT: "prompt response"},
        find=Find.PARTITIONS,
        erase=Erase.DELETE,
        purpose="Operate, secure and protect the service from abuse",
        basis=INTEREST,
        source="You, through the gateway",
        recipients=("AI model providers",),
    ),
    Row(
        "accounts.GatewayRequest",
        "Request metadata",
        {
            ID: "id account_id api_key_id end_user",
            Category.USAGE: "model provider region input_tokens output_tokens cost_usd "
            "latency_ms status_code",
        },
        find=Find.PARTITIONS,
        erase=Erase.DELETE,
        purpose="Route, meter and bill",
        basis=CONTRACT,
        source="The gateway, when it serves your calls",
        recipients=("AI model providers",),
    ),
    Row(
        "accounts.ApiKey",
        "API keys",
        {
            ID: "id account prefix",
            Category.CREDENTIAL: "digest",
            Category.IDENTITY: "label",
            Category.USAGE: "created_at last_used_at revoked_at",
        },
        find=Find.ACCOUNT,
        erase=Erase.DELETE,
        purpose="Let your programs call the gateway",
        basis=CONTRACT,
        source="You",
    ),
    Row(
        "accounts.ProviderObject",
        "Objects that AI model providers keep for you",
        {ID: "id account_id object_id", Category.USAGE: "provider kind created_at"},
        find=Find.ACCOUNT,
        erase=Erase.DELETE,
        purpose="Answer your requests",
        basis=CONTRACT,
        source="The gateway, when your calls stored something there",
        recipients=("AI model providers",),
    ),
    Row(
        "accounts.SupportMessage",
        "Messages to support",
        {
            ID: "id account",
            Category.CONTACT: "email",
            Category.CONTENT: "subject body",
            Category.USAGE: "received_at",
        },
        find=Find.ACCOUNT_OR_EMAIL,
        erase=Erase.DELETE,
        purpose="Answer you",
        basis=CONTRACT,
        source="You",
        recipients=("Chatbase", "Resend"),
    ),
    Row(
        "accounts.BillingRecord",
        "Invoices, as we must keep them",
        {
            ID: "id account_id stripe_invoice_id",
            Category.BILLING: "invoice_number bill_to amount_cents currency issued_on",
        },
        find=Find.ACCOUNT,
        erase=Erase.KEEP,
        ground=Ground.TAX,
        purpose="Bill you and keep our books",
        basis=OBLIGATION,
        source="Stripe, from what you entered there",
        recipients=("Stripe", "tax authorities on demand"),
    ),
    Row(
        "accounts.UsageStatement",
        "What you used, day by day, as your invoices rest on it",
        {
            ID: "id account_id",
            Category.BILLING: "day provider model requests input_tokens output_tokens cost_usd",
        },
        find=Find.ACCOUNT,
        erase=Erase.KEEP,
        ground=Ground.TAX,
        purpose="Bill you and keep our books",
        basis=OBLIGATION,
        source="Your calls through the gateway, summed up by day and model",
    ),
    Row(
        "accounts.Restriction",
        "What we must not do with your data",
        {ID: "id account_id request_id", Category.USAGE: "purpose source since lifted_at"},
        find=Find.ACCOUNT,
        erase=Erase.KEEP,
        ground=Ground.SUPPRESSION,
        purpose="Obey your requests",
        basis=OBLIGATION,
        source="Your requests, and your browser’s signal",
    ),
    Row(
        "retention.DormancyNotice",
        "When we told you that your unused account will be erased",
        {
            ID: "id account_id",
            Category.USAGE: "quiet_since first_at second_at refused_at",
            NONE: "message_id",
        },
        find=Find.ACCOUNT,
        erase=Erase.DELETE,
        purpose="Warn you before we erase an account that nobody uses",
        basis=OBLIGATION,
        source="Our schedule, from when you last used your account",
    ),
    Row(
        "accounts.Account",
        "Your account",
        {
            ID: "id supabase_user_id stripe_customer_id",
            Category.CONTACT: "email",
            Category.IDENTITY: "full_name company",
            Category.PLACE: "country",
            Category.USAGE: "created_at last_active_at closed_at",
        },
        find=Find.ACCOUNT,
        column="id",
        erase=Erase.DELETE,
        purpose="Run your account",
        basis=CONTRACT,
        source="You",
        recipients=("Supabase", "Stripe", "Resend"),
    ),
    Row(
        "privacy.PrivacyRequest",
        "Your privacy requests",
        {
            ID: "id reference",
            Category.SEALED: "email details corrections",
            Category.IDENTITY: "role",
            Category.PLACE: "country state also_in language",
            Category.USAGE: "rights channel status received_at due_on verified_at approved_at "
            "closed_at is_urgent",
            Category.CREDENTIAL: "email_index",
            NONE: "round plan refs laws standing_rule split_from proposed_at key_destroyed_at",
            STAFF: "proposed_by approved_by",
        },
        find=Find.REQUEST,
        erase=Erase.KEEP,
        ground=Ground.PROOF,
        purpose="Answer your requests and show how we did",
        basis=OBLIGATION,
        source="You",
        recipients=("Resend",),
    ),
)

# Of nobody, of staff, or gone with a request.
OTHER_ROWS = (
    Row(
        "privacy.Draft",
        "Requests being written, for 24 hours",
        {NONE: "id owner_digest created_at submitted_at", Category.SEALED: "answers"},
        erase=Erase.WITH_PARENT,
    ),
    Row(
        "privacy.RequestNote",
        "Staff's notes on requests",
        {NONE: "id request about written_at", STAFF: "author", Category.SEALED: "text"},
        erase=Erase.WITH_PARENT,
    ),
    Row(
        "privacy.CorrectedValue",
        "Old and new values of corrections",
        {NONE: "id request connector object field applied_at", Category.SEALED: "old new"},
        erase=Erase.WITH_PARENT,
    ),
    Row(
        "privacy.ManualTask",
        "What staff must do by hand at processors",
        {NONE: "id step processor due_on letter_at reminded_at"},
        erase=Erase.WITH_PARENT,
    ),
    Row(
        "privacy.Evidence",
        "Files that show what a processor did",
        {
            NONE: "id task media_type size sha256 uploaded_at",
            STAFF: "uploaded_by",
            Category.SEALED: "name content",
        },
        erase=Erase.WITH_PARENT,
    ),
    Row(
        "privacy.RegimeText",
        "Texts of the laws that requests were measured by",
        {NONE: "version regime text"},
    ),
    Row(
        "privacy.RequestClock",
        "When something is due",
        {
            NONE: "id request about clock right regime rule version bounded_by started_on "
            "legal_due safe_due internal_target extended met_at reminded missed_at"
        },
        erase=Erase.WITH_PARENT,
    ),
    Row(
        "privacy.Question",
        "What we asked, and the answers",
        {
            NONE: "id request reason letter made_at answered_at",
            STAFF: "author",
            Category.SEALED: "text answer",
        },
        erase=Erase.WITH_PARENT,
    ),
    Row(
        "privacy.Extension",
        "Notices that we need longer",
        {
            NONE: "id request about letter made_at reasons until",
            STAFF: "author",
            Category.SEALED: "explanation",
        },
        erase=Erase.WITH_PARENT,
    ),
    Row(
        "privacy.Refusal",
        "What we refused, and why",
        {
            NONE: "id request right code whole until decided_at lifted_at",
            STAFF: "decided_by",
            Category.SEALED: "explanation granted",
        },
        erase=Erase.WITH_PARENT,
    ),
    Row(
        "privacy.Appeal",
        "Appeals and complaints",
        {
            NONE: "id request kind received_at outcome decided_at withdrawn_at receipt answer "
            "follow_up",
            STAFF: "decided_by",
            Category.SEALED: "text decision",
        },
        erase=Erase.WITH_PARENT,
    ),
    Row(
        "privacy.SentLetter",
        "Letters as they were sent",
        {
            NONE: "id step language subject sent_at message_ids state state_at settled_at",
            STAFF: "settled_by",
            Category.SEALED: "text",
        },
        erase=Erase.WITH_PARENT,
    ),
    Row(
        "privacy.LetterRelease",
        "Which texts of letters were released, and by whom",
        {
            NONE: "id language letter digest released_at revoked_at",
            STAFF: "reviewer released_by",
        },
    ),
    Row(
        "privacy.InboundMail",
        "Mail to our privacy address, until staff have looked at it",
        {
            NONE: "id provider_id received_at fetched_at marks state settled_at request",
            STAFF: "settled_by",
            Category.SEALED: "sender subject text",
        },
        erase=Erase.WITH_PARENT,
    ),
    Row(
        "privacy.InboundFile",
        "Attachments of such mail",
        {
            NONE: "id mail media_type size sha256 released_at",
            STAFF: "released_by",
            Category.SEALED: "name content",
        },
        erase=Erase.WITH_PARENT,
    ),
    Row(
        "privacy.Forwarding",
        "Requests passed on to customers",
        {
            ID: "account_id",
            NONE: "id request state made_at forwarded_at asked_at due_on ended_at",
            STAFF: "handled_by",
            Category.SEALED: "assistance",
        },
        erase=Erase.WITH_PARENT,
    ),
    Row(
        "privacy.DownstreamNotice",
        "Who was told of a correction, an erasure or a restriction",
        {NONE: "id request recipient kind way told_at acknowledged_at"},
        erase=Erase.WITH_PARENT,
    ),
    Row(
        "privacy.Authority",
        "Why somebody may act for another person",
        {
            NONE: "id request kind media_type size added_at judgement judged_at",
            STAFF: "judged_by",
            Category.SEALED: "name content",
        },
        erase=Erase.WITH_PARENT,
    ),
    Row(
        "privacy.BrowserSignal",
        "Browsers that asked us not to sell or share",
        {NONE: "id browser first_on last_on", ID: "account_ids"},
        erase=Erase.WITH_PARENT,
    ),
    Row(
        "privacy.Suppression",
        "Keyed hashes of whom we erased, to erase again after a restored backup",
        {NONE: "id kind digest erased_at expires_at"},
    ),
    Row(
        "privacy.ProcessorEvent",
        "Heads of messages from processors",
        {NONE: "id processor event_id kind object_id received_at"},
    ),
    Row(
        "privacy.Drill",
        "Fire drills with made-up people",
        {NONE: "id request started_at finished_at passed evidence"},
    ),
    Row(
        "privacy.MailToken",
        "Hashes of mailed links and codes",
        {NONE: "id request kind digest created_at expires_at used_at attempts"},
        erase=Erase.WITH_PARENT,
    ),
    Row(
        "privacy.Package",
        "Packages",
        {NONE: "id request created_at ready_at expires_at removed_at size sha256"},
        erase=Erase.WITH_PARENT,
    ),
    Row(
        "privacy.FulfilmentStep",
        "The ledger",
        {
            NONE: "id request connector action object position requires state not_before attempts "
            "fence epoch cursor receipt error finished_at"
        },
        erase=Erase.WITH_PARENT,
    ),
    Row(
        "retention.LegalHold",
        "Legal holds",
        {
            ID: "subject_id",
            NONE: "id model since until ground citation secrecy review_on request_id "
            "placed_at "
            "released_at",
            STAFF: "placed_by released_by",
        },
    ),
    Row("retention.Disposition", "What was disposed of", {NONE: "id rule at rows"}),
    Row(
        "retention.Retirement",
        "Days of calls that went, and the evidence",
        {
            NONE: "id table model day rule state started_at detached_at dropped_at rows first_at "
            "last_at checksum kept level"
        },
    ),
    Row(
        "retention.Sweep",
        "How far the deletion of old rows has come",
        {NONE: "id rule reached unrecorded rows_remaining measured_at"},
    ),
    Row(
        "retention.RollupCell",
        "Statistics that point to nobody",
        {NONE: "id source first_day last_day key accounts numbers made_at"},
    ),
    Row(
        "foundation.TrailChain",
        "Ends of event chains",
        {NONE: "id kind head_seq head_digest sealed_seq"},
    ),
    Row(
        "foundation.TrailEvent",
        "Events",
        {NONE: "id chain_id seq at code data digest", STAFF: "actor"},
    ),
    Row("foundation.TrailSeal", "Seals", {NONE: "seq at heads digest"}),
    Row(
        "foundation.JobRun",
        "Runs of jobs",
        {NONE: "id job window started_at leased_until finished_at outcome"},
    ),
    Row("foundation.Alarm", "Alarms", {NONE: "id code about raised_at mailed_at cleared_at"}),
    Row(
        "accounts.FeedEntry",
        "Which accounts and keys the gateway must hear of",
        {ID: "id account_id", NONE: "kind position changed_at"},
    ),
    Row(
        "accounts.FeedMark",
        "How far back the feed goes",
        {NONE: "id generation floor"},
    ),
    Row(
        "accounts.GatewayKey",
        "The gateway’s own keys, as hashes",
        {
            NONE: "id label prefix scopes created_at last_used_at revoked_at",
            Category.CREDENTIAL: "digest",
        },
    ),
    Row(
        "accounts.User",
        "Staff",
        {
            STAFF: "id username first_name last_name email last_login date_joined groups "
            "user_permissions is_superuser is_staff is_active",
            Category.CREDENTIAL: "password",
        },
    ),
    Row("accounts.User_groups", "Staff's roles", {NONE: "id group", STAFF: "user"}),
    Row(
        "accounts.User_user_permissions",
        "Staff's single permissions",
        {NONE: "id permission", STAFF: "user"},
    ),
    Row("auth.Permission", "Permissions", {NONE: "id name content_type codename"}),
    Row("auth.Group", "Roles", {NONE: "id name permissions"}),
    Row("auth.Group_permissions", "Permissions of roles", {NONE: "id group permission"}),
    Row("contenttypes.ContentType", "Kinds of rows", {NONE: "id app_label model"}),
    Row(
        "admin.LogEntry",
        "What staff did in the admin",
        {
            NONE: "id action_time content_type object_id object_repr action_flag change_message",
            STAFF: "user",
        },
    ),
    Row(
        "sessions.Session",
        "Staff's sessions",
        {NONE: "session_key expire_date", STAFF: "session_data"},
    ),
)

DATA_MAP = {row.model: row for row in (*SUBJECT_ROWS, *OTHER_ROWS)}
