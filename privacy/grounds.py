"""Why something is kept although its owner asked us to erase it, and what stops an erasure."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from retention.billing_periods import BILLING


class Ground(StrEnum):
    TAX = "tax"
    PROOF = "proof"
    SUPPRESSION = "suppression"
    PROCESSOR_LEDGER = "processor_ledger"
    EVENT_LOG = "event_log"
    MAIL_LOG = "mail_log"
    NO_MAIL = "no_mail"
    LEGAL_HOLD = "legal_hold"
    RECOURSE = "recourse"


class GroundRow(NamedTuple):
    """A legal ground: what the person is told, where it stands in the law, how long."""

    reason: str
    citation: str
    until: str


class Held(NamedTuple):
    """Why data must stay for now, where that stands, and until when as far as that is known."""

    reason: str
    citation: str
    until: date | None


GROUNDS: dict[Ground, GroundRow] = {
    Ground.TAX: GroundRow(
        "We must be able to show our accounts and taxes.",
        f"GDPR Art. 17(3)(b); Cal. Civ. Code § 1798.105(d)(8); 26 U.S.C. § 6001{BILLING.besides}",
        BILLING.until,
    ),
    Ground.PROOF: GroundRow(
        "We must be able to show how we answered your request.",
        "GDPR Art. 5(2) and 17(3)(e); 11 CCR § 7101",
        "24 months after your request is closed",
    ),
    Ground.SUPPRESSION: GroundRow(
        "An account number without a name, so that old sign-ins stay refused.",
        "GDPR Art. 17(3)(b) and 32; 11 CCR § 7022(e)",
        "24 months after your request is closed",
    ),
    Ground.PROCESSOR_LEDGER: GroundRow(
        "Stripe does not let us delete past payments and final invoices, "
        "and must keep them itself as a payment company.",
        "GDPR Art. 17(3)(b); docs.stripe.com/privacy/deletion-requests",
        "as long as Stripe's own law requires",
    ),
    Ground.EVENT_LOG: GroundRow(
        "Stripe writes down each change of a record, with what stood there before. "
        "No call deletes that; it goes by itself.",
        "GDPR Art. 12(3) and 17(1); docs.stripe.com/api/events",
        "30 days after the last change",
    ),
    Ground.MAIL_LOG: GroundRow(
        "Our mail service keeps a log of the letters we sent you about this request.",
        "GDPR Art. 17(3)(e)",
        "as long as the mail service keeps its log",
    ),
    Ground.NO_MAIL: GroundRow(
        "Your address is on our mail service’s list of those that nothing is sent to. "
        "Without it mail could reach you again.",
        "GDPR Art. 21(3) and 17(3)(b)",
        "until you ask us to take it off",
    ),
    Ground.LEGAL_HOLD: GroundRow(
        "We need the data for a legal claim, or the law or a court orders us to keep it.",
        "GDPR Art. 17(3)(b) and (e); Cal. Civ. Code § 1798.145(a)",
        "until the claim, the duty or the order ends",
    ),
    Ground.RECOURSE: GroundRow(
        "You asked us for this data, or to correct it. The law has us keep it while you can "
        "still have our answer looked at.",
        "PIPEDA s. 8(8); Singapore PDPR reg. 8",
        "until the time for that is over",
    ),
}

# What stops a request until a person has looked. Shown to staff.
BLOCKERS: dict[str, str] = {
    "legal_hold": "A legal hold covers this account. Release it first, or refuse the request.",
    "recourse_hold": "The person asked for this data, and the law keeps it until they have had "
    "the answer, or can’t complain about it any more. The hold says until when and then ends by "
    "itself. Answer that request first, or refuse this part until that day.",
    "other_erasure": "Another request is erasing the same person’s data, or is just stopping its "
    "use or giving it back. Wait until it has ended, or refuse this one.",
    "no_authority": "Nobody has shown yet that this parent or guardian may act for the child. "
    "Judge the proof first.",
    "several_accounts": "More than one account has this address. Find out which one is meant.",
    "unproved_customer": "A Stripe customer, or a payment without one, was found by its address "
    "alone, which nobody proved. Check that it is this person’s.",
    "foreign_customer": "A Stripe customer, or a payment without one, with this address belongs "
    "to another account. It will not be touched; decide whether the rest may go on.",
    "foreign_contact": "A Chatbase contact with this address belongs to another account. "
    "It will not be touched; decide whether the rest may go on.",
    "shared_customer": "Other accounts pay through the same Stripe customer. "
    "Erasing it would take their billing away.",
    "active_subscription": "A subscription still runs at Stripe. The erasure ends it at once; "
    "what is billed or given back for the rest is a setting.",
    "unpaid_invoice": "An invoice at Stripe is open. Unless a setting keeps it, the erasure "
    "voids it, and the money is lost. Collect it first, or let it go.",
    "credit_balance": "The person has credit at Stripe, which goes with the customer. "
    "Pay it back first, or agree with the person that it is lost.",
    "open_dispute": "A payment is disputed. Erasing weakens our answer to the bank, and a payment "
    "that is redacted is lost. Wait until it is closed, or let it go.",
    "other_sign_in": "Whoever signs in to this account now has another address than the one that "
    "was confirmed. Find out whether it is the same person; ask them at that address.",
    "several_users": "Supabase Auth has several users with this address.",
    "foreign_key": "A table refers to the Supabase user and would refuse its deletion. "
    "Map the table, or delete its rows, first.",
    "unlisted_bucket": "The person owns files in a bucket that SUPABASE_STORAGE_BUCKETS doesn't "
    "name. Find out whether they may go, then name the bucket.",
    "storage_unreadable": "We can't read Supabase Storage's tables (row level security, or no "
    "grant).",
    "auth_unreadable": "We can't read Supabase Auth's tables (row level security, or no grant).",
}

# What an erasure would end, lose or weaken at Stripe.
OF_BILLING = frozenset({"active_subscription", "credit_balance", "open_dispute", "unpaid_invoice"})
# Blockers that an approver may look at and let pass, for one request at a time.
ACCEPTABLE = frozenset(
    {"foreign_contact", "foreign_customer", "unproved_customer", "other_sign_in"} | OF_BILLING
)
# Blockers that matter only where something is erased.
OF_ERASURE = OF_BILLING | frozenset(
    {"legal_hold", "recourse_hold", "other_erasure", "foreign_key", "unlisted_bucket"}
)
# Blockers that matter only where one person is meant: without proof all are, who have the address.
OF_ONE = frozenset({"several_accounts"})

# Why a step is parked: what happened, and what to do.
PARKED: dict[str, str] = {
    **BLOCKERS,
    "by_hand": "This is done by hand. Do it, then close it with a note; at a processor, with a "
    "file that shows it.",
    "new_kind": "Since the approval something of a new kind was found. "
    "Look at the plan again and let it go on if it is right.",
    "residue": "The last look still found something. Erase it, then retry.",
    "refused": "The processor refused the call, or the address. Retry, or, if it is a letter that "
    "can't be delivered, close the step with a note.",
    "external_tables_wrong": "The file of tables beside our own doesn't fit the databases (any "
    "more). Run manage.py check --database default.",
    "refused_value": "A table beside our own refused the value: too long, taken, or against a "
    "rule of its own.",
    "still_referenced": "Another table refers to these rows and refuses their deletion.",
    "payment_required": "Supabase restricts our organisation until its bill or quota is in order.",
    "not_removed": "Supabase Storage answered that it removed files, and they are still there.",
    "bucket_missing": "SUPABASE_STORAGE_BUCKETS names a bucket that doesn't exist.",
    "invalid_state": "Stripe won't redact: something of the person's is still open there.",
    "invalid_cascading_source": "Stripe won't redact: something that hangs on the customer is "
    "still open there.",
    "invalid_file_purpose": "Stripe won't redact: a file hangs on a dispute.",
    "locked_by_other_job": "Stripe won't redact: another redaction job holds the same objects.",
    "too_many_objects": "Stripe won't redact so many objects in one job. Ask its support.",
    "no_permission": "The processor refused our key. Check its permissions.",
    "plan_incomplete": "A system's answer is missing. Look again, then retry.",
    "too_many_attempts": "It failed many times. Check the processor's status, then retry.",
    "not_written": "The system took the correction, and yet the old value still stands there. "
    "Look there, then retry.",
    "already_taken": "Another sign-in has this e-mail address or phone number already. Find out "
    "whose it is; retry when it is free.",
    "appeal_open": "The person has appealed. What was stopped stays so until that is decided.",
    "not_told": "The person hasn’t had the letter that the restriction ends. "
    "See that it is sent, then retry.",
    "newer_request": "A newer request of the same person restricts or erases the same data. "
    "Wait until it has ended, or call the lifting off.",
    "key_gone": "The request's key was destroyed; its contact details can't be read any more.",
    "internal": "Our own code failed. The log names the place; nothing was lost.",
}
