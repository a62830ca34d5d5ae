"""Resend: mail, and whom news go to."""

from django.conf import settings

from privacy.connectors.resend.client import Resend
from privacy.connectors.resend.connector import ResendConnector
from privacy.connectors.rest import Api


def from_settings() -> ResendConnector | None:
    """None without a key that may read contacts: the one that sends can't."""
    if not settings.RESEND_CONTACTS_KEY:
        return None
    api = Api(settings.ANYMAIL["RESEND_API_URL"], settings.RESEND_CONTACTS_KEY)
    return ResendConnector(Resend(api), drill=settings.RESEND_DRILL)


__all__ = ["Resend", "ResendConnector", "from_settings"]
