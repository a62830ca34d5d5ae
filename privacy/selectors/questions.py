"""What we asked the person, and whether they answered."""

import json
from typing import NamedTuple

from fluxrouter.foundation.crypto import SealError
from fluxrouter.foundation.keystore import KeyGoneError
from fluxrouter.foundation.sealed import SealedModel
from privacy.models import PrivacyRequest, Question


class Asked(NamedTuple):
    """A question in words: what is missing, and why we need it; empty without its key."""

    question: Question
    missing: str
    why: str

    @property
    def answer(self) -> str:
        return opened(self.question, "answer")


def opened(row: SealedModel, field: str) -> str:
    """What is sealed there, "" when its key is destroyed."""
    try:
        return row.read(field)
    except (KeyGoneError, SealError):
        return ""


def in_words(question: Question) -> Asked:
    said = json.loads(opened(question, "text") or "{}")
    return Asked(question, said.get("missing", ""), said.get("why", ""))


def asked(request: PrivacyRequest) -> list[Asked]:
    """Everything that we asked, oldest first."""
    rows = request.questions.select_related("letter", "author")
    return [in_words(question) for question in rows]


def open_question(request: PrivacyRequest) -> Asked | None:
    """The question that still waits for an answer, while one is of use."""
    rows = request.questions.filter(answered_at=None).exclude(letter__state="cancelled")
    question = rows.first() if request.is_open else None
    return in_words(question) if question else None
