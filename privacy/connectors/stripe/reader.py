"""Reading lists and objects of Stripe as plain JSON, page by page."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import stripe

from privacy.connectors.errors import UnknownOutcomeError
from privacy.connectors.pulse import heartbeat
from privacy.connectors.stripe.client import GoneError, stripe_errors
from privacy.connectors.stripe.objects import Item

PAGE = 100


class Reader:
    """Every list is read to its end, and never held whole.

    Hundreds of thousands of objects may come, and none is written to: so they stay plain JSON.
    """

    def __init__(self, client: stripe.StripeClient) -> None:
        self.client = client

    def get(self, path: str, **query: Any) -> Item:
        heartbeat()
        with stripe_errors():
            data = self.client.raw_request("get", path, **query).data
        if not isinstance(data, dict):
            raise UnknownOutcomeError("strange_answer")
        return data

    def read(self, path: str, identifier: str, **query: Any) -> Item | None:
        """One object, or None when it isn't there. A deleted customer is there, as `deleted`."""
        try:
            found = self.get(path.format(quote(identifier, safe="")), **query)
        except GoneError:
            return None
        if found.get("id") != identifier:
            raise UnknownOutcomeError("wrong_object")
        return found

    def page(self, path: str, **query: Any) -> tuple[list[Item], bool]:
        """A page, and whether there are more. A list whose owner is gone is empty."""
        try:
            answer = self.get(path, **query, limit=PAGE)
        except GoneError:
            if query.get("starting_after"):  # what this page begins after went meanwhile
                raise UnknownOutcomeError("list_changed") from None
            return [], False
        items, more = answer.get("data"), bool(answer.get("has_more"))
        if not isinstance(items, list) or (more and not items):
            raise UnknownOutcomeError("strange_answer")
        return items, more

    def pages(self, path: str, **query: Any) -> Iterator[Item]:
        """A whole list."""
        more = True
        while more:
            items, more = self.page(path, **query)
            yield from items
            query["starting_after"] = items[-1]["id"] if items else ""
