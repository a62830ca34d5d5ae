"""The connector for Chatbase."""

import json
from collections.abc import Iterator

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
from privacy.connectors.chatbase import correct, find
from privacy.connectors.chatbase.client import Chatbase

# What Chatbase has no call for, or one that does not reach every conversation.
BY_HAND = frozenset({"conversation", "mention", "lead"})


class ChatbaseConnector(Connector):
    """Conversations with the support assistant, contacts, and addresses left with it."""

    name = "chatbase"
    title = "Chatbase (support assistant)"
    freezes = False  # the assistant answers whoever writes; nothing goes on without the person
    corrects = frozenset(correct.FIELDS)
    # The person may ask the assistant about their request.
    own_traces = frozenset({"conversation", "mention"})
    erasure = (
        Action("prepare", "Look again for what came since", irreversible=False),
        Action("delete_conversations", "Delete the conversations that can be deleted"),
        Action("delete_contacts", "Delete the contact"),
    )

    def __init__(self, chatbase: Chatbase) -> None:
        self.chatbase = chatbase

    def discover(self, subject: Subject) -> Discovery:
        return find.discover(self.chatbase, subject)

    def export(self, subject: Subject, refs: dict[str, list[str]]) -> Iterator[Record]:
        """Of a conversation that only holds the address, the messages that do: the rest may be
        somebody else's.
        """
        person = find.Person(subject)
        for kind, places in find.look(self.chatbase, subject).places.items():
            for _, item in places:
                if kind == "mention":
                    said = [each for each in item["messages"] if person.is_mentioned(each)]
                    yield Record(kind, json.dumps({**item, "title": None, "messages": said}))
                else:
                    yield Record(kind, json.dumps(item))

    def current(self, task: Task) -> list[Value]:
        return correct.current(self.chatbase, task)

    def correct(self, task: Task) -> Outcome:
        return correct.correct(self.chatbase, task)

    def erase(self, task: Task) -> Outcome:
        if task.action == "prepare":
            return Outcome(receipt=self.rediscover(task).as_json())
        if task.action == "delete_conversations":
            return self._delete_conversations(task)
        return self._delete_contacts(task)

    def _delete_conversations(self, task: Task) -> Outcome:
        """Those that were found, and what the person's own list has by now.

        Most calls reach only conversations that were made over the interface
        (chatbase.co/docs/api-reference/v2/overview): the last look sees what stayed.
        """
        found = set(task.refs.get("conversations", []))
        for agent in self.chatbase.agents:
            for user in sorted(find.Person(task.subject).ids):
                listed = self.chatbase.of_user(agent, user)
                found |= {f"{agent}/{each.get('id')}" for each in listed}
        deleted = 0
        for place in sorted(found):
            task.heartbeat()
            agent, _, conversation = place.rpartition("/")
            deleted += self.chatbase.delete_conversation(agent, conversation)
        counts = {"conversation": deleted}
        return Outcome(receipt={"erased": counts, "not_deleted": len(found) - deleted})

    def _delete_contacts(self, task: Task) -> Outcome:
        """Listed anew: the id that deletes one may be an address, which no row of ours takes."""
        person, deleted = find.Person(task.subject), 0
        for agent in self.chatbase.agents:
            for contact in list(self.chatbase.contacts(agent)):
                if person.is_contact(contact):
                    task.heartbeat()
                    deleted += self.chatbase.delete_contact(agent, contact)
        return Outcome(receipt={"erased": {"chat_contact": deleted}})

    def verify(self, subject: Subject, refs: dict[str, list[str]]) -> list[Residue]:
        """Reads everything again, whatever the deletions answered."""
        places = find.look(self.chatbase, subject).places
        return [
            Residue(kind, len(found), by_hand=kind in BY_HAND)
            for kind, found in places.items()
            if found
        ]
