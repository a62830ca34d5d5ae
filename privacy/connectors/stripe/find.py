"""Finding a person's customers at Stripe, and what hangs on them."""

from collections.abc import Callable, Iterator
from typing import Any

import stripe

from accounts.models import Account
from fluxrouter.foundation.crypto import fold_address
from privacy.connectors.base import Discovery, Subject
from privacy.connectors.errors import UnknownOutcomeError
from privacy.connectors.stripe.client import gone_is_success, stripe_errors
from privacy.grounds import Ground

PAGE = 100
# What stays when the customer goes (docs.stripe.com/api/customers/delete and
# docs.stripe.com/privacy/deletion-requests): Stripe has no call that deletes it. A payment method
# is emptied and detached; the last digits of its card stay.
KEPT = ("invoice", "charge", "payment_intent", "payment_method")
ERASED = ("customer", "subscription", "tax_id")


class Finder:
    """Reads Stripe. Every list is read to its end."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self.api = client.v1
        customers = self.api.customers
        # Per kind, how a customer's objects are listed.
        self.lists: dict[str, Callable[[str], Any]] = {
            "subscription": lambda cus: self.api.subscriptions.list(
                {"customer": cus, "status": "all", "limit": PAGE}
            ),
            "invoice": lambda cus: self.api.invoices.list({"customer": cus, "limit": PAGE}),
            "charge": lambda cus: self.api.charges.list({"customer": cus, "limit": PAGE}),
            "payment_intent": lambda cus: self.api.payment_intents.list(
                {"customer": cus, "limit": PAGE}
            ),
            "payment_method": lambda cus: customers.payment_methods.list(cus, {"limit": PAGE}),
            "tax_id": lambda cus: customers.tax_ids.list(cus, {"limit": PAGE}),
        }

    def objects(self, kind: str, customer: str) -> Iterator[Any]:
        """All objects of a kind. A customer that is gone has none."""
        with gone_is_success():
            for item in self.lists[kind](customer).auto_paging_iter():
                if item.to_dict().get("customer") != customer:
                    raise UnknownOutcomeError("wrong_object")
                yield item

    def customer(self, identifier: str) -> Any | None:
        """The customer, or None when it was deleted or never there."""
        with gone_is_success():
            found = self.api.customers.retrieve(identifier)
            if found.id != identifier:
                raise UnknownOutcomeError("wrong_object")
            return None if getattr(found, "deleted", False) else found
        return None

    def by_email(self, subject: Subject) -> Iterator[Any]:
        """Customers with the address in any case that we know: Stripe's filter heeds the case."""
        accounts = Account.objects.filter(pk__in=subject.refs.get("accounts", []))
        spelled = {subject.email, *accounts.values_list("email", flat=True)}
        with stripe_errors():
            for email in sorted({*spelled, *(fold_address(each) for each in spelled)}):
                query: Any = {"email": email, "limit": PAGE}
                for customer in self.api.customers.list(query).auto_paging_iter():
                    # Were the filter ever ignored, the list would be everybody's.
                    if fold_address(customer.email or "") != fold_address(email):
                        raise UnknownOutcomeError("wrong_object")
                    yield customer

    def customers(self, subject: Subject) -> dict[str, Any]:
        """Candidates by id: the stored ones first, then those with the address."""
        found: dict[str, Any] = {}
        for identifier in subject.refs.get("customers", []):
            if customer := self.customer(identifier):
                found[identifier] = customer
        for customer in self.by_email(subject):
            found.setdefault(customer.id, customer)
        return found


def owner_of(customer: Any) -> str:
    """The Supabase user that FluxRouter wrote on the customer, or ""."""
    metadata = customer.to_dict().get("metadata") or {}
    return str(metadata.get("supabase_user_id", ""))


def is_shared(identifier: str, subject: Subject) -> bool:
    """Whether other accounts pay through this customer."""
    others = Account.objects.filter(stripe_customer_id=identifier)
    return others.exclude(pk__in=subject.refs.get("accounts", [])).exists()


def is_foreign(customer: Any, subject: Subject) -> bool:
    """Whether a customer that only the address led to is known to be somebody else's."""
    owner = owner_of(customer)
    return bool(owner) and owner not in subject.refs.get("auth_users", [])


def discover(finder: Finder, subject: Subject) -> Discovery:
    discovery = Discovery(refs={"customers": []})
    stored = subject.refs.get("customers", [])
    owners = subject.refs.get("auth_users", [])
    for identifier, customer in finder.customers(subject).items():
        if identifier not in stored and is_foreign(customer, subject):
            discovery.blockers.append("foreign_customer")
            continue
        if is_shared(identifier, subject):
            discovery.blockers.append("shared_customer")
            continue
        if identifier not in stored and owner_of(customer) not in owners:
            discovery.blockers.append("unproved_customer")
        discovery.refs["customers"].append(identifier)
        count(finder, identifier, discovery)
    for kind in KEPT:
        if number := discovery.found.get(kind):
            ground = str(Ground.PROCESSOR_LEDGER)
            discovery.keep.append({"what": kind, "count": number, "ground": ground})
    return discovery


def count(finder: Finder, customer: str, discovery: Discovery) -> None:
    tally(discovery, "customer", 1)
    for kind in finder.lists:
        tally(discovery, kind, sum(1 for _ in finder.objects(kind, customer)))


def tally(discovery: Discovery, kind: str, number: int) -> None:
    if not number:
        return
    discovery.found[kind] = discovery.found.get(kind, 0) + number
    if kind in ERASED:
        discovery.erase[kind] = discovery.erase.get(kind, 0) + number
