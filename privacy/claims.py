"""The promises of the privacy policy, as one table: what proves each, or why it is still open.

The policy's text is not copied: the promises stand here in our own words, and the SHA-256 of the
text that they were read from is pinned. `manage.py policy` prints the table and runs the checks.
"""

from typing import NamedTuple

POLICY_UPDATED = "June 4, 2026"
# Of the text's bytes, exactly as published. `manage.py policy --text FILE` compares.
POLICY_SHA256 = "1d874c80c63a129fc304e18d03abe0a9d837dbda3eae046da4766082239dce01"


class Claim(NamedTuple):
    """A promise. `check` is a key of `privacy.services.policy.CHECKS`; without one it is open.

    `note` says what the check looks at, or what is missing.
    """

    id: str
    section: str
    promise: str
    check: str | None
    note: str


COLLECT = "What we collect"
USE = "How we use your data"
PROMPTS = "Your prompts and responses"
PROVIDERS = "Service providers we rely on"
WHERE = "Where your data is processed"
KEEP = "How long we keep data"
RIGHTS = "Your rights and choices"
CHILDREN = "Children’s data"
SECURITY = "Security"
CONTACT = "Contact"

CLAIMS = (
    Claim(
        "collected-kinds",
        COLLECT,
        "We can name every kind of personal data that we hold, field by field.",
        "data_map_is_complete",
        "Every column of every installed table has a category in the data map.",
    ),
    Claim(
        "request-metadata",
        COLLECT,
        "About each call we note figures such as tokens, cost, time and model, not what was said.",
        "metadata_holds_no_content",
        "The table of calls has figures and ids only, and no column for free text.",
    ),
    Claim(
        "no-card-number",
        COLLECT,
        "Your full card number is never in our hands: Stripe has it.",
        "no_card_number_is_stored",
        "No table has a column for a card number or its security code; Stripe’s connector is on.",
    ),
    Claim(
        "support-only-answers",
        COLLECT,
        "What you write to support is used to answer you.",
        None,
        "Missing: nothing technical keeps support messages from being used for something else.",
    ),
    Claim(
        "stated-purposes",
        USE,
        "Every use has a purpose that we can state: service, billing, support, security, law.",
        "data_has_a_purpose",
        "Each table of personal data names its purpose and where the data comes from.",
    ),
    Claim(
        "legal-bases",
        USE,
        "Every use rests on our contract, on our legitimate interests or on a legal obligation.",
        "data_has_a_legal_basis",
        "Each table of personal data names exactly one of the three articles.",
    ),
    Claim(
        "no-other-purposes",
        USE,
        "We use your data for nothing else.",
        None,
        "Missing: the gateway does not yet ask this toolkit whether a use is allowed.",
    ),
    Claim(
        "forwarded-only",
        PROMPTS,
        "What you send goes to the provider that answers it, and to nobody else.",
        None,
        "Missing: the gateway’s door to this toolkit (the ingest) is not in this release.",
    ),
    Claim(
        "redacted-copy",
        PROMPTS,
        "The copy that we keep of a request is cleared of personal details first.",
        None,
        "Missing: redaction and ingest are not in this release.",
    ),
    Claim(
        "no-raw-content",
        PROMPTS,
        "The original wording of prompts and answers is not kept.",
        None,
        "Missing: shown by the tests of the ingest, which is not in this release.",
    ),
    Claim(
        "no-training",
        PROMPTS,
        "No model of ours is trained on your prompts or answers.",
        None,
        "Missing: how models are trained lies outside this software; a person must vouch for it.",
    ),
    Claim(
        "synthetic-routing",
        PROMPTS,
        "What judges our routing learns from made-up traffic only.",
        None,
        "Missing: the routing systems lie outside this software; a person must vouch for it.",
    ),
    Claim(
        "no-sale",
        PROMPTS,
        "Your data is not sold.",
        None,
        "Missing: contracts can show it, software can’t; a person must vouch for it.",
    ),
    Claim(
        "no-sharing-for-ads",
        PROMPTS,
        "Your data is not passed on for advertising across sites.",
        None,
        "Missing: these pages load nothing from elsewhere, but nobody watches the main site.",
    ),
    Claim(
        "six-providers",
        PROVIDERS,
        "The companies that work for us are the six that the policy names.",
        "providers_are_the_named_six",
        "The table of processors has exactly these six; no connector talks to another company.",
    ),
    Claim(
        "stripe",
        PROVIDERS,
        "Stripe does payments and billing.",
        "stripe_is_connected",
        "Its connector is in use, so your data there is found, exported and erased.",
    ),
    Claim(
        "supabase",
        PROVIDERS,
        "Supabase does sign-in and the database.",
        "supabase_is_connected",
        "The connectors for sign-in and for our own tables are in use.",
    ),
    Claim(
        "resend",
        PROVIDERS,
        "Resend carries our letters.",
        "mail_leaves_by_resend",
        "Mail is handed to Resend and to no other service.",
    ),
    Claim(
        "cloudflare",
        PROVIDERS,
        "Cloudflare protects and delivers the site.",
        "cloudflare_is_explained",
        "Its row says what passes through, why nothing can be erased there, and for how long.",
    ),
    Claim(
        "chatbase",
        PROVIDERS,
        "Chatbase runs the support assistant and sees what you type into it.",
        "chatbase_is_reached",
        "A connector deletes there; without one each erasure has a task for staff.",
    ),
    Claim(
        "model-providers",
        PROVIDERS,
        "AI model providers get the requests that they answer.",
        "model_providers_are_reached",
        "What is stored there is deleted by connector or task; logs have an end.",
    ),
    Claim(
        "regions",
        WHERE,
        "We can say for each provider where it processes your data.",
        "regions_are_stated",
        "Each row of the table of processors names a region.",
    ),
    Claim(
        "safeguards",
        WHERE,
        "Where data leaves Europe, contracts that Europe accepts protect it.",
        None,
        "Missing: the table names a mechanism for each provider; nobody checks the contracts.",
    ),
    Claim(
        "account-while-active",
        KEEP,
        "Your account’s data stays as long as your account is in use.",
        "only_closed_accounts_end",
        "The only rule about accounts counts from their closing, and erases by the ledger.",
    ),
    Claim(
        "billing-as-law-says",
        KEEP,
        "Billing and tax records stay as long as the law wants them.",
        "billing_records_are_kept",
        "An erasure keeps them; no rule disposes of them within seven years, or within the longer "
        "time of a country where we are registered for tax.",
    ),
    Claim(
        "billing-ends",
        KEEP,
        "Billing records go when the law no longer wants them.",
        "billing_records_end",
        "A rule deletes invoices, and the statements behind them, after that same time.",
    ),
    Claim(
        "metadata-limited",
        KEEP,
        "What we note about calls stays for a limited time.",
        "request_metadata_ends",
        "A rule takes each day of calls out after 90 days, redacted copies after 30.",
    ),
    Claim(
        "own-forms-end",
        KEEP,
        "What you give us to make a request goes when it has served.",
        "forms_links_and_packages_expire",
        "Drafts go after 24 hours, links a day after they expire, packages after 30 days.",
    ),
    Claim(
        "unneeded-is-deleted",
        KEEP,
        "Everything else is deleted, or made anonymous, once nothing needs it.",
        "everything_has_an_end",
        "Every table of personal data has a rule that works, or goes with one that has.",
    ),
    Claim(
        "access",
        RIGHTS,
        "You can have a copy of your account’s data.",
        "access_reaches_every_system",
        "Every connector can export, and every access request exports from each of them.",
    ),
    Claim(
        "know",
        RIGHTS,
        "You can learn everything that our own tables hold about you.",
        "export_names_every_field",
        "Each personal field is in the export; secrets are named there, not shown.",
    ),
    Claim(
        "reach-of-rights",
        RIGHTS,
        "Your rights reach all the companies that work for us.",
        "rights_reach_every_company",
        "Each company has a connector, a task for staff, or a published reason.",
    ),
    Claim(
        "correction",
        RIGHTS,
        "You can have your account’s data corrected.",
        "correction_is_carried_out",
        "Each system that holds a field writes it; what none holds becomes a step for staff.",
    ),
    Claim(
        "deletion",
        RIGHTS,
        "You can have your account’s data deleted.",
        "erasure_reaches_every_system",
        "Every connector erases and looks again, and every erasure request uses each of them.",
    ),
    Claim(
        "portability",
        RIGHTS,
        "You can take your data elsewhere.",
        "portability_reaches_every_gift",
        "Each system with something that you gave us is planned; the pack’s form is published.",
    ),
    Claim(
        "objection",
        RIGHTS,
        "You can object to a use of your data.",
        "objection_is_carried_out",
        "The uses it stops are in one table, and each system that serves one stops it.",
    ),
    Claim(
        "restriction",
        RIGHTS,
        "You can have us stop using your data while we keep it.",
        "restriction_is_carried_out",
        "The uses it stops are in one table, and each system that serves one stops it.",
    ),
    Claim(
        "opt-out",
        RIGHTS,
        "You can tell us never to sell or share your data.",
        "opt_out_is_carried_out",
        "In effect from the moment of asking, without proof: written down per account for gateway "
        "and jobs.",
    ),
    Claim(
        "by-mail",
        RIGHTS,
        "Writing to our address is enough to make a request.",
        "requests_by_mail_are_taken_in",
        "Staff enter a request that came by e-mail, phone or letter, with its own date.",
    ),
    Claim(
        "only-verified",
        RIGHTS,
        "We act on a request only when we know that it is yours.",
        "only_verified_requests_are_worked_on",
        "Nothing is given, changed or erased before a proof. Without one we only stop uses of "
        "data, such as its sale.",
    ),
    Claim(
        "honoured-in-time",
        RIGHTS,
        "We honour a verified request by a day that the law allows.",
        "due_dates_are_lawful",
        "Every due date is within 30 days and one month of receipt; what is late raises an alarm.",
    ),
    Claim(
        "kept-for-a-reason",
        RIGHTS,
        "What an erasure leaves behind stays for a legal reason that we name.",
        "kept_data_names_its_ground",
        "Each kept table names a ground with its article, and how long it holds.",
    ),
    Claim(
        "aggregate-only",
        RIGHTS,
        "Statistics that outlive an erasure point to nobody.",
        "statistics_point_to_nobody",
        "A number needs ten accounts behind it, none of them more than half; no column names one.",
    ),
    Claim(
        "complaint",
        RIGHTS,
        "People in Europe and the UK are free to complain to their authority.",
        "answers_name_the_authority",
        "The letters that refuse, or finish an erasure, say so.",
    ),
    Claim(
        "api-key",
        RIGHTS,
        "An API key belongs to one account and only you know it.",
        "api_keys_are_hashed",
        "We store its hash and its first letters; an export shows neither key nor hash.",
    ),
    Claim(
        "adults-only",
        CHILDREN,
        "The service is for people of 18 and over, and we don’t knowingly collect from children.",
        None,
        "Missing: sign-up belongs to the gateway; this software sees no age.",
    ),
    Claim(
        "child-data-deleted",
        CHILDREN,
        "Tell us that a child gave us data, and we delete it.",
        "childrens_data_is_deleted",
        "A page of its own, for anybody; two people erase, and no report waits for over 3 days.",
    ),
    Claim(
        "encrypted-in-transit",
        SECURITY,
        "Your data is encrypted on its way.",
        "transport_is_encrypted",
        "Site, cookies, databases and processors use TLS wherever they leave this machine.",
    ),
    Claim(
        "staff-roles",
        SECURITY,
        "Staff can do only what their role allows, and nobody erases alone.",
        "access_is_by_role",
        "The table of roles: only approvers approve, and an erasure needs two people.",
    ),
    Claim(
        "closed-database",
        SECURITY,
        "Nobody reaches our tables through Supabase’s public interface.",
        "database_is_closed",
        "Supabase’s public roles have no privilege on any of our tables; none is in `public`.",
    ),
    Claim(
        "vetted-providers",
        SECURITY,
        "We look at providers before we use them.",
        None,
        "Missing: there is no record of such a review.",
    ),
    Claim(
        "breach-notice",
        SECURITY,
        "If a breach touches your data, we tell you and the authorities as the law says.",
        None,
        "Missing: breaches have no register, clock or letters in this release.",
    ),
    Claim(
        "contact-address",
        CONTACT,
        "Questions reach us at the address that the policy gives.",
        "contact_address_is_shown",
        "Pages and letters carry that address, from one setting.",
    ),
    Claim(
        "cookie-policy",
        CONTACT,
        "A cookie policy says which cookies we set.",
        None,
        "Missing: nothing compares the cookies that are set with that policy.",
    ),
    Claim(
        "newest-version",
        CONTACT,
        "The date on the policy is that of its newest version.",
        None,
        "Missing: nobody fetches the published page; `policy --text FILE` compares a copy.",
    ),
)
