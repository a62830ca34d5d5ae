"""The mail service says that mail came: its id is written down, nothing else happens."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from fluxrouter.foundation.trail import append_event
from privacy.models import InboundMail
from privacy.services.post.delivery import IDENTIFIER


def take_in(provider_id: str, at: datetime | None) -> None:
    """Write down that a mail waits to be fetched. Told twice, it is one mail."""
    if not IDENTIFIER.fullmatch(provider_id):
        return
    now = timezone.now()
    mail = InboundMail(provider_id=provider_id, received_at=min(at or now, now))
    with transaction.atomic():
        InboundMail.objects.bulk_create([mail], ignore_conflicts=True)
        if InboundMail.objects.filter(pk=mail.pk).exists():
            append_event(mail.pk, "mail.received", kind="staff")
