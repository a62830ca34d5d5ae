"""Whose customers and payments they are: stored ids first, then what an address leads to."""

from collections.abc import Iterator
from itertools import chain

from accounts.models import Account
from fluxrouter.foundation.crypto import fold_address
from privacy.connectors.base import Subject
from privacy.connectors.stripe.find import USER, Finder, Roots
from privacy.connectors.stripe.objects import OBJECTS, Item

FOREIGN, SHARED, UNPROVED = "foreign_customer", "shared_customer", "unproved_customer"


def spellings(subject: Subject) -> list[str]:
    """The address in every case of letters that we know."""
    accounts = Account.objects.filter(pk__in=subject.refs.get("accounts", []))
    spelled = {subject.email, *accounts.values_list("email", flat=True)}
    return sorted({*spelled, *(fold_address(each) for each in spelled)})


def stored(subject: Subject) -> list[str]:
    return subject.refs.get("customers", [])


def owner_of(item: Item) -> str:
    """The Supabase user that FluxRouter wrote on it, or ""."""
    metadata = item.get("metadata") or {}
    return str(metadata.get(USER) or item.get("client_reference_id") or "")


def is_shared(identifier: str, subject: Subject) -> bool:
    """Whether other accounts pay through this customer."""
    others = Account.objects.filter(stripe_customer_id=identifier)
    return others.exclude(pk__in=subject.refs.get("accounts", [])).exists()


def doubt(item: Item, subject: Subject) -> str:
    """Why what only the address led to may be somebody else's; "" when it is proved."""
    owner = owner_of(item)
    ours = subject.refs.get("auth_users", []) + subject.refs.get("accounts", [])
    if not owner:
        return UNPROVED
    return "" if owner in ours else FOREIGN


def candidates(finder: Finder, subject: Subject) -> Iterator[Item]:
    """Customers, each once: the stored ones, deleted or not, then those that name the user, then
    those with the address.
    """
    seen = set()
    for identifier in stored(subject):
        found = finder.read(OBJECTS["customer"].path, identifier)
        if found:
            seen.add(identifier)
            yield found
    looks = [finder.customers_of_user(user) for user in subject.refs.get("auth_users", [])]
    looks += [finder.customers_with(email) for email in spellings(subject)]
    for customer in chain.from_iterable(looks):
        if customer["id"] not in seen:
            seen.add(customer["id"])
            yield customer


def roots_of(finder: Finder, subject: Subject) -> tuple[Roots, list[str]]:
    """What is the person's, and what a person of ours has to look at first."""
    customers, guests, blockers = [], {}, set()
    for customer in candidates(finder, subject):
        why = "" if customer["id"] in stored(subject) else doubt(customer, subject)
        if why != FOREIGN and is_shared(customer["id"], subject):
            why = SHARED
        blockers.add(why)
        if why not in (FOREIGN, SHARED):
            customers.append(customer["id"])
    for email in spellings(subject):
        for session in finder.guests_with(email):
            why = doubt(session, subject)
            blockers.add(why)
            if why != FOREIGN:
                guests[session["id"]] = True
    return Roots(customers, list(guests)), sorted(blockers - {""})


def newcomers(finder: Finder, subject: Subject, known: list[str]) -> int:
    """Customers with the address that came since, or that the erasure never knew."""
    return sum(
        customer["id"] not in known
        and doubt(customer, subject) != FOREIGN
        and not is_shared(customer["id"], subject)
        for email in spellings(subject)
        for customer in finder.customers_with(email)
    )
