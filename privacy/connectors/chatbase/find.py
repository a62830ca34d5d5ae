"""Finding a person at Chatbase: by our ids, and by the address where they wrote it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from fluxrouter.foundation.crypto import fold_address
from privacy.connectors.base import Discovery, Subject
from privacy.connectors.chatbase.client import Chatbase
from privacy.connectors.rest import Json

# Of a contact: an id that may be an address stays out of our rows.
IDENTIFIER = re.compile(r"[A-Za-z0-9_/-]{1,200}")
Place = tuple[str, Json]  # the agent, and what it holds
# In the order of the export: a collection isn't taken up again.
KINDS = ("chat_contact", "conversation", "mention", "lead")


class Person:
    """How somebody may be known there: user ids are those of our sign-in or account."""

    def __init__(self, subject: Subject) -> None:
        self.address = fold_address(subject.email)
        self.ids = {
            each for kind in ("auth_users", "accounts") for each in subject.refs.get(kind, [])
        }
        # The whole address only: not the end of a longer one, nor the begin of another domain.
        whole = rf"(?<![\w.%+-]){re.escape(self.address)}(?![\w-]|\.\w)"
        self._mentioned = re.compile(whole)

    def has_address(self, holder: Json) -> bool:
        return fold_address(str(holder.get("email") or "")) == self.address

    def is_contact(self, contact: Json) -> bool:
        """Theirs by id, or by an address that no other id claims."""
        external = str(contact.get("external_id") or "")
        if external in self.ids or fold_address(external) == self.address:
            return True
        return self.has_address(contact) and not external

    def is_mentioned(self, value: object) -> bool:
        return any(self._mentioned.search(fold_address(text)) for text in texts(value))


def texts(value: object) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)


@dataclass
class Findings:
    """What is there, by kind; `foreign` counts contacts with the address but another's id."""

    places: dict[str, list[Place]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    foreign: int = 0


def look(chatbase: Chatbase, subject: Subject) -> Findings:
    """Reads all contacts, conversations and leads: none of them can be asked for by address."""
    person, findings = Person(subject), Findings()
    for agent in chatbase.agents:
        for contact in chatbase.contacts(agent):
            if person.is_contact(contact):
                findings.places["chat_contact"].append((agent, contact))
            else:
                findings.foreign += person.has_address(contact)
        for conversation in chatbase.exported(agent):
            if kind := kind_of(conversation, person):
                findings.places[kind].append((agent, conversation))
        for lead in chatbase.leads(agent):
            if person.has_address(lead):
                findings.places["lead"].append((agent, lead))
    return findings


def kind_of(conversation: Json, person: Person) -> str:
    """Theirs by user id. Where nobody is signed in, one that holds the address is for a person to
    read: it may be theirs, or somebody's who wrote of them.
    """
    if user := conversation.get("userId"):
        return "conversation" if str(user) in person.ids else ""
    return "mention" if person.is_mentioned(conversation.get("messages")) else ""


def place_of(agent: str, contact: Json) -> str:
    return f"{agent}/{contact.get('id')}"


def discover(chatbase: Chatbase, subject: Subject) -> Discovery:
    findings = look(chatbase, subject)
    discovery = Discovery()
    for kind, places in findings.places.items():
        if places:
            discovery.found[kind] = discovery.erase[kind] = len(places)
    discovery.refs["conversations"] = [
        f"{agent}/{conversation.get('id')}"
        for agent, conversation in findings.places["conversation"]
    ]
    contacts = [place_of(agent, each) for agent, each in findings.places["chat_contact"]]
    discovery.refs["contacts"] = [place for place in contacts if IDENTIFIER.fullmatch(place)]
    if findings.foreign:
        discovery.blockers.append("foreign_contact")
    return discovery
