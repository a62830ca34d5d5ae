"""What we ask of Resend. Source: resend/resend-openapi@fd6f395:resend.yaml."""

from collections.abc import Iterator

from fluxrouter.foundation.crypto import fold_address
from privacy.connectors.errors import UnknownOutcomeError
from privacy.connectors.rest import Api, GoneError, Json, rows, segment

PAGE = 100  # the most (resend.com/docs/api-reference/pagination)


class Resend:
    """Contacts, the log of sent mail, and the addresses that nothing is sent to.

    Contacts belong to the team; what used to be an audience is a segment
    (resend.com/docs/dashboard/segments/migrating-from-audiences-to-segments).
    """

    def __init__(self, api: Api) -> None:
        self.api = api

    def contact(self, wanted: str) -> Json | None:
        """By id or address."""
        found = self._one("contacts", wanted)
        if found and wanted != found["id"] and not _same(wanted, found.get("email")):
            raise UnknownOutcomeError("wrong_object")
        return found

    def suppression(self, address: str) -> Json | None:
        found = self._one("suppressions", address)
        if found and not _same(address, found.get("email")):
            raise UnknownOutcomeError("wrong_object")
        return found

    def contacts(self) -> Iterator[Json]:
        return self._list("contacts")

    def sent(self) -> Iterator[Json]:
        """Every mail in the log. It can't be asked for one person's."""
        return self._list("emails")

    def segments(self, contact: str) -> Iterator[Json]:
        return self._list(f"contacts/{segment(contact)}/segments")

    def topics(self, contact: str) -> Iterator[Json]:
        return self._list(f"contacts/{segment(contact)}/topics")

    def create(self, fields: Json) -> None:
        self.api.call("POST", "contacts", body=fields)

    def update(self, contact: str, fields: Json) -> bool:
        """False when it isn't there."""
        try:
            self.api.call("PATCH", f"contacts/{segment(contact)}", body=fields)
        except GoneError:
            return False
        return True

    def delete(self, contact: str) -> bool:
        """False when it wasn't there."""
        try:
            self.api.call("DELETE", f"contacts/{segment(contact)}")
        except GoneError:
            return False
        return True

    def _one(self, kind: str, wanted: str) -> Json | None:
        try:
            found = self.api.call("GET", f"{kind}/{segment(wanted)}")
        except GoneError:
            return None
        if not isinstance(found.get("id"), str):
            raise UnknownOutcomeError("no_answer")
        return found

    def _list(self, path: str) -> Iterator[Json]:
        query: Json = {"limit": PAGE}
        while True:
            answer = self.api.call("GET", path, query=query)
            found = rows(answer, "data")
            yield from found
            if not answer.get("has_more", len(found) == PAGE):
                return
            last = found[-1].get("id") if found else None
            if last is None or last == query.get("after"):
                raise UnknownOutcomeError("no_answer")  # it would go on for ever
            query["after"] = last


def _same(address: str, other: object) -> bool:
    return fold_address(address) == fold_address(str(other))
