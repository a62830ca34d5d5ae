"""Requests and what belongs to them."""

from privacy.models.appeal import Appeal
from privacy.models.authority import Authority
from privacy.models.correction import CorrectedValue
from privacy.models.draft import Draft
from privacy.models.drill import Drill
from privacy.models.event import ProcessorEvent
from privacy.models.extension import Extension
from privacy.models.forwarding import Forwarding
from privacy.models.inbound import InboundFile, InboundMail
from privacy.models.law import RegimeText, RequestClock
from privacy.models.letter import LetterRelease, SentLetter
from privacy.models.note import RequestNote
from privacy.models.notice import DownstreamNotice
from privacy.models.package import Package
from privacy.models.question import Question
from privacy.models.refusal import Refusal
from privacy.models.request import PrivacyRequest
from privacy.models.signal import BrowserSignal
from privacy.models.step import FulfilmentStep
from privacy.models.suppression import Suppression
from privacy.models.task import Evidence, ManualTask
from privacy.models.token import MailToken

__all__ = [
    "Appeal",
    "Authority",
    "BrowserSignal",
    "CorrectedValue",
    "DownstreamNotice",
    "Draft",
    "Drill",
    "Evidence",
    "Extension",
    "Forwarding",
    "FulfilmentStep",
    "InboundFile",
    "InboundMail",
    "LetterRelease",
    "MailToken",
    "ManualTask",
    "Package",
    "PrivacyRequest",
    "ProcessorEvent",
    "Question",
    "Refusal",
    "RegimeText",
    "RequestClock",
    "RequestNote",
    "SentLetter",
    "Suppression",
]
