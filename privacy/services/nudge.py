"""Telling whoever pumps the ledger that there is work, once it is committed."""

from django.db import transaction

from privacy.signals import work_due


def nudge() -> None:
    """Harmless to lose or to repeat: beat asks the ledger each minute anyway."""
    transaction.on_commit(lambda: work_due.send(sender=None))
