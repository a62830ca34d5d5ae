"""Requests and what belongs to them."""

from privacy.models.correction import CorrectedValue
from privacy.models.draft import Draft
from privacy.models.drill import Drill
from privacy.models.event import ProcessorEvent
from privacy.models.note import RequestNote
from privacy.models.package import Package
from privacy.models.request import PrivacyRequest
from privacy.models.step import FulfilmentStep
from privacy.models.suppression import Suppression
from privacy.models.task import Evidence, ManualTask
from privacy.models.token import MailToken

__all__ = [
    "CorrectedValue",
    "Draft",
    "Drill",
    "Evidence",
    "FulfilmentStep",
    "MailToken",
    "ManualTask",
    "Package",
    "PrivacyRequest",
    "ProcessorEvent",
    "RequestNote",
    "Suppression",
]
