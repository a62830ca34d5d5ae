"""Correcting what Chatbase holds: its contacts. Leads have no call, so they are for staff."""

from collections import Counter
from collections.abc import Iterator

from privacy.connectors.base import Outcome, Task, Value
from privacy.connectors.chatbase import find
from privacy.connectors.chatbase.client import Chatbase
from privacy.connectors.rest import Json

# Per correctable field the contact's (chatbase.co/docs/api-reference/v1/contacts).
FIELDS = {"full_name": "name", "email": "email", "phone": "phonenumber"}


def contacts(chatbase: Chatbase, task: Task) -> Iterator[find.Place]:
    """The person's contacts, also one that was known by its address and has the new one by now.

    By its id: the new address alone may be that of somebody else's contact.
    """
    person, known = find.Person(task.subject), task.refs.get("contacts", [])
    for agent in chatbase.agents:
        for contact in list(chatbase.contacts(agent)):
            if person.is_contact(contact) or find.place_of(agent, contact) in known:
                yield agent, contact


def current(chatbase: Chatbase, task: Task) -> list[Value]:
    return [
        Value(f"{agent}/{contact['id']}", field, str(contact.get(FIELDS[field]) or ""))
        for agent, contact in contacts(chatbase, task)
        for field in sorted(FIELDS.keys() & task.patch.keys())
    ]


def correct(chatbase: Chatbase, task: Task) -> Outcome:
    counts: Counter[str] = Counter()
    for agent, contact in contacts(chatbase, task):
        task.heartbeat()
        changed = {
            field: task.patch[field]
            for field in FIELDS.keys() & task.patch.keys()
            if contact.get(FIELDS[field]) != task.patch[field]
        }
        data: Json = {FIELDS[field]: text for field, text in changed.items()}
        if data and chatbase.update_contact(agent, contact, data):
            counts.update(changed.keys())
    leads = find.look(chatbase, task.subject).places["lead"]
    return Outcome(receipt={"corrected": dict(counts)}, by_hand=["lead"] * bool(leads))
