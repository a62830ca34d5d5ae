"""Requests and what belongs to them."""

from privacy.models.draft import Draft
from privacy.models.note import RequestNote
from privacy.models.package import Package
from privacy.models.request import PrivacyRequest
from privacy.models.step import FulfilmentStep
from privacy.models.token import MailToken

__all__ = [
    "Draft",
    "FulfilmentStep",
    "MailToken",
    "Package",
    "PrivacyRequest",
    "RequestNote",
]
