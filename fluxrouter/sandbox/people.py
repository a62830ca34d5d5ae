"""Synthetic people, planted in our database and at the sandboxed processors alike."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.utils import timezone

from accounts.gateway.ids import uuid7
from accounts.models import (
    Account,
    ApiKey,
    BillingRecord,
    GatewayBody,
    GatewayRequest,
    SupportMessage,
)
from fluxrouter.sandbox.supabase.people import Person, add_user

# Stores an object at the sandboxed Stripe, in the process or over HTTP, and gives its id.
AddToStripe = Callable[..., str]


@dataclass
class Planted:
    """A person who is everywhere."""

    account: Account
    user: Person
    customer: str


def plant_person(
    email: str,
    name: str,
    *,
    add_to_stripe: AddToStripe,
    connection: psycopg.Connection[Any],
    calls: int = 3,
) -> Planted:
    """An account with all that hangs on it: usage, support, billing, sign-in, payment."""
    user = add_user(connection, email=email, name=name)
    customer = add_to_stripe(
        "customer",
        email=email,
        name=name,
        phone="+49301234567",
        metadata={"supabase_user_id": str(user.id)},
    )
    account = Account.objects.create(
        supabase_user_id=user.id,
        stripe_customer_id=customer,
        email=email,
        full_name=name,
        company=f"{name} Ltd",
        country="DE",
        created_at=timezone.now() - timedelta(days=400),
        last_active_at=timezone.now(),
    )
    plant_usage(account, calls)
    plant_support(account)
    plant_billing(account, customer, add_to_stripe)
    return Planted(account, user, customer)


def plant_usage(account: Account, calls: int) -> None:
    key = ApiKey.objects.create(
        account=account,
        label=f"Key of {account.full_name}",
        prefix="fx_live_abcd",
        digest=uuid4().bytes * 2,
        created_at=timezone.now(),
    )
    for start in range(0, calls, 5000):
        ids = [
            uuid7(timezone.now() - timedelta(seconds=number % 3600))
            for number in range(start, min(calls, start + 5000))
        ]
        GatewayRequest.objects.bulk_create(call(each, account, key.pk) for each in ids)
        GatewayBody.objects.bulk_create(body(each, account) for each in ids)


def call(identifier: UUID, account: Account, key: UUID) -> GatewayRequest:
    return GatewayRequest(
        id=identifier,
        account_id=account.pk,
        api_key_id=key,
        model="claude-sonnet",
        provider="anthropic",
        region="eu-west",
        input_tokens=120,
        output_tokens=480,
        latency_ms=830,
        end_user=f"end user of {account.full_name}",
    )


def body(identifier: UUID, account: Account) -> GatewayBody:
    return GatewayBody(
        id=identifier,
        account_id=account.pk,
        prompt=f'Hello, this is {account.full_name}.\n\\ and “more” "quotes"',
        response="Hello [NAME_1], how can I help?",
    )


def plant_support(account: Account) -> None:
    SupportMessage.objects.create(
        account=account,
        email=account.email,
        subject=f"Question of {account.full_name}",
        body="Where is my invoice?",
        received_at=timezone.now(),
    )


def plant_billing(account: Account, customer: str, add: AddToStripe) -> None:
    method = add("payment_method", customer=customer)
    add("subscription", customer=customer)
    add("tax_id", customer=customer)
    invoice = add("invoice", customer=customer, status="paid")
    intent = add("payment_intent", customer=customer, status="succeeded")
    add(
        "charge",
        customer=customer,
        payment_method=method,
        payment_intent=intent,
        receipt_email=account.email,
    )
    BillingRecord.objects.create(
        account_id=account.pk,
        invoice_number=f"F-{str(account.pk)[:8]}",
        stripe_invoice_id=invoice,
        bill_to=f"{account.full_name}, 12 Example Street, Berlin",
        amount_cents=1900,
        currency="eur",
        issued_on=timezone.now().date(),
    )
