"""Why something is kept although its owner asked us to erase it, and what stops an erasure."""

from enum import StrEnum
from typing import NamedTuple


class Ground(StrEnum):
    TAX = "tax"
    PROOF = "proof"
    SUPPRESSION = "suppression"
    PROCESSOR_LEDGER = "processor_ledger"
    MAIL_LOG = "mail_log"


class GroundRow(NamedTuple):
    """A legal ground: what the person is told, where it stands in the law, how long."""

    reason: str
    citation: str
    until: str


GROUNDS: dict[Ground, GroundRow] = {
    Ground.TAX: GroundRow(
        "We must be able to show our accounts and taxes.",
        "GDPR Art. 17(3)(b); Cal. Civ. Code § 1798.105(d)(8); 26 U.S.C. § 6001",
        "7 years after the invoice",
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
    Ground.MAIL_LOG: GroundRow(
        "Our mail service keeps a log of the letters we sent you about this request.",
        "GDPR Art. 17(3)(e)",
        "as long as the mail service keeps its log",
    ),
}

# What stops a request until a person has looked. Shown to staff.
BLOCKERS: dict[str, str] = {
    "legal_hold": "A legal hold covers this account. Release it first, or refuse the request.",
    "other_erasure": "Another erasure of the same person is under way. "
    "Wait until it has ended, or refuse this one.",
    "several_accounts": "More than one account has this address. Find out which one is meant.",
    "unproved_customer": "A Stripe customer was found by its address alone, which nobody proved. "
    "Check that it is this person’s.",
    "foreign_customer": "A Stripe customer with this address belongs to another account. "
    "It will not be touched; decide whether the rest may go on.",
    "shared_customer": "Other accounts pay through the same Stripe customer. "
    "Erasing it would take their billing away.",
    "other_sign_in": "Whoever signs in to this account now has another address than the one that "
    "was confirmed. Find out whether it is the same person; ask them at that address.",
    "several_users": "Supabase Auth has several users with this address.",
    "foreign_key": "A table refers to the Supabase user and would refuse its deletion. "
    "Map the table, or delete its rows, first.",
    "auth_unreadable": "We can't read Supabase Auth's tables (row level security, or no grant).",
}

# Blockers that an approver may look at and let pass, for one request at a time.
ACCEPTABLE = frozenset({"foreign_customer", "unproved_customer", "other_sign_in"})
# Blockers that matter only where something is erased.
OF_ERASURE = frozenset({"legal_hold", "other_erasure", "foreign_key"})

# Why a step is parked: what happened, and what to do.
PARKED: dict[str, str] = {
    **BLOCKERS,
    "by_hand": "This right is carried out by hand. Do it, then close the step with a note.",
    "new_kind": "Since the approval something of a new kind was found. "
    "Look at the plan again and let it go on if it is right.",
    "residue": "The last look still found something. Erase it, then retry.",
    "refused": "The processor refused the call, or the address. Retry, or, if it is a letter that "
    "can't be delivered, close the step with a note.",
    "no_permission": "The processor refused our key. Check its permissions.",
    "too_many_attempts": "It failed many times. Check the processor's status, then retry.",
    "key_gone": "The request's key was destroyed; its contact details can't be read any more.",
    "internal": "Our own code failed. The log names the place; nothing was lost.",
}
