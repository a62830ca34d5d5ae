"""Releasing a letter's text in a language, and taking that back."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from fluxrouter.foundation.trail import append_event
from privacy.letters.versions import digest_of, gaps
from privacy.models import LetterRelease
from privacy.services.review import ReviewError

CHANGED = "This text changed while you read it. Read it again, then release it."
KNOWN = "This version is released already."
GAPS = "Some of its texts are still to be written. It can’t be released."


def release(letter: str, language: str, *, digest: str, reviewer: str, actor: User) -> None:
    """Let the version that was read be sent from now on. Raises ReviewError."""
    if gaps(letter, language):
        raise ReviewError(GAPS)
    if digest != digest_of(letter, language):
        raise ReviewError(CHANGED)
    row = LetterRelease(
        letter=letter,
        language=language,
        digest=digest,
        reviewer=reviewer,
        released_by=actor,
        released_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            tell(row, "letter.released", actor)
    except IntegrityError:
        raise ReviewError(KNOWN) from None


def revoke(row: LetterRelease, *, actor: User) -> None:
    """From now on this letter is sent in English again. Raises ReviewError."""
    with transaction.atomic():
        rows = LetterRelease.objects.filter(pk=row.pk, revoked_at=None)
        if not rows.update(revoked_at=timezone.now()):
            raise ReviewError("This release was revoked already.")
        tell(row, "letter.release_revoked", actor)


def tell(row: LetterRelease, code: str, actor: User) -> None:
    append_event(
        row.pk,
        code,
        actor=str(actor.pk),
        kind="staff",
        letter=row.letter,
        language=row.language,
        digest=row.digest,
    )
