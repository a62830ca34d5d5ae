"""Legal holds, what was disposed of, and what is left of it."""

from retention.models.disposition import Disposition
from retention.models.dormancy import DormancyNotice
from retention.models.hold import LegalHold
from retention.models.retirement import Retirement
from retention.models.rollup import RollupCell
from retention.models.sweep import Sweep

__all__ = ["Disposition", "DormancyNotice", "LegalHold", "Retirement", "RollupCell", "Sweep"]
