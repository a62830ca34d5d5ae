"""Finding the accounts that an e-mail address names."""

from django.db.models.functions import Lower

from accounts.models import Account
from fluxrouter.foundation.crypto import fold_address


def accounts_of(email: str) -> list[Account]:
    """Accounts with exactly this address, in whatever case it was typed.

    Nothing is guessed: `ann.lee@` and `ann_lee@` are two people.
    """
    wanted = fold_address(email)
    found = Account.objects.annotate(address=Lower("email")).filter(address=wanted)
    # The database's own `lower` turns some letters of other alphabets into ours.
    return [
        account
        for account in found.order_by("created_at", "id")
        if fold_address(account.email) == wanted
    ]
