"""What our answers say, and how people reach us."""

from django.conf import settings
from django.template import Engine

from accounts.roles import ROLES
from privacy.datamap import SUBJECT_ROWS, Erase
from privacy.grounds import GROUNDS, Ground
from privacy.letters import LETTERS, Addressee, Letter
from privacy.letters.elements import ELEMENTS
from privacy.models import PrivacyRequest
from privacy.services.policy_checks.promise import require, require_none

POLICY_ADDRESS = "hello@fluxrouter.ai"
CLOSING_LETTERS = ("denied", "refused_in_part", "erased", "done", "unconfirmed", "deferred_done")
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


def is_always_said(fact: str, letter: Letter) -> bool:
    """Whether a letter can't be made without saying this fact."""
    rows = [ELEMENTS[name] for name in letter.elements]
    return any(row.required and not row.conditions and fact in row.needs for row in rows)


def requests_by_mail_are_taken_in() -> None:
    require("email" in PrivacyRequest.Channel.values, "Requests by e-mail have no channel.")
    able = [role for role, names in ROLES.items() if "privacy.take_in_privacyrequest" in names]
    require(able, "No role of staff may enter a request.")


def contact_address_is_shown() -> None:
    require(settings.CONTACT_EMAIL == POLICY_ADDRESS, "CONTACT_EMAIL isn't the policy's address.")
    pages = Engine.get_default()
    require(SITE_CONTEXT in pages.context_processors, "Pages don't get the contact address.")
    silent = [
        name
        for name, letter in LETTERS.items()
        if letter.to is not Addressee.PROCESSOR and not is_always_said("contact", letter)
    ]
    require_none(silent, "Letters without the contact address")


def answers_name_the_authority() -> None:
    silent = [name for name in CLOSING_LETTERS if "complaint" not in LETTERS[name].elements]
    require_none(silent, "Letters that don't mention the authority")
