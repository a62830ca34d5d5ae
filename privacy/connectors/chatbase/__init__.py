"""Chatbase: the support assistant."""

from django.conf import settings

from privacy.connectors.chatbase.client import Chatbase
from privacy.connectors.chatbase.connector import ChatbaseConnector
from privacy.connectors.rest import Api


def from_settings() -> ChatbaseConnector | None:
    """None without a key or without agents."""
    agents = [each.strip() for each in settings.CHATBASE_AGENT_IDS.split(",") if each.strip()]
    if not (settings.CHATBASE_API_KEY and agents):
        return None
    api = Api(settings.CHATBASE_API_BASE, settings.CHATBASE_API_KEY)
    return ChatbaseConnector(Chatbase(api, agents, settings.CHATBASE_CONTACT_ID))


__all__ = ["Chatbase", "ChatbaseConnector", "from_settings"]
