"""The vendor's rules on what is rarer: checkout, billing's details, events, redaction."""

MORE_RULES: dict[str, str] = {
    "sessions_are_found_by_email": (
        "Checkout sessions can be listed by the address that the buyer gave, guests' too "
        "(stripe-python: stripe/params/checkout/_session_list_params.py)."
    ),
    "open_sessions_can_be_expired": (
        "An open checkout session can be expired, any other can't "
        "(docs.stripe.com/api/checkout/sessions/expire)."
    ),
    "session_intents_end_with_the_session": (
        "An intent of an open checkout session can't be canceled by itself: the session is "
        "expired instead (docs.stripe.com/api/payment_intents/cancel, /api/setup_intents/cancel)."
    ),
    "unfinished_setups_can_be_canceled": (
        "A setup intent can be canceled while it requires something, not after "
        "(docs.stripe.com/api/setup_intents/cancel)."
    ),
    "pending_items_can_be_deleted": (
        "An invoice item can be deleted while it is on no invoice or on a draft, not after "
        "(docs.stripe.com/api/invoiceitems/delete)."
    ),
    "proration_stays_pending": (
        "A cancellation with prorate leaves a pending invoice item for the unused time, which the "
        "customer's next invoice takes up (docs.stripe.com/api/subscriptions/cancel)."
    ),
    "subscription_drafts_stay": (
        "A draft invoice of a subscription can't be deleted, only finalised and voided "
        "(docs.stripe.com/api/invoices/delete)."
    ),
    "unfinished_quotes_can_be_canceled": (
        "A draft or open quote can be canceled, any other can't "
        "(docs.stripe.com/api/quotes/cancel, /quotes)."
    ),
    "running_schedules_can_be_ended": (
        "A subscription schedule can be canceled or released while it is not_started or active "
        "(docs.stripe.com/api/subscription_schedules/cancel, /release)."
    ),
    "canceled_schedule_ends_subscription": (
        "Cancelling a schedule cancels the subscription that it manages at once "
        "(docs.stripe.com/api/subscription_schedules/cancel)."
    ),
    "source_goes": "A deleted card or bank account is gone (docs.stripe.com/api/cards/delete).",
    "search_lags_behind": (
        "Search knows what was written only after a while (docs.stripe.com/search#data-freshness)."
    ),
    "search_has_pages": (
        "A search gives at most `limit` objects and next_page, which `page` takes "
        "(docs.stripe.com/api/pagination/search)."
    ),
    "changes_make_events": (
        "A change makes an event with the object as it is then, and with what its fields said "
        "before (docs.stripe.com/api/events/object)."
    ),
    "events_go_after_thirty_days": (
        "Events can be read for thirty days (docs.stripe.com/api/events)."
    ),
    "webhooks_are_signed": (
        "A delivery is signed with the endpoint's secret, over its time and its body "
        "(docs.stripe.com/webhooks#verify-manually)."
    ),
    "redaction_needs_a_preview_version": (
        "Redaction jobs exist in preview versions of the API only "
        "(docs.stripe.com/privacy/redaction; stripe-python 16.1.0b1: stripe/privacy)."
    ),
    "redaction_takes_time": (
        "A redaction job is validated and run in the background: its status has to be asked for "
        "(docs.stripe.com/privacy/redaction)."
    ),
    "redaction_takes_ten_objects": (
        "A redaction job takes at most ten identifiers "
        "(docs.stripe.com/api/privacy/redaction-job/create)."
    ),
    "redaction_reaches_related_objects": (
        "A redacted customer takes payments, subscriptions, invoices and payment methods along "
        "(docs.stripe.com/privacy/redaction)."
    ),
    "redaction_reaches_events": (
        "Redaction covers the events of a redacted object (docs.stripe.com/privacy/redaction)."
    ),
    "redaction_locks_objects": (
        "An object can be in one redaction job at a time "
        "(docs.stripe.com/api/privacy/redaction-job-validation-error/object)."
    ),
    "redaction_is_canceled_before_it_runs": (
        "A redaction job can be canceled while it is ready or failed "
        "(docs.stripe.com/api/privacy/redaction-job/cancel)."
    ),
    "young_payments_cannot_be_redacted": (
        "Payments can be redacted ninety days after they were made "
        "(docs.stripe.com/privacy/deletion-requests)."
    ),
    "open_disputes_cannot_be_redacted": (
        "Disputes have to be closed before a redaction "
        "(docs.stripe.com/privacy/deletion-requests)."
    ),
    "evidence_files_cannot_be_redacted": (
        "A related file can forbid the redaction "
        "(docs.stripe.com/api/privacy/redaction-job-validation-error/object)."
    ),
}
