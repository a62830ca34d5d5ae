"""Synthetic people, planted in our database and at the sandboxed processors alike."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.utils import timezone

from accounts.ids import uuid7
from accounts.models import (
    Account,
    ApiKey,
    BillingRecord,
    GatewayBody,
    GatewayRequest,
    ProviderObject,
    SupportMessage,
)
from fluxrouter.sandbox.environment import BUCKET
from fluxrouter.sandbox.supabase.people import Person, add_user
from fluxrouter.sandbox.supabase.storage_files import add_file

# Stores an object at a sandbox, in the process or over HTTP, and gives its id:
# add("stripe", object="customer", email=…).
Add = Callable[..., str]


@dataclass
class Planted:
    """A person who is everywhere."""

    account: Account
    user: Person
    customer: str
    objects: list[str]  # ids of what AI model providers keep


def plant_person(
    email: str,
    name: str,
    *,
    add: Add,
    connection: psycopg.Connection[Any],
    calls: int = 3,
) -> Planted:
    """An account with all that hangs on it: usage, support, billing, sign-in, payment."""
    user = add_user(connection, email=email, name=name)
    customer = add(
        "stripe",
        object="customer",
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
    plant_billing(account, customer, add)
    objects = plant_elsewhere(account, add, connection)
    return Planted(account, user, customer, objects)


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


def plant_elsewhere(account: Account, add: Add, connection: psycopg.Connection[Any]) -> list[str]:
    """A contact for news, a talk with the assistant, a file, and objects at model providers,
    whose ids it gives.
    """
    objects = []
    user = str(account.supabase_user_id)
    add("mailbox", email=account.email, first_name=account.full_name)
    add(
        "chatbase",
        object="contact",
        external_id=user,
        email=account.email,
        name=account.full_name,
    )
    add("chatbase", object="conversation", userId=user, source="API", said="Where is my invoice?")
    add_file(connection, BUCKET, f"{user}/avatar.txt", account.full_name.encode(), owner=user)
    for provider in ProviderObject.Provider.values:
        identifier = add("models", provider=provider, kind="files")
        objects.append(identifier)
        ProviderObject.objects.create(
            account_id=account.pk,
            provider=provider,
            kind="files",
            object_id=identifier,
            created_at=timezone.now(),
        )
    return objects


def plant_billing(account: Account, customer: str, add: Add) -> None:
    def at_stripe(kind: str, **fields: Any) -> str:
        return add("stripe", object=kind, customer=customer, **fields)

    method = at_stripe("payment_method")
    at_stripe("subscription")
    at_stripe("tax_id")
    invoice = at_stripe("invoice", status="paid")
    intent = at_stripe("payment_intent", status="succeeded")
    at_stripe(
        "charge",
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
