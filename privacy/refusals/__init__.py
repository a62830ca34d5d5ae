"""Why a right may be refused: the reasons, and where they count.

A reason may never narrow what our own standard grants: it counts only where the laws of the
request know it (`counts`), and its letter always names the person's remedies.
"""

from privacy.refusals.rules import citation, counts, offered, problem
from privacy.refusals.table import REASONS, Extent, Reason, Use

__all__ = ["REASONS", "Extent", "Reason", "Use", "citation", "counts", "offered", "problem"]
