"""What we say to somebody who asks for a letter too soon."""

import math

from django.conf import settings
from django.utils import timezone

from privacy.services.verification import TooSoonError


def wait_text(error: TooSoonError) -> str:
    if error.again_at is None:
        return (
            "We have sent you this e-mail many times. Please look in your spam folder, "
            f"or write to {settings.CONTACT_EMAIL}."
        )
    seconds = max(1, math.ceil((error.again_at - timezone.now()).total_seconds()))
    unit = "second" if seconds == 1 else "seconds"
    return (
        "An e-mail is already on its way. Please look in your spam folder too. "
        f"You can ask for another one in {seconds} {unit}."
    )
