"""Legal holds and what was disposed of."""

from retention.models.disposition import Disposition
from retention.models.hold import LegalHold

__all__ = ["Disposition", "LegalHold"]
