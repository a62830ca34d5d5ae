"""Which parameters an operation takes, and how their text is read.

The names are those of stripe-python 16.1.0, stripe/params/.
"""

from typing import Any

from fluxrouter.sandbox.stripe.errors import invalid

Params = dict[str, Any]

PAGE = frozenset({"limit", "starting_after", "ending_before", "expand"})
ONE = frozenset({"expand"})


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split()) | ONE


CUSTOMER_UPDATE = _names(
    "address balance business_name cash_balance default_source description email individual_name "
    "invoice_prefix invoice_settings metadata name next_invoice_sequence phone preferred_locales "
    "shipping source tax tax_exempt validate"
)
CUSTOMER_CREATE = (CUSTOMER_UPDATE - {"default_source"}) | _names(
    "payment_method tax_id_data test_clock"
)
CUSTOMER_LIST = PAGE | _names("created email test_clock")
SUBSCRIPTION_UPDATE = _names(
    "add_invoice_items application_fee_percent automatic_tax billing_cycle_anchor "
    "billing_schedules billing_thresholds cancel_at cancel_at_period_end cancellation_details "
    "collection_method days_until_due default_payment_method default_source default_tax_rates "
    "description discounts invoice_settings items metadata off_session on_behalf_of "
    "pause_collection payment_behavior payment_settings pending_invoice_item_interval "
    "proration_behavior proration_date transfer_data trial_end trial_from_plan trial_settings"
)
SUBSCRIPTION_LIST = PAGE | _names(
    "automatic_tax collection_method created current_period_end current_period_start customer "
    "customer_account plan price status test_clock"
)
SUBSCRIPTION_CANCEL = _names("cancellation_details invoice_now prorate")
INVOICE_UPDATE = _names(
    "account_tax_ids application_fee_amount auto_advance automatic_tax "
    "automatically_finalizes_at collection_method custom_fields days_until_due "
    "default_payment_method default_source default_tax_rates description discounts due_date "
    "effective_at footer issuer metadata number on_behalf_of payment_settings rendering "
    "shipping_cost shipping_details statement_descriptor transfer_data"
)
INVOICE_LIST = PAGE | _names(
    "collection_method created customer customer_account due_date status subscription"
)
CHARGE_UPDATE = _names(
    "customer description fraud_details metadata receipt_email shipping transfer_group"
)
CHARGE_LIST = PAGE | _names("created customer payment_intent transfer_group")
INTENT_UPDATE = _names(
    "allowed_payment_method_types amount amount_details application_fee_amount capture_method "
    "currency customer customer_account description excluded_payment_method_types hooks metadata "
    "payment_details payment_method payment_method_configuration payment_method_data "
    "payment_method_options receipt_email setup_future_usage shipping statement_descriptor "
    "statement_descriptor_suffix transfer_data transfer_group"
)
INTENT_LIST = PAGE | _names("created customer customer_account")
INTENT_CANCEL = _names("cancellation_reason")
METHOD_UPDATE = _names("allow_redisplay billing_details card metadata us_bank_account")
METHOD_LIST = PAGE | _names("allow_redisplay customer customer_account type")
METHOD_ATTACH = _names("customer customer_account")
TAX_ID_CREATE = _names("type value")


def check(params: Params, allowed: frozenset[str]) -> Params:
    """Any name the operation doesn't know is refused (docs.stripe.com/error-codes)."""
    for name in params:
        if name not in allowed:
            raise invalid(f"Received unknown parameter: {name}", "parameter_unknown", name)
    return dict(params)  # a handler takes names out; the stored request must stay whole


def required(params: Params, name: str) -> str:
    if not params.get(name):
        raise invalid(f"Missing required param: {name}.", "parameter_missing", name)
    return str(params[name])


def integer(text: str, name: str) -> int:
    try:
        return int(text)
    except (TypeError, ValueError):
        raise invalid(f"Invalid integer: {text}", "parameter_invalid_integer", name) from None


def boolean(text: str, name: str) -> bool:
    if text not in {"true", "false"}:
        raise invalid(f"Invalid boolean: {text}", None, name)
    return text == "true"


def choice(text: str, name: str, allowed: frozenset[str]) -> str:
    if text not in allowed:
        raise invalid(f"Invalid {name}: must be one of {', '.join(sorted(allowed))}", None, name)
    return text
