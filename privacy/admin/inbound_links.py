"""Links from a request to the incoming mail that belongs to it."""

from datetime import datetime
from typing import NamedTuple

from django.urls import reverse

from accounts.models import User
from privacy.models import PrivacyRequest


class MailLink(NamedTuple):
    """A mail of a request; `url` is empty for whoever may not see mail."""

    at: datetime
    url: str


def mails_of(request: PrivacyRequest, user: User) -> list[MailLink]:
    may_see = user.has_perm("privacy.view_inboundmail")
    return [
        MailLink(
            mail.received_at,
            reverse("admin:privacy_inboundmail_change", args=[mail.pk]) if may_see else "",
        )
        for mail in request.mails.all()
    ]
