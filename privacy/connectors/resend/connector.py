"""The connector for Resend."""

import json
from collections import Counter
from collections.abc import Iterator

from accounts.purposes import Purpose
from fluxrouter.foundation.crypto import fold_address
from privacy.connectors.base import (
    Action,
    Connector,
    Discovery,
    Outcome,
    Record,
    Residue,
    Subject,
    Task,
    Value,
)
from privacy.connectors.errors import PermanentError
from privacy.connectors.resend import fields, find
from privacy.connectors.resend.client import Resend


class ResendConnector(Connector):
    """Contacts, which news go to. The log of sent mail stays: no call deletes it."""

    name = "resend"
    title = "Resend (mail)"
    # Every letter about the request is one more row of the log, and one of them may bounce.
    own_traces = frozenset({"sent_mail", "suppression"})
    restricts = frozenset({Purpose.MARKETING.value})
    corrects = fields.CORRECTS
    erasure = (
        Action("prepare", "Look again for what came since", irreversible=False),
        Action("delete_contacts", "Delete the contact"),
    )

    def __init__(self, resend: Resend, *, drill: bool = False) -> None:
        self.resend = resend
        self.drill = drill

    def discover(self, subject: Subject) -> Discovery:
        return find.discover(self.resend, subject)

    def export(self, subject: Subject, refs: dict[str, list[str]]) -> Iterator[Record]:
        """The log without texts: the person has the letters, and some hold links that let in."""
        for identifier in refs.get("contacts", []):
            if contact := self.resend.contact(identifier):
                contact["segments"] = list(self.resend.segments(identifier))
                contact["topics"] = list(self.resend.topics(identifier))
                yield Record("contact", json.dumps(contact))
        for mail in find.sent_mail(self.resend, subject):
            yield Record("sent_mail", json.dumps(mail))
        for row in find.suppressions(self.resend, subject):
            yield Record("suppression", json.dumps(row))

    def freeze(self, task: Task) -> Outcome:
        return self._unsubscribe(task, task.approved.get("refs", {}))

    def restrict(self, task: Task) -> Outcome:
        """No news and no offers. Letters about account, bills and requests go on."""
        return self._unsubscribe(task, task.refs)

    def _unsubscribe(self, task: Task, refs: dict[str, list[str]]) -> Outcome:
        """What stood there before is written down first, then changed."""
        if "before" not in task.cursor:
            held = map(self.resend.contact, refs.get("contacts", []))
            before = {each["id"]: bool(each.get("unsubscribed")) for each in held if each}
            return Outcome(more=True, cursor={"before": before})
        self._subscribed(task, task.cursor["before"], {"unsubscribed": True})
        return Outcome(receipt=task.cursor)

    def lift(self, task: Task) -> Outcome:
        before = task.undo.get("before", {})
        restored = self._subscribed(task, before, {"unsubscribed": False})
        return Outcome(receipt={"restored": restored})

    def _subscribed(self, task: Task, before: dict[str, bool], change: dict[str, bool]) -> int:
        """Change those contacts that were subscribed; gives their number."""
        changed = 0
        for contact, unsubscribed in before.items():
            task.heartbeat()
            if not unsubscribed:
                changed += self.resend.update(contact, change)
        return changed

    def current(self, task: Task) -> list[Value]:
        held = map(self.resend.contact, task.refs.get("contacts", []))
        return [
            Value(contact["id"], field, text)
            for contact in held
            if contact
            for field, text in fields.values(contact, task.patch).items()
        ]

    def correct(self, task: Task) -> Outcome:
        """An address that Resend doesn't take is for staff: a new contact would lose its past."""
        counts: Counter[str] = Counter()
        by_hand = False
        for identifier in task.refs.get("contacts", []):
            task.heartbeat()
            if contact := self.resend.contact(identifier):
                written, refused = fields.write(self.resend, contact, task.patch)
                counts.update(written)
                by_hand |= refused
        return Outcome(receipt={"corrected": dict(counts)}, by_hand=["contact"] * by_hand)

    def erase(self, task: Task) -> Outcome:
        if task.action == "prepare":
            return Outcome(receipt=self.rediscover(task).as_json())
        deleted = 0
        for identifier in task.refs.get("contacts", []):
            task.heartbeat()
            deleted += self.resend.delete(identifier)
        return Outcome(receipt={"erased": {"contact": deleted}})

    def verify(self, subject: Subject, refs: dict[str, list[str]]) -> list[Residue]:
        """Reads the list of all contacts; the deletion went by id."""
        known = set(refs.get("contacts", []))
        address = fold_address(subject.email)
        left = sum(
            contact.get("id") in known or fold_address(str(contact.get("email"))) == address
            for contact in self.resend.contacts()
        )
        return [Residue("contact", left)] if left else []

    def plant(self, subject: Subject) -> dict[str, list[str]]:
        """A contact, only where the settings allow it: Resend's keys have no test mode.

        It is unsubscribed, so that no news ever go to the made-up address.
        """
        if not self.drill:
            raise PermanentError("no_test_mode")
        self.resend.create({"email": subject.email, "unsubscribed": True})
        return {}
