"""Do the contract tests test anything? Break the vendors' rules one by one, and see them fail.

`python -m tests.contract.mutations` runs every check against every broken rule and prints which
checks noticed. Without it each rule's own check runs (test_mutations.py).
"""

import inspect
import os
import sys
from collections.abc import Callable
from types import ModuleType

import pytest

from fluxrouter.sandbox.mailbox import create_app as create_mailbox
from fluxrouter.sandbox.mailbox.rules import RULES as MAILBOX_RULES
from fluxrouter.sandbox.stripe import RULES as STRIPE_RULES
from fluxrouter.sandbox.stripe import StripeSandbox
from fluxrouter.sandbox.supabase.app import create_app as create_auth
from fluxrouter.sandbox.supabase.rules import RULES as AUTH_RULES
from fluxrouter.sandbox.supabase.storage_rules import STORAGE_RULES
from tests.contract import (
    test_mail_contract,
    test_resend_cases,
    test_stripe_cases,
    test_stripe_contract,
    test_stripe_correction,
    test_stripe_erasure,
    test_stripe_finding,
    test_stripe_guests,
    test_stripe_objects,
    test_stripe_redaction,
    test_stripe_winding,
    test_supabase_auth_contract,
    test_supabase_auth_effects,
    test_supabase_storage_contract,
    test_supabase_storage_removal,
)
from tests.support.world import Connect, World

Check = Callable[[World], None]
RULES = {
    "stripe": STRIPE_RULES,
    "auth": AUTH_RULES,
    "storage": STORAGE_RULES,
    "mail": MAILBOX_RULES,
}

