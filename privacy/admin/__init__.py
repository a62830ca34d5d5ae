"""Where staff work."""

from privacy.admin.requests import PrivacyRequestAdmin

__all__ = ["PrivacyRequestAdmin"]
