"""Who else decides when we refuse: the authorities and courts that a request's laws name."""

from typing import NamedTuple

from privacy.authorities import authorities
from privacy.models import PrivacyRequest
from privacy.regimes.places import countries
from privacy.regimes.resolver import Law
from privacy.selectors.laws import laws_of


class Office(NamedTuple):
    """An authority that takes complaints, where, the rule that says so, and within what time."""

    name: str
    url: str
    citation: str
    within: str = ""


class Remedies(NamedTuple):
    """`offices` is empty where no law of the request names one; `courts` say where a judge may be
    asked, each with its rule.
    """

    offices: tuple[Office, ...]
    courts: tuple[str, ...]


def remedies(request: PrivacyRequest) -> Remedies:
    """What is open to the person under any of the laws that the request is measured by."""
    laws = laws_of(request).of if request.laws else ()  # one from before there were any
    found = [office for law in laws for office in offices(law, request)]
    courts = [court for law in laws if (court := court_of(law))]
    return Remedies(tuple({each.url: each for each in found}.values()), tuple(courts))


def offices(law: Law, request: PrivacyRequest) -> list[Office]:
    """The person's own authority, where the law has one in each country; else those it names."""
    rule = law.effective.duties.appeal
    places = [each for each in places_of(request) if each in countries(law.written.places)]
    known = authorities().countries
    own = [Office(known[each].name, str(known[each].url), rule.citation) for each in places
           if each in known]  # fmt: skip
    if own or rule.value is None:
        return own
    time = authorities().times.get(law.id)
    within = f"{time.within} ({time.citation})" if time else ""
    return [Office(each.name, each.url, rule.citation, within) for each in rule.value.escalate]


def places_of(request: PrivacyRequest) -> list[str]:
    """The countries that the person named."""
    return list(dict.fromkeys([request.country, *(each[:2] for each in request.also_in)]))


def court_of(law: Law) -> str:
    """Where a judge may be asked under a law, "" when it opens no such way."""
    rule, refusal = law.effective.duties.appeal, law.effective.clocks.refuse.value
    says_so = bool(refusal and "court" in refusal.must_state)
    if not (says_so or (rule.value and rule.value.court)):
        return ""
    court = authorities().courts.get(law.id)
    return f"{court.where} ({court.citation})" if court else rule.citation
