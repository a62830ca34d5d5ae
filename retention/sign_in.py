"""Tables of well-known packages for staff's sign-in: decided before anybody installs one.

A table of theirs that nobody decided stops `manage.py check` and `migrate`: its fields have no
place in the data map (`privacy.E001`), then it has no rule (`privacy.E003`).
"""

from dateutil.relativedelta import relativedelta
from django.conf import settings

from retention.rules import RetentionRule

ATTEMPTS = ("axes.AccessAttempt", "axes.AccessFailureLog", "axes.AccessLog")
# In force when the package is installed.
SIGN_IN_RULES = tuple(
    RetentionRule(
        model=model,
        clock="attempt_time",
        keep_for=relativedelta(days=30),
        basis="Long enough to look into an attack on staff’s sign-in; GDPR Art. 5(1)(e), 32",
    )
    for model in ATTEMPTS
)
HANGS_ON_STAFF = (
    "Hangs on its member of staff, who is never deleted: remove it by hand when you make them "
    "inactive."
)
# What has no time of its own. Tokens, codes and confirmations go with these.
SIGN_IN_EXEMPT = dict.fromkeys(
    (
        "account.EmailAddress",
        "mfa.Authenticator",
        "otp_email.EmailDevice",
        "otp_hotp.HOTPDevice",
        "otp_static.StaticDevice",
        "otp_totp.TOTPDevice",
        "socialaccount.SocialAccount",
    ),
    HANGS_ON_STAFF,
)


def is_installed(model: str, names: list[str] = settings.INSTALLED_APPS) -> bool:
    """Whether the app of a model, by its label, is among the installed ones."""
    app = model.split(".", maxsplit=1)[0]
    return any(app in name.split(".") for name in names)


def in_force() -> tuple[RetentionRule, ...]:
    return tuple(rule for rule in SIGN_IN_RULES if is_installed(rule.model))


def exempt() -> dict[str, str]:
    return {model: why for model, why in SIGN_IN_EXEMPT.items() if is_installed(model)}
