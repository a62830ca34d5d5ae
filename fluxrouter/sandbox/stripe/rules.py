"""The vendor's rules that a connector depends on; each can be broken to test the tests.

Sources: pages of docs.stripe.com by path; stripe-python 16.1.0 by file. A mutation check runs
the connectors' contract tests with one rule broken at a time and expects a failure.
"""

from fluxrouter.sandbox.stripe.more_rules import MORE_RULES

RULES: dict[str, str] = {
    **MORE_RULES,
    "customer_stays_retrievable": (
        "A deleted customer can still be retrieved, as id and `deleted: true` "
        "(docs.stripe.com/api/customers/delete, /api/customers/retrieve)."
    ),
    "deleted_customer_leaves_lists": (
        "A deleted customer is in no list any more (docs.stripe.com/api/customers/list)."
    ),
    "second_delete_is_missing": (
        "Deleting a deleted customer is 404 with code resource_missing "
        "(docs.stripe.com/api/customers/delete, /error-codes)."
    ),
    "delete_cancels_subscriptions": (
        "Deleting a customer at once cancels its active subscriptions "
        "(docs.stripe.com/api/customers/delete)."
    ),
    "delete_detaches_payment_methods": (
        "Deleting a customer detaches its payment methods (docs.stripe.com/api/customers/delete)."
    ),
    "charges_keep_copies": (
        "Charges keep their own copies of name, e-mail and address when the customer goes "
        "(docs.stripe.com/privacy/deletion-requests)."
    ),
    "invoices_keep_copies": (
        "Finalised invoices keep their own copies of name, e-mail and address when the customer "
        "goes or changes (docs.stripe.com/privacy/deletion-requests, /api/invoices/object)."
    ),
    "drafts_follow_customer": (
        "A draft invoice shows the customer's current name and address until it is finalised "
        "(docs.stripe.com/api/invoices/object#invoice_object-customer_name)."
    ),
    "email_filter_is_case_sensitive": (
        "The e-mail filter of the list of customers heeds upper and lower case "
        "(stripe-python: stripe/params/_customer_list_params.py)."
    ),
    "email_filter_is_exact": (
        "The e-mail filter of the list of customers takes the whole address "
        "(stripe-python: stripe/params/_customer_list_params.py)."
    ),
    "lists_have_pages": (
        "A list holds at most `limit` objects and says has_more; starting_after goes on "
        "from there (docs.stripe.com/api/pagination)."
    ),
    "status_all_shows_canceled": (
        "The list of subscriptions leaves out canceled ones unless status is `all` or `canceled` "
        "(docs.stripe.com/api/subscriptions/list)."
    ),
    "cancel_ends_subscription": (
        "DELETE on a subscription cancels it at once (docs.stripe.com/api/subscriptions/cancel)."
    ),
    "second_cancel_is_missing": (
        "Cancelling a canceled subscription is 404 with code resource_missing "
        "(docs.stripe.com/api/subscriptions/cancel, /error-codes)."
    ),
    "pause_collection_is_kept": (
        "pause_collection with a behavior stays on the subscription until it is cleared "
        "(docs.stripe.com/billing/subscriptions/pause-payment)."
    ),
    "empty_pause_resumes": (
        "An empty pause_collection resumes collection "
        "(docs.stripe.com/billing/subscriptions/pause-payment)."
    ),
    "drafts_can_be_deleted": (
        "A draft invoice can be deleted, any other can't (docs.stripe.com/api/invoices/delete)."
    ),
    "open_invoices_can_be_voided": (
        "An open or uncollectible invoice can be voided, any other can't; the voided invoice "
        "stays (docs.stripe.com/api/invoices/void)."
    ),
    "unfinished_payments_can_be_canceled": (
        "A payment intent can be canceled while it requires something or is processing, not after "
        "(docs.stripe.com/api/payment_intents/cancel)."
    ),
    "detach_unlinks": (
        "Detaching a payment method takes it off its customer "
        "(docs.stripe.com/api/payment_methods/detach)."
    ),
    "second_detach_is_refused": (
        "Detaching what isn't attached is 400 invalid_request_error "
        "(docs.stripe.com/api/payment_methods/detach)."
    ),
    "tax_id_goes": "A deleted tax id is gone (docs.stripe.com/api/tax_ids/customer_delete).",
    "empty_value_clears_field": (
        "An empty value unsets a field (docs.stripe.com/api/customers/update; stripe-python: "
        "Literal[''] in stripe/params/_customer_update_params.py)."
    ),
    "empty_metadata_value_removes_key": (
        "An empty metadata value removes that key (docs.stripe.com/api/metadata)."
    ),
    "empty_metadata_clears_all": (
        "An empty metadata removes all keys (docs.stripe.com/api/metadata)."
    ),
    "metadata_merges": (
        "Metadata that isn't named in an update stays (docs.stripe.com/api/metadata)."
    ),
    "missing_has_code": (
        "An unknown id is 404 with code resource_missing (docs.stripe.com/error-codes)."
    ),
    "same_key_same_answer": (
        "A POST with a known idempotency key isn't executed again; the first answer comes back "
        "(docs.stripe.com/api/idempotent_requests)."
    ),
    "errors_are_replayed": (
        "A stored answer comes back even when it is a 500 "
        "(docs.stripe.com/api/idempotent_requests)."
    ),
    "key_binds_parameters": (
        "A known idempotency key with other parameters is 400 idempotency_error "
        "(docs.stripe.com/api/idempotent_requests)."
    ),
    "rate_limit_is_429": (
        "Too many requests are 429 with code rate_limit (docs.stripe.com/rate-limits)."
    ),
    "unknown_key_is_401": (
        "An unknown API key is 401 (docs.stripe.com/api/authentication, /api/errors)."
    ),
    "missing_permission_is_403": (
        "A restricted key without the permission is 403 "
        "(docs.stripe.com/keys/restricted-api-keys, /api/errors)."
    ),
}
