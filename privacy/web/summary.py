"""The answers as the check page lists them."""

from typing import Any, NamedTuple

from privacy.models import PrivacyRequest
from privacy.places import US_STATES, place_name
from privacy.rights import Right

Role = PrivacyRequest.Role


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
    wanted = [Right(right).label for right in answers["rights"]]
    shown.append(Line("rights", "You ask us to", wanted, "what you ask for"))
    shown.append(Line("place", "Country", [place_name(answers["country"])], "your country"))
    if answers["country"] == "US":
        state = US_STATES.get(answers.get("state", ""), "Not said")
        shown.append(Line("state", "State", [state], "your state"))
    shown.append(Line("email", "E-mail address", [answers["email"]], "the e-mail address"))
    message = answers.get("message") or "None"
    shown.append(Line("message", "Message", [message], "your message"))
    return shown