# Per rule the check that must fail when the rule is broken.
KILLED_BY: dict[str, dict[str, str]] = {
    "stripe": {
        "deleted_customer_leaves_lists": "only_a_tombstone_is_left_of_the_customer",
        "second_delete_is_missing": "deleting_twice_is_success_and_one_deletion",
        "charges_keep_copies": "the_copies_in_past_payments_are_what_we_say_stays",
        "invoices_keep_copies": "the_copies_in_final_invoices_are_what_we_say_stays",
        "email_filter_is_exact": "a_part_of_an_address_is_another_address",
        "lists_have_pages": "more_than_a_page_is_found",
        "status_all_shows_canceled": "every_subscription_is_found_also_a_canceled_one",
        "cancel_ends_subscription": "subscriptions_end_before_the_customer_goes",
        "second_cancel_is_missing": (
            "who_finds_a_subscription_cancelled_by_another_worker_goes_on"
        ),
        "pause_collection_is_kept": "a_lift_restores_exactly_what_was_frozen",
        "empty_pause_resumes": "a_lift_restores_exactly_what_was_frozen",
        "detach_unlinks": "payment_methods_are_taken_off_before_the_customer_goes",
        "tax_id_goes": "tax_numbers_go_before_the_customer_goes",
        "empty_value_clears_field": "the_customers_fields_are_empty_before_the_customer_goes",
        "empty_metadata_clears_all": "the_customers_metadata_is_empty_before_the_customer_goes",
        "missing_has_code": "somebody_unknown_to_stripe_has_no_data",
        "errors_are_replayed": "a_stored_error_needs_another_key",
        "key_binds_parameters": "a_key_that_is_used_for_something_else_stops_for_a_person",
        "rate_limit_is_429": "too_many_requests_are_a_wait_and_no_failure",
        "unknown_key_is_401": "a_rotated_key_stops_for_a_person",
        "missing_permission_is_403": "a_permission_that_is_missing_stops_for_a_person",
        "customer_stays_retrievable": "what_a_deleted_customer_left_is_still_told_as_kept",
        "drafts_follow_customer": "draft_invoices_follow_and_final_copies_are_only_counted",
        "drafts_can_be_deleted": "more_than_a_page_of_drafts_goes_past_those_that_stay",
        "open_invoices_can_be_voided": "erasure_leaves_nothing",
        "unfinished_payments_can_be_canceled": "erasure_leaves_nothing",
        "unfinished_setups_can_be_canceled": "erasure_leaves_nothing",
        "unfinished_quotes_can_be_canceled": "erasure_leaves_nothing",
        "open_sessions_can_be_expired": "erasure_leaves_nothing",
        "pending_items_can_be_deleted": "more_than_a_page_of_drafts_goes_past_those_that_stay",
        "source_goes": "older_cards_go_before_the_customer_goes",
        "same_key_same_answer": "a_canary_is_found_and_erased",
        "sessions_are_found_by_email": "a_guests_payment_is_found_by_its_address",
        "redaction_reaches_related_objects": (
            "what_stripe_keeps_is_redacted_and_then_the_customer_goes"
        ),
    },
    "auth": {
        "delete_blocked_by_foreign_key": "a_refused_deletion_is_for_a_person",
        "delete_again_is_not_found": "deleting_twice_is_success_and_one_deletion",
        "delete_writes_the_person_into_the_log": (
            "the_deletion_itself_names_the_person_in_the_log"
        ),
        "delete_leaves_the_log": "the_purge_counts_what_no_foreign_key_reaches",
        "delete_leaves_flow_state": "the_purge_counts_what_no_foreign_key_reaches",
        "delete_soft_is_a_hash": "a_softly_deleted_address_is_found_by_the_stored_id_only",
        "ban_refuses_sign_in": "a_frozen_person_can_not_sign_in_until_the_lift",
    },
    "storage": {
        "remove_is_silent": "a_removal_that_says_nothing_is_seen",
        "remove_takes_whole_names": "a_name_that_goes_on_is_another_file",
        "restricted_organisation_is_402": "a_restricted_organisation_is_for_a_person",
    },
    "mail": {
        "key_is_checked": "a_refused_key_stops_for_a_person",
        "idempotency_same_mail_once": "a_letter_that_is_tried_twice_arrives_once",
        "idempotency_other_payload_conflicts": (
            "another_text_under_the_same_key_stops_for_a_person"
        ),
        "sending_key_only_sends": "a_key_that_may_only_send_stops_for_a_person",
        "lists_have_pages": "more_than_a_page_of_mails_is_found",
        "address_heeds_case": "the_last_look_reads_every_page",
        "address_can_be_changed": "a_new_address_is_written_and_the_contact_keeps_its_past",
        "unsubscribed_is_kept": ("a_restriction_keeps_a_contact_out_of_broadcasts_until_the_lift"),
        "deleted_contact_is_gone": "a_deleted_contact_is_in_no_list",
    },
}

