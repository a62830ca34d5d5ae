"""Which parameters the operations of the rarer objects take.

The names are those of stripe-python 16.1.0, stripe/params/; redaction jobs' of 16.1.0b1.
"""

from fluxrouter.sandbox.stripe.params import ONE, PAGE

OF_CUSTOMER = PAGE | {"created", "customer", "customer_account"}


def names(text: str) -> frozenset[str]:
    return frozenset(text.split()) | ONE


SESSION_LIST = OF_CUSTOMER | names(
    "customer_details payment_intent payment_link status subscription"
)
SESSION_UPDATE = names(
    "collected_information line_items metadata payment_intent_data shipping_options"
)
SETUP_LIST = OF_CUSTOMER | names("attach_to_self payment_method")
SETUP_UPDATE = names(
    "allowed_payment_method_types attach_to_self customer customer_account description "
    "excluded_payment_method_types flow_directions metadata payment_method "
    "payment_method_configuration payment_method_data payment_method_options"
)
REFUND_LIST = PAGE | names("charge created payment_intent")
REFUND_UPDATE = names("metadata")
DISPUTE_LIST = PAGE | names("charge created payment_intent")
DISPUTE_UPDATE = names("evidence intended_submission_method metadata submit")
ITEM_LIST = OF_CUSTOMER | names("invoice pending")
ITEM_UPDATE = names(
    "amount description discountable discounts invoicing_rules metadata period price_data pricing "
    "quantity quantity_decimal tax_behavior tax_code tax_rates unit_amount_decimal"
)
NOTE_LIST = OF_CUSTOMER | names("invoice")
NOTE_UPDATE = names("memo metadata")
QUOTE_LIST = (OF_CUSTOMER - {"created"}) | names("status test_clock")
QUOTE_UPDATE = names(
    "application_fee_amount application_fee_percent automatic_tax collection_method customer "
    "customer_account default_tax_rates description discounts expires_at footer header "
    "invoice_settings line_items metadata on_behalf_of subscription_data transfer_data"
)
SCHEDULE_LIST = OF_CUSTOMER | names("canceled_at completed_at released_at scheduled")
SCHEDULE_UPDATE = names(
    "default_settings end_behavior metadata pause_schedules phases proration_behavior"
)
SCHEDULE_CANCEL = names("invoice_now prorate")
SCHEDULE_RELEASE = names("preserve_cancel_date")
BALANCE_LIST = PAGE | names("created invoice")
BALANCE_CREATE = names("amount currency description metadata")
BALANCE_UPDATE = names("description metadata")
PROMOTION_LIST = OF_CUSTOMER | names("active code")
PROMOTION_UPDATE = names("active metadata restrictions")
SOURCE_LIST = PAGE | {"object"}
SOURCE_UPDATE = names(
    "account_holder_name account_holder_type address_city address_country address_line1 "
    "address_line2 address_state address_zip exp_month exp_year metadata name owner"
)
EVENT_LIST = PAGE | names("created delivery_success type types")
FILE_LIST = PAGE | names("created purpose")
JOB_CREATE = names("objects validation_behavior")
JOB_UPDATE = names("validation_behavior")
JOB_LIST = PAGE | names("status")
