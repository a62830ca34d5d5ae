"""What the facts of letters are called: names of rights, reasons, grounds and uses.

They come from tables in English, and each other language has its own under `names`.
"""

from typing import Any

from accounts.purposes import PURPOSES
from privacy.deadlines.reasons import REASONS as REASONS_FOR_LONGER
from privacy.grounds import GROUNDS, Ground
from privacy.letters.texts import ENGLISH, texts
from privacy.refusals import REASONS as REASONS_TO_REFUSE
from privacy.rights import Right
from retention.billing_periods import BILLING, POSSIBLE

RIGHTS = tuple(str(right.label) for right in Right)
# How long invoices stay depends on a setting; a release of a text doesn't.
KEPT = (
    *(text for row in GROUNDS.values() for text in (row.reason, row.until)),
    *(text for text in POSSIBLE if text != BILLING.until),
)
HELD = tuple(GROUNDS[ground].reason for ground in (Ground.LEGAL_HOLD, Ground.RECOURSE))
REFUSED = tuple(row.says for row in REASONS_TO_REFUSE.values())
LONGER = tuple(row.says for row in REASONS_FOR_LONGER.values())
USES = tuple(str(purpose.label) for purpose in PURPOSES)
EFFECTS = tuple(text for row in PURPOSES.values() for text in (row.stops, row.goes_on))

# By fact: the names that may stand in it.
NAMES_IN: dict[str, tuple[str, ...]] = {
    "rights": RIGHTS,
    "rest": RIGHTS,
    "declined": RIGHTS,
    "follow_up": RIGHTS,
    "refused": (*RIGHTS, *REFUSED),
    "kept": KEPT,
    "record": KEPT,
    "held": HELD,
    "extension_reasons": LONGER,
    "stopped": (*USES, *EFFECTS),
    "stopped_meanwhile": USES,
    "resuming": USES,
}


def names(language: str) -> dict[str, str]:
    """Names in that language by their English ones."""
    found: dict[str, str] = texts(language).get("names", {})
    return found


def in_language(value: Any, language: str) -> Any:
    """A fact with its names in that language. What a person wrote stays as it is."""
    if language == ENGLISH:
        return value
    if isinstance(value, str):
        return names(language).get(value, value)
    if not isinstance(value, tuple):
        return value
    parts = [in_language(each, language) for each in value]
    return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
