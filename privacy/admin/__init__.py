"""Where staff work."""

from privacy.admin.drills import DrillAdmin
from privacy.admin.requests import PrivacyRequestAdmin
from privacy.admin.tasks_list import ManualTaskAdmin

__all__ = ["DrillAdmin", "ManualTaskAdmin", "PrivacyRequestAdmin"]
