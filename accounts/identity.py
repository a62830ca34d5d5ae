"""Finding the accounts that an e-mail address names."""

from django.db.models.functions import Lower

from accounts.models import Account


def accounts_of(email: str) -> list[Account]:
    """Accounts with exactly this address, in whatever case it was typed.

    Nothing is guessed: `ann.lee@` and `ann_lee@` are two people.
    """
    found = Account.objects.annotate(address=Lower("email")).filter(address=email.strip().lower())
    return list(found.order_by("created_at", "id"))
