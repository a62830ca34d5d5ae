"""An extension as staff read it, of the answer or of the decision on an appeal."""

from typing import NamedTuple

from privacy.admin import masks
from privacy.deadlines.reasons import REASONS
from privacy.models import Appeal, Extension, PrivacyRequest
from privacy.selectors import extending, questions


class Longer(NamedTuple):
    """The extension, and whether it moves the date."""

    extension: Extension
    reasons: list[str]
    text: str
    state: str


def longer(request: PrivacyRequest, appeal: Appeal | None = None) -> Longer | None:
    extension = extending.extension_about(request, appeal)
    if extension is None:
        return None
    reasons = [REASONS[code].label for code in extension.reasons if code in REASONS]
    text = questions.opened(extension, "explanation") or masks.GONE
    return Longer(extension, reasons, text, state(extension))


def state(extension: Extension) -> str:
    if extending.is_void(extension):
        return "▲ It gives no time: the person was told too late, or the letter came back."
    if extending.is_dead(extension):
        return "– The person was not told. It can be announced again."
    if extension.letter.finished_at:
        return f"✓ Told on {extension.letter.finished_at:%-d %B %Y}, in time."
    return "◔ Its letter is on its way. Until it is out, the date stays."
