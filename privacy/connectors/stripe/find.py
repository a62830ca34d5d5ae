"""All that hangs on a person's customers, by the table of objects."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import quote

from fluxrouter.foundation.crypto import fold_address
from privacy.connectors.errors import UnknownOutcomeError
from privacy.connectors.stripe.objects import LISTED_FOR_GUESTS, OBJECTS, Item, Kind
from privacy.connectors.stripe.reader import PAGE, Reader

USER = "supabase_user_id"  # what FluxRouter writes into the metadata of a customer
USER_QUERY = f"metadata['{USER}']:'{{}}'"


class Roots(NamedTuple):
    """What everything else hangs on: customers, and Checkout Sessions that have none."""

    customers: list[str]
    guests: list[str]

    @classmethod
    def of(cls, refs: dict[str, list[str]]) -> "Roots":
        return cls(refs.get("customers", []), refs.get("guests", []))


class Finder(Reader):
    """Finds objects of each kind in `OBJECTS`."""

    def customer(self, identifier: str) -> Item | None:
        """The customer, or None when it was deleted or never there."""
        found = self.read(OBJECTS["customer"].path, identifier, expand=["tax"])
        return None if found is None or found.get("deleted") else found

    def of_customer(self, kind: str, customer: str, **query: Any) -> Iterator[Item]:
        """A customer's objects of a kind. A customer that is gone has none."""
        row = OBJECTS[kind]
        if row.one:
            found = self.customer(customer)
            yield from [found] if found else []
            return
        for item in self.pages(path_for(row, customer), **filters(row, customer), **query):
            yield matching(item, "customer", customer)

    def page_of(self, kind: str, customer: str, **query: Any) -> tuple[list[Item], bool]:
        """One page of a customer's objects of a kind, and whether there are more."""
        row = OBJECTS[kind]
        items, more = self.page(path_for(row, customer), **filters(row, customer), **query)
        return [matching(item, "customer", customer) for item in items], more

    def of_guest(self, kind: str, session: Item) -> Iterator[Item]:
        """What a Checkout Session without a customer led to."""
        row = OBJECTS[kind]
        identifier = session.get(row.guest) if row.guest else None
        if not identifier:
            return
        if kind in LISTED_FOR_GUESTS:
            for item in self.pages(row.path, **{row.guest: identifier}):
                yield matching(item, row.guest, identifier)
        elif found := self.read(row.path + "/{}", identifier):
            yield found

    def children(self, kind: str, parent: Item) -> Iterator[Item]:
        row = OBJECTS[kind]
        for identifier in row.asks(parent):
            if row.one:
                found = self.read(row.path, identifier)
                yield from [found] if found else []
                continue
            for item in self.pages(row.path, **{row.by: identifier}):
                yield matching(item, row.by, identifier)

    def objects(self, kind: str, roots: Roots) -> Iterator[Item]:
        """All of a kind, each once."""
        row = OBJECTS[kind]
        seen: set[str] = set()  # several may name the same file or mandate; there are few
        for parent in row.parents:
            for above in self.objects(parent, roots):
                for item in self.children(kind, above):
                    if not row.one or item["id"] not in seen:
                        seen |= {item["id"]} if row.one else set()
                        yield item
        if not row.parents:
            for customer in roots.customers:
                yield from self.of_customer(kind, customer)
            for session in self.sessions(roots):
                yield from self.of_guest(kind, session)

    def sessions(self, roots: Roots) -> Iterator[Item]:
        for identifier in roots.guests:
            if found := self.read(OBJECTS["checkout_session"].path + "/{}", identifier):
                yield found

    def everything(self, roots: Roots) -> Iterator[tuple[str, Item]]:
        """All objects with their kinds; no list is read twice."""
        seen: set[str] = set()
        for kind, row in OBJECTS.items():
            if row.parents:
                continue
            for item in self.objects(kind, roots):
                yield kind, item
                yield from self._below(kind, item, seen)

    def _below(self, kind: str, item: Item, seen: set[str]) -> Iterator[tuple[str, Item]]:
        for child, row in OBJECTS.items():
            if kind not in row.parents:
                continue
            for found in self.children(child, item):
                if row.one and found["id"] in seen:
                    continue
                seen |= {found["id"]} if row.one else set()
                yield child, found
                yield from self._below(child, found, seen)

    def customers_with(self, email: str) -> Iterator[Item]:
        """Customers with exactly this address: Stripe's filter heeds the case."""
        for item in self.pages("/v1/customers", email=email):
            yield with_address(item, item.get("email"), email)

    def customers_of_user(self, user: str) -> Iterator[Item]:
        """Customers on which FluxRouter wrote this user. The index may lag behind for minutes
        (docs.stripe.com/search), so nobody takes it for proof that there is none.
        """
        place: dict[str, str] = {}
        while place.get("page", "first"):
            answer = self.get(
                "/v1/customers/search", query=USER_QUERY.format(quoted(user)), limit=PAGE, **place
            )
            for item in answer.get("data") or []:
                yield matching(item.get("metadata") or {}, USER, user) and item
            place = {"page": str(answer.get("next_page") or "")}

    def guests_with(self, email: str) -> Iterator[Item]:
        """Checkout Sessions that no customer stands behind, by the address that was typed."""
        for item in self.pages("/v1/checkout/sessions", customer_details={"email": email}):
            details = item.get("customer_details") or {}
            with_address(item, details.get("email"), email)
            if not item.get("customer"):
                yield item


def quoted(value: str) -> str:
    """For a search's query (docs.stripe.com/search#search-query-language)."""
    return value.replace("\\", "\\\\").replace("'", "\\'")


def path_for(row: Kind, customer: str) -> str:
    return row.path.format(quote(customer, safe=""))


def filters(row: Kind, customer: str) -> dict[str, str]:
    """A path that names the customer needs no filter."""
    return dict(row.query) if "{}" in row.path else {row.by: customer, **row.query}


def matching(item: Item, field: str, value: str) -> Item:
    """Were a filter ever ignored, the list would be everybody's."""
    if item.get(field) != value:
        raise UnknownOutcomeError("wrong_object")
    return item


def with_address(item: Item, found: Any, email: str) -> Item:
    if fold_address(str(found or "")) != fold_address(email):
        raise UnknownOutcomeError("wrong_object")
    return item
