"""What our answers say, and how people reach us."""

from django.conf import settings
from django.template import Engine, TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.roles import ROLES
from privacy.datamap import SUBJECT_ROWS, Erase
from privacy.grounds import GROUNDS, Ground
from privacy.letters import LETTERS
from privacy.models import PrivacyRequest
from privacy.services.policy_checks.promise import BrokenPromiseError, require, require_none

POLICY_ADDRESS = "hello@fluxrouter.ai"
CLOSING_LETTERS = ("denied", "erased")
SITE_CONTEXT = "fluxrouter.context.site"


def kept_data_names_its_ground() -> None:
    vague = [
        str(ground)
        for ground in Ground
        if ground not in GROUNDS or not all(text.strip() for text in GROUNDS[ground])
    ]
    require_none(vague, "A ground lacks its reason, its article or its time")
    groundless = [
        row.model for row in SUBJECT_ROWS if row.erase is not Erase.DELETE and row.ground is None
    ]
    require_none(groundless, "Kept without a ground")


def letter_text(letter: str) -> str:
    """A letter as somebody without anything found would get it; links are left out."""
    values = {
        # No row: a letter that asks for the request's package would look into the database.
        "request": {"received_at": timezone.now(), "due_on": timezone.now().date()},
        "contact": settings.CONTACT_EMAIL,
        "site": settings.SITE_NAME,
    }
    try:
        return render_to_string(f"privacy/mail/{letter}.txt", values)
    except TemplateDoesNotExist:
        raise BrokenPromiseError(f"The letter “{letter}” doesn't exist.") from None


def requests_by_mail_are_taken_in() -> None:
    require("email" in PrivacyRequest.Channel.values, "Requests by e-mail have no channel.")
    able = [role for role, names in ROLES.items() if "privacy.take_in_privacyrequest" in names]
    require(able, "No role of staff may enter a request.")


def contact_address_is_shown() -> None:
    require(settings.CONTACT_EMAIL == POLICY_ADDRESS, "CONTACT_EMAIL isn't the policy's address.")
    pages = Engine.get_default()
    require(SITE_CONTEXT in pages.context_processors, "Pages don't get the contact address.")
    silent = [letter for letter in LETTERS if POLICY_ADDRESS not in letter_text(letter)]
    require_none(silent, "Letters without the contact address")


def answers_name_the_authority() -> None:
    silent = [
        letter for letter in CLOSING_LETTERS if "authority" not in letter_text(letter).lower()
    ]
    require_none(silent, "Letters that don't mention the authority")
