"""The answers as the check page lists them."""

from typing import Any, NamedTuple

from privacy.models import PrivacyRequest
from privacy.places import STATES, language_name, place_name
from privacy.rights import Right, needs_proof
from privacy.selectors.people import ACTS_FOR
from privacy.web.place_forms import may_be_protected_elsewhere, state_of

Role = PrivacyRequest.Role
STATE_QUESTIONS = {"US": ("state", "State"), "CA": ("province", "Province")}


class Line(NamedTuple):
    """An answer with the question it belongs to. `about` tells the Change links apart."""

    slug: str
    label: str
    values: list[str]
    about: str


def lines(answers: dict[str, Any]) -> list[Line]:
    role = answers.get("role", "")
    shown = [Line("role", "You", [dict(Role.choices).get(role, "Not said")], "who you are")]
    if role == Role.END_USER:
        named = answers.get("customer") or "Not said"
        shown.append(Line("which", "Service you use", [named], "the service you use"))
    if role == Role.AGENT:
        named = answers.get("person") or "The person at the address below"
        allowed = "You have their permission"
        shown.append(Line("person", "You ask for", [named, allowed], "who you ask for"))
    if role == Role.GUARDIAN:
        age = answers.get("age")
        named = answers.get("person") or "The child at the address below"
        aged = [] if age is None else [f"{age} years old"]
        shown.append(Line("child", "You ask for", [named, *aged], "who you ask for"))
    if role in ACTS_FOR:
        own = [text for text in (answers.get("own_name"), answers["own_email"]) if text]
        shown.append(Line("own", "You yourself", own, "who you are"))
    wanted = [Right(right).label for right in answers["rights"]]
    shown.append(Line("rights", "You ask us to", wanted, "what you ask for"))
    shown.append(Line("place", "Country", [place_name(answers["country"])], "your country"))
    shown += place_lines(answers)
    shown.append(Line("email", "E-mail address", [answers["email"]], "the e-mail address"))
    if language := answers.get("language"):
        named = language_name(language)
        shown.append(Line("language", "Language of our letters", [named], "the language"))
    message = answers.get("message") or "None"
    shown.append(Line("message", "Message", [message], "your message"))
    return shown


def place_lines(answers: dict[str, Any]) -> list[Line]:
    """State or province, and where they are, as far as these were asked."""
    shown = []
    if states := STATES.get(answers["country"]):
        slug, label = STATE_QUESTIONS[answers["country"]]
        named = states.get(state_of(answers), "Not said")
        shown.append(Line(slug, label, [named], f"your {slug}"))
    if may_be_protected_elsewhere(answers):
        elsewhere = answers.get("elsewhere")
        named = place_name(elsewhere) if elsewhere else "No, or not said"
        shown.append(Line("elsewhere", "In another country now", [named], "where you are now"))
    return shown


class Happening(NamedTuple):
    """What becomes of some of the rights that were ticked, and when."""

    when: str
    rights: list[str]
    explained: str


AT_ONCE = "You need not prove who you are. It costs you neither sign-in nor service."
AFTER = "We send a link to the address above, to be sure that it is yours."


def happenings(answers: dict[str, Any]) -> list[Happening]:
    """What is done at once, and what after the address is confirmed."""
    parts = (
        ("As soon as you send it", False, AT_ONCE),
        ("After you confirm your address", True, AFTER),
    )
    found = [
        Happening(
            when, [label(each) for each in answers["rights"] if needs_proof(each) is proof], why
        )
        for when, proof, why in parts
    ]
    return [each for each in found if each.rights]


def label(right: str) -> str:
    return str(Right(right).label)
