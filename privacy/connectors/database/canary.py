"""A canary person for the fire drill: a row in each of our tables that an erasure empties."""

from uuid import uuid4

from django.utils import timezone

from accounts.models import Account, ApiKey, GatewayBody, GatewayRequest, SupportMessage
from privacy.connectors.base import Subject


def plant(subject: Subject) -> str:
    """The id of the canary's account."""
    users, customers = (subject.refs.get(name, []) for name in ("auth_users", "customers"))
    now = timezone.now()
    account = Account.objects.create(
        email=subject.email,
        full_name="Canary",
        supabase_user_id=users[0] if users else None,
        stripe_customer_id=customers[0] if customers else "",
        created_at=now,
    )
    ApiKey.objects.create(
        account=account, label="Canary", prefix="canary", digest=uuid4().bytes * 2, created_at=now
    )
    SupportMessage.objects.create(
        account=account, email=subject.email, subject="Canary", body="Canary", received_at=now
    )
    call = GatewayRequest.objects.create(account_id=account.pk, model="canary", provider="canary")
    GatewayBody.objects.create(id=call.pk, account_id=account.pk, prompt="Canary")
    return str(account.pk)
