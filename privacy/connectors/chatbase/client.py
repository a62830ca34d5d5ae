"""What we ask of Chatbase.

Sources: chatbase.co/docs/api-reference/v2/{overview,user-conversations},
…/v2/conversations/{export-conversations,delete-conversation}, …/v1/contacts,
…/v1/leads/get-leads-for-a-chatbot.
"""

import re
from collections.abc import Iterator, Sequence

from privacy.connectors.errors import UnknownOutcomeError
from privacy.connectors.rest import Api, ConflictError, GoneError, Json, rows, segment

EXPORT_PAGE = 20
USER_PAGE = 100
CONTACT_PAGE = 1000
LEAD_PAGE = 100
# Older than Chatbase itself: without a date its list may begin later than the first lead.
FIRST_DAY = "2022-01-01"
LEADS = "collectedCustomers"
USER = re.compile(r"[a-zA-Z0-9._-]{1,128}")


class Chatbase:
    """Conversations, contacts and leads of our agents.

    `contact_id` is the field by which a contact is deleted: `external_id` in the reference, `id`
    in the older guide (chatbase.co/docs/developer-guides/api/contacts/delete-contact).
    """

    def __init__(self, api: Api, agents: Sequence[str], contact_id: str = "external_id") -> None:
        self.api = api
        self.agents = agents
        self.contact_id = contact_id

    def exported(self, agent: str) -> Iterator[Json]:
        """All conversations from every source, with their messages."""
        return self._cursor(f"{_agent(agent)}/conversations/export", EXPORT_PAGE)

    def of_user(self, agent: str, user: str) -> Iterator[Json]:
        """A user's conversations that were made over the interface; none of an unknown user."""
        if not USER.fullmatch(user):
            return
        try:
            yield from self._cursor(f"{_agent(agent)}/users/{user}/conversations", USER_PAGE)
        except GoneError:
            return

    def delete_conversation(self, agent: str, conversation: str) -> bool:
        """False when it isn't there, or can't be deleted: the last look tells which."""
        try:
            self.api.call("DELETE", f"{_agent(agent)}/conversations/{segment(conversation)}")
        except (GoneError, ConflictError):
            return False
        return True

    def contacts(self, agent: str) -> Iterator[Json]:
        number, last = 1, 1
        while number <= last:  # a page beyond the last is refused
            query: Json = {"per_page": CONTACT_PAGE, "page": number}
            answer = self.api.call("GET", f"{_chatbot(agent)}/contacts", query=query)
            yield from rows(answer, "data")
            last = _whole_number(answer.get("pages"), "total_pages")
            number += 1

    def delete_contact(self, agent: str, contact: Json) -> bool:
        """False when it wasn't there. The answer is 204, or 200 with what was deleted."""
        wanted = str(contact.get(self.contact_id) or contact.get("id"))
        try:
            self.api.call("DELETE", f"{_chatbot(agent)}/contacts/{segment(wanted)}")
        except GoneError:
            return False
        return True

    def update_contact(self, agent: str, contact: Json, data: Json) -> bool:
        """False when it isn't there any more."""
        wanted = str(contact.get(self.contact_id) or contact.get("id"))
        path = f"{_chatbot(agent)}/contacts/{segment(wanted)}"
        try:
            self.api.call("PATCH", path, body={"data": data})
        except GoneError:
            return False
        return True

    def leads(self, agent: str) -> Iterator[Json]:
        """Pages until one brings nothing new: the answer doesn't say which is the last."""
        seen: set[str] = set()
        query: Json = {"chatbotId": agent, "startDate": FIRST_DAY, "size": LEAD_PAGE, "page": 1}
        while True:
            answer = self.api.call("GET", "api/v1/get-leads", query=query)
            inner = answer.get(LEADS)
            # A list in the reference; other users of it saw one more level.
            found = rows(inner, "data") if isinstance(inner, dict) else rows(answer, LEADS)
            fresh = [lead for lead in found if str(lead.get("id")) not in seen]
            if not fresh:
                return
            yield from fresh
            seen |= {str(lead.get("id")) for lead in fresh}
            query["page"] += 1

    def _cursor(self, path: str, size: int) -> Iterator[Json]:
        query: Json = {"limit": size}
        while True:
            answer = self.api.call("GET", path, query=query)
            yield from rows(answer, "data")
            pages = answer.get("pagination")
            if not isinstance(pages, dict):
                raise UnknownOutcomeError("no_answer")
            if not pages.get("hasMore"):
                return
            if not pages.get("cursor") or pages["cursor"] == query.get("cursor"):
                raise UnknownOutcomeError("no_answer")  # it would go on for ever
            query["cursor"] = pages["cursor"]


def _agent(agent: str) -> str:
    return f"api/v2/agents/{segment(agent)}"


def _chatbot(agent: str) -> str:
    return f"api/v1/chatbots/{segment(agent)}"


def _whole_number(answer: object, name: str) -> int:
    number = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(number, int):
        raise UnknownOutcomeError("no_answer")
    return number
