"""What a browser's signal stopped ends with its account. What a request stopped stays with it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Account, Restriction
from retention.dispositions import register
from retention.rules import RetentionRule
from retention.selectors.holds import over
from retention.services.holds import keep_holds_out
from retention.services.rows import delete_with_children
from retention.services.tally import count


def without_account(rule: RetentionRule, now: datetime) -> QuerySet[Any]:
    """Signals of people whom we can't process any more."""
    account = Account.objects.filter(pk=OuterRef("account_id"))
    return over(rule, now).filter(~Exists(account), source=Restriction.Source.SIGNAL)


@register("end_with_account", due=lambda rule, now: without_account(rule, now).count())
def end_with_account(rule: RetentionRule, now: datetime) -> int:
    with transaction.atomic():
        keep_holds_out()
        gone = delete_with_children(without_account(rule, now))
        count(rule.name, gone)
    return gone
