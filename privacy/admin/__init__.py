"""Where staff work."""

from privacy.admin.appeals_list import AppealAdmin
from privacy.admin.drills import DrillAdmin
from privacy.admin.inbound import InboundMailAdmin
from privacy.admin.releases import LetterReleaseAdmin
from privacy.admin.requests import PrivacyRequestAdmin
from privacy.admin.tasks_list import ManualTaskAdmin

__all__ = [
    "AppealAdmin",
    "DrillAdmin",
    "InboundMailAdmin",
    "LetterReleaseAdmin",
    "ManualTaskAdmin",
    "PrivacyRequestAdmin",
]