# Rules on which nothing of ours rests, and why.
UNUSED: dict[str, dict[str, str]] = {
    "stripe": {
        "delete_cancels_subscriptions": "they are cancelled one by one before",
        "delete_detaches_payment_methods": "they are detached one by one before",
        "email_filter_is_case_sensitive": "it asks in every spelling it knows",
        "second_detach_is_refused": "it looks before it detaches; who is second lost the step",
        "metadata_merges": "metadata is only emptied",
        "empty_metadata_value_removes_key": "a key without a value says nothing of anybody",
        "session_intents_end_with_the_session": "sessions are expired before their intents",
        "proration_stays_pending": "pending items are deleted, wherever they come from",
        "subscription_drafts_stay": "it never tries to delete a subscription's draft",
        "canceled_schedule_ends_subscription": "a schedule that runs is released",
        "search_lags_behind": "the last look doesn't search",
        "running_schedules_can_be_ended": "it looks before it ends one",
        "search_has_pages": "a user has few customers",
        "changes_make_events": "a test of the webhook makes its own",
        "events_go_after_thirty_days": "no events are read",
        "webhooks_are_signed": "a test of the webhook tries each wrong signature",
        "redaction_needs_a_preview_version": "each of these calls names the version",
        "redaction_takes_time": "it asks until a job is over, however soon that is",
        "redaction_takes_ten_objects": "no job ever has more",
        "redaction_reaches_events": "events go by themselves",
        "redaction_locks_objects": "a job that failed is cancelled",
        "redaction_is_canceled_before_it_runs": "a job that runs is left to run",
        "young_payments_cannot_be_redacted": "it counts the ninety days by itself",
        "open_disputes_cannot_be_redacted": "it looks for open disputes by itself",
        "evidence_files_cannot_be_redacted": "each code of a failed job is tried by itself",
    },
    "auth": {
        "ban_refuses_refresh": "a freeze deletes the refresh tokens",
        "token_outlives_ban_and_logout": "old tokens are refused by the gateway's own deny-list",
        "list_fifty_a_page": "users are found by SQL, never by Auth's list",
        "list_filter_is_like": "users are found by SQL, never by Auth's filter",
        "key_only_in_apikey": "a test looks at the headers themselves",
        "error_version_hides_the_database": "both forms are understood, and tested",
        "update_merges_metadata": "no metadata is written",
        "contact_is_normalised": "no address is written; addresses are compared in lower case",
    },
    "storage": {
        "remove_takes_a_thousand": "it never asks for more",
        "list_is_one_folder": "files are found by the other list",
        "list_hundred_a_page": "files are found by the other list",
        "list_v2_thousand_a_page": "it asks for a thousand itself",
        "list_prefix_is_literal": "names are compared again, letter by letter",
        "missing_bucket_looks_empty": "buckets are looked up in their table",
        "errors_are_400": "the status in the body counts; HTTP's is understood as well",
        "secret_key_leaves_no_owner": "a folder's files are found whoever owns them",
    },
    "mail": {},
}


def functions(module: ModuleType) -> dict[str, Check]:
    """A module's tests that need a world and nothing else."""
    return {
        name.removeprefix("test_"): test
        for name, test in inspect.getmembers(module, inspect.isfunction)
        if name.startswith("test_") and list(inspect.signature(test).parameters) == ["world"]
    }


def promises(case: type) -> dict[str, Check]:
    """A connector's contract tests."""

    def bound(name: str) -> Check:
        def check(world: World) -> None:
            instance = case()
            instance.world = world
            getattr(instance, name)()

        return check

    names = [name for name in dir(case) if name.startswith("test_") and "every_call" not in name]
    return {name.removeprefix("test_"): bound(name) for name in names}


CHECKS: dict[str, dict[str, Check]] = {
    "stripe": {
        **promises(test_stripe_contract.TestStripe),
        **functions(test_stripe_cases),
        **functions(test_stripe_erasure),
        **functions(test_stripe_finding),
        **functions(test_stripe_correction),
        **functions(test_stripe_guests),
        **functions(test_stripe_objects),
        **functions(test_stripe_winding),
        **functions(test_stripe_redaction),
    },
    "auth": {
        **promises(test_supabase_auth_contract.TestSupabaseAuth),
        **functions(test_supabase_auth_contract),
        **functions(test_supabase_auth_effects),
    },
    "storage": {
        **promises(test_supabase_storage_contract.TestSupabaseStorage),
        **functions(test_supabase_storage_removal),
    },
    "mail": {**functions(test_mail_contract), **functions(test_resend_cases)},
}


def broken_world(connect: Connect, app: str, rule: str) -> World:
    broken = {name: frozenset({rule} if name == app else set[str]()) for name in RULES}
    return World(
        StripeSandbox(broken["stripe"]),
        create_auth(connect=connect, broken=broken["auth"] | broken["storage"]),
        create_mailbox(broken=broken["mail"]),
        connect,
    )


def notices(check: Check, world: World) -> bool:
    """Whether a check fails in this world."""
    try:
        with world.in_use():
            check(world)
    except (Exception, pytest.fail.Exception):
        return True
    finally:
        world.auth.close()
    return False


if __name__ == "__main__":
    os.environ["MUTATIONS"] = "all"
    sys.exit(pytest.main(["tests/contract/test_mutations.py", "-q", "-s"]))
