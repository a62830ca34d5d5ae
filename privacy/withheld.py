"""What the laws let us name and never show, as one table (11 CCR § 7024(d) and its like).

The keys are those of `duties.withheld` in the laws' files; a check compares them.
"""

from typing import NamedTuple


class WithheldRow(NamedTuple):
    """What we hold of a kind. `says` names it exactly enough; "" when we hold none of it.

    `kinds` are the plan's (`connector.kind`) with which the person has one; `fields` those of our
    tables that hold it, which must be credentials in the data map.
    """

    says: str = ""
    kinds: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


NOT_HELD = WithheldRow()
WITHHELD: dict[str, WithheldRow] = {
    "api_key": WithheldRow(
        "A hash of each of your API keys. The keys themselves we don’t keep.",
        ("database.apikey",),
        ("accounts.ApiKey.digest",),
    ),
    "password": WithheldRow(
        "A hash of your password, if you sign in with one, at Supabase.",
        ("supabase_auth.user",),
    ),
    "financial_account": WithheldRow(
        "Your card or bank account at Stripe. We see its kind and its last four digits.",
        ("stripe.payment_method", "stripe.payment_source"),
    ),
    "government_id": WithheldRow(
        "Your tax number at Stripe, if you entered one.",
        ("stripe.tax_id",),
    ),
    "social_security_number": NOT_HELD,
    "health_insurance_or_medical_id": NOT_HELD,
    "security_answers": NOT_HELD,
    "biometrics": NOT_HELD,
}
