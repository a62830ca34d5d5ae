"""For each check behind a promise: ways to break what it looks at."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django.template import Engine

from accounts.purposes import Purpose
from privacy.connectors.base import Connector
from privacy.connectors.registry import connectors
from privacy.datamap import DATA_MAP, SUBJECT_ROWS, Category, Erase, Find
from privacy.grounds import GROUNDS, Ground
from privacy.letters.elements import ELEMENTS, Element
from privacy.portability import TYPES
from privacy.processors import PROCESSORS
from privacy.rights import Executor, Level, Right
from privacy.services import tokens
from privacy.services.fulfilment import executors
from privacy.services.package import build
from privacy.services.policy_checks import providers, security
from privacy.states import TRANSITIONS, Status
from retention.rollups import ROLL_UPS
from retention.services.retirement import publish
from tests.privacy.breaking import (
    Break,
    Mute,
    database,
    exempt,
    field_named,
    forgotten_report,
    granted,
    late,
    letters_without,
    linked,
    mapped,
    never_stopped,
    nobody_takes_in,
    permitted,
    planning,
    planning_none,
    promised,
    recategorised,
    renamed_processor,
    right,
    ruled,
    secure_but,
    setting,
    stopping,
    undone,
    unruled,
    using,
    way,
    worked_on_unproved,
)

METADATA, BILLING = "accounts.GatewayRequest", "accounts.BillingRecord"
BREAKAGES: dict[str, list[Break]] = {
    "data_map_is_complete": [
        recategorised("accounts.Account", "company", None),
        lambda patch: patch.delitem(DATA_MAP, "accounts.Account"),
    ],
    "metadata_holds_no_content": [recategorised(METADATA, "end_user", Category.CONTENT)],
    "no_card_number_is_stored": [
        field_named("card_number"),
        field_named("cvc"),
        using(without="stripe"),
    ],
    "data_has_a_purpose": [mapped(METADATA, purpose=""), mapped(METADATA, source="")],
    "data_has_a_legal_basis": [mapped(METADATA, basis="because")],
    "api_keys_are_hashed": [
        recategorised("accounts.ApiKey", "digest", Category.IDENTIFIER),
        field_named("secret"),
    ],
    "only_closed_accounts_end": [
        ruled("accounts.Account", relativedelta(years=1)),
        ruled("accounts.ApiKey", relativedelta(years=1)),
    ],
    "billing_records_are_kept": [
        mapped(BILLING, erase=Erase.DELETE),
        mapped(BILLING, ground=Ground.PROOF),
        ruled(BILLING, relativedelta(years=6)),
    ],
    "forms_links_and_packages_expire": [
        unruled("privacy.Package"),
        ruled("privacy.Draft", relativedelta(hours=25)),
        undone("remove_package"),
        lambda patch: patch.setattr(build, "KEEP_FOR", timedelta(days=31)),
    ],
    "billing_records_end": [
        unruled(BILLING),
        unruled("accounts.UsageStatement"),
        ruled(BILLING, relativedelta(years=8)),
        undone("delete"),
    ],
    "request_metadata_ends": [
        unruled("accounts.GatewayBody"),
        ruled(METADATA, relativedelta(days=91)),
        undone("retire"),
    ],
    "everything_has_an_end": [
        unruled("accounts.SupportMessage"),
        unruled("privacy.PrivacyRequest"),
        undone("delete_request"),
        exempt("accounts.ProviderObject", ""),
        exempt("foundation.TrailEvent", ""),
    ],
    "statistics_point_to_nobody": [
        lambda patch: patch.setattr(publish, "K", 9),
        lambda patch: patch.setattr(publish, "TIMES", 1),
        recategorised("retention.RollupCell", "key", Category.IDENTIFIER),
        lambda patch: patch.setitem(ROLL_UPS[METADATA].dimensions, "who", "end_user"),
        lambda patch: patch.delitem(ROLL_UPS[METADATA].rounded, "cost_usd"),
    ],
    "providers_are_the_named_six": [
        renamed_processor("Chatbase", name="Other"),
        lambda patch: patch.setattr(providers, "PROCESSORS", PROCESSORS[1:]),
        renamed_processor("Stripe", connectors=()),
    ],
    "stripe_is_connected": [renamed_processor("Stripe", connectors=()), using(without="stripe")],
    "supabase_is_connected": [
        using(without="supabase_auth"),
        using(without="database"),
        renamed_processor("Supabase", connectors=()),
    ],
    "mail_leaves_by_resend": [
        setting("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend"),
        renamed_processor("Resend", name="Other"),
    ],
    "chatbase_is_reached": [renamed_processor("Chatbase", task="")],
    "model_providers_are_reached": [
        renamed_processor("AI model providers", task=""),
        renamed_processor("AI model providers", expiry=None),
    ],
    "cloudflare_is_explained": [renamed_processor("Cloudflare", limits=())],
    "rights_reach_every_company": [
        renamed_processor("Chatbase", task=""),
        renamed_processor("Cloudflare", limits=()),
    ],
    "regions_are_stated": [renamed_processor("Cloudflare", region="")],
    "access_reaches_every_system": [
        right(Right.ACCESS, executor=Executor.BY_HAND),
        using(Mute()),
        planning("add_package"),
        lambda patch: patch.delitem(executors.OURS, "package:assemble"),
    ],
    "export_names_every_field": [
        mapped(METADATA, find=Find.NEVER),
        using(Mute()),
        lambda patch: patch.setattr(type(SUBJECT_ROWS[0]), "exported", lambda row: iter(())),
    ],
    "erasure_reaches_every_system": [
        right(Right.ERASURE, executor=Executor.BY_HAND),
        using(Mute()),
        planning("add_erasure"),
        lambda patch: patch.setattr(type(connectors()["stripe"]), "erasure", ()),
        lambda patch: patch.setattr(type(connectors()["stripe"]), "verify", Connector.verify),
    ],
    "correction_is_carried_out": [
        right(Right.RECTIFICATION, executor=Executor.BY_HAND),
        using(without="database"),
        planning_none("add_correction"),
    ],
    "portability_reaches_every_gift": [
        right(Right.PORTABILITY, executor=Executor.BY_HAND),
        using(without="database"),
        planning("add_package"),
        lambda patch: patch.delitem(executors.OURS, "package:assemble"),
        lambda patch: patch.setitem(TYPES, "profiles", {}),
    ],
    "objection_is_carried_out": stopping(Right.OBJECTION),
    "restriction_is_carried_out": stopping(Right.RESTRICTION),
    "opt_out_is_carried_out": [
        *stopping(Right.OPT_OUT),
        right(Right.OPT_OUT, level=Level.ADDRESS),
        never_stopped,
    ],
    "only_verified_requests_are_worked_on": [
        right(Right.OPT_OUT, stops=(Purpose.SERVICE,)),
        worked_on_unproved,
        way(Status.VERIFYING, Status.APPROVED),
        way(Status.IN_REVIEW, Status.FULFILLING),
        right(Right.ACCESS, level=Level.NONE),
        linked(single_use=False, days=7),
        linked(days=8),
        lambda patch: patch.setattr(tokens, "MAX_ATTEMPTS", 1000),
    ],
    "due_dates_are_lawful": [late(1), promised(safe_due=60), promised(due_on=1)],
    "kept_data_names_its_ground": [
        mapped(BILLING, ground=None),
        lambda patch: patch.delitem(GROUNDS, Ground.TAX),
        lambda patch: patch.setitem(
            GROUNDS, Ground.TAX, GROUNDS[Ground.TAX]._replace(citation=" ")
        ),
    ],
    "requests_by_mail_are_taken_in": [nobody_takes_in],
    "contact_address_is_shown": [
        setting("CONTACT_EMAIL", "other@example.com"),
        lambda patch: patch.setattr(Engine.get_default(), "context_processors", []),
        letters_without("questions", "objecting", "object_before"),
        lambda patch: patch.setitem(ELEMENTS, "questions", Element(("contact",), required=False)),
    ],
    "answers_name_the_authority": [letters_without("complaint")],
    "childrens_data_is_deleted": [
        lambda patch: patch.setitem(TRANSITIONS, Status.RECEIVED, frozenset()),
        lambda patch: patch.setitem(ELEMENTS, "child_report_done", Element(("rights",))),
        right(Right.ERASURE, approvers=1),
        forgotten_report,
    ],
    "transport_is_encrypted": [
        setting("PUBLIC_URL", "http://privacy.example.com"),
        setting("STRIPE_API_BASE", "http://api.stripe.com"),
        setting("SUPABASE_URL", "http://10.0.0.5"),
        setting("ANYMAIL", {"RESEND_API_URL": "http://api.resend.com"}),
        database("default", HOST="db.example.com", OPTIONS={}),
        database("supabase", HOST="db.example.com", OPTIONS={"sslmode": "prefer"}),
        secure_but(SESSION_COOKIE_SECURE=False),
        secure_but(SECURE_HSTS_SECONDS=0),
    ],
    "access_is_by_role": [
        permitted("Viewer", security.APPROVE),
        permitted("Auditor", security.REVEAL),
        right(Right.ERASURE, approvers=1),
    ],
    "database_is_closed": [
        granted("GRANT SELECT ON fluxrouter.accounts_account TO PUBLIC"),
        granted("GRANT USAGE ON SCHEMA fluxrouter TO PUBLIC"),
        granted("CREATE TABLE public.accounts_account (id int)"),
    ],
}
