"""The status page in every state: what is, what comes next, by when, who acts, what one can do."""

from datetime import timedelta
from typing import Any

import pytest

from privacy.models import PrivacyRequest
from privacy.selectors import appeal_window
from tests.support.states import STATES
from tests.support.visitor import Visitor, link

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])

WITHDRAW, APPEAL = "withdraw your request", "I don’t agree"
COMPLAIN, AUTHORITY = "complain about how we work", "Who else can help you"
# What each state has to say, and what it offers.
SAYS: dict[str, tuple[str, ...]] = {
    "received": ("We have your request.", "Who acts next", COMPLAIN),
    "in_effect": ("It is in effect.", "You need do nothing", COMPLAIN),
    "verifying": ("Please confirm your address", "Who acts next You", "we have to close it"),
    "in_review": ("checks what we found, and decides", "Who acts next We do", WITHDRAW, COMPLAIN),
    "question_open": ("Which of your two accounts", "Who acts next You", "Answer", WITHDRAW),
    "extended": (
        "Why it takes longer Your request is complex",
        "nine systems and a paper archive",
        WITHDRAW,
    ),
    "approved": ("We begin on", "Until then you can stop it", WITHDRAW),
    "fulfilling": ("look once more, and write to you", COMPLAIN),
    "completed": ("We have done what you asked for.", APPEAL, COMPLAIN, AUTHORITY),
    "partly": ("What we refused, and why", "Somebody else owns the account", APPEAL, AUTHORITY),
    "denied": ("Somebody else owns the account", APPEAL, COMPLAIN, AUTHORITY),
    "unconfirmed": ("Nobody confirmed the request", APPEAL, AUTHORITY),
    "withdrawn": ("You withdrew this request.", "You can make a new request", COMPLAIN),
    "appeal_open": ("You appealed.", "Take your appeal back", "It is my account.", AUTHORITY),
    "appeal_upheld": (
        "You appealed, and you are right.",
        "What we do now",
        "It has its own reference",
    ),
    "appeal_rejected": (
        "Our answer stays as it was.",
        "in another name",
        "Colorado Attorney General",
    ),
    "appeal_taken_back": ("Taken back", APPEAL),
    "complaint_open": ("Your complaint", "Take your complaint back", "You are slow.", WITHDRAW),
    "deemed_refusal": ("treat our silence as a refusal", "Privacy Commissioner", COMPLAIN),
    "restricted": (
        "We limit what we do with your data.",
        "What we don’t do with your data",
        "We write to you before that changes",
    ),
    "lifting_announced": ("We wrote to you that we will use your data again", "The limit ends on"),
    "forwarded": ("Who acts next The company behind the service", "We passed your request on"),
    "held": ("We can’t erase your data yet", "PIPEDA s. 8(8)", "It may be sooner"),
}
# What would be wrong to offer.
NEVER: dict[str, tuple[str, ...]] = {
    "in_review": (APPEAL, AUTHORITY),
    "fulfilling": (WITHDRAW, APPEAL),
    "withdrawn": (APPEAL, WITHDRAW, "Who acts next"),
    "appeal_open": (APPEAL,),
    "appeal_rejected": (APPEAL,),
    "appeal_upheld": (APPEAL, "We could not do what you asked for"),
    "complaint_open": (APPEAL, COMPLAIN),
}


@pytest.fixture(autouse=True)
def grace(settings: Any) -> None:
    settings.ERASURE_GRACE = timedelta(hours=72)


def see(request: PrivacyRequest) -> str:
    return Visitor().get(link(request, "status")).text


def test_every_state_has_its_words() -> None:
    assert SAYS.keys() == STATES.keys()


@pytest.mark.acceptance("RIGHT-A21")
@pytest.mark.parametrize("name", sorted(STATES))
def test_it_says_what_is_what_comes_next_and_what_they_can_do(name: str) -> None:
    seen = see(STATES[name]())
    for words in (*SAYS[name], "What happens next", "What has happened so far"):
        assert words in seen, (words, seen)
    for words in NEVER.get(name, ()):
        assert words not in seen, (words, seen)


@pytest.mark.acceptance("RIGHT-A22")
def test_an_extension_shows_the_new_date() -> None:
    request = STATES["extended"]()
    request.refresh_from_db()
    day = request.due_on
    assert (day - request.received_at.date()).days > 31
    assert f"Answer due by {day.day} {day:%B %Y}" in see(request)


@pytest.mark.acceptance("RIGHT-A22")
def test_the_last_day_to_appeal_is_the_one_that_counts() -> None:
    request = STATES["denied"]()
    last = appeal_window.last_day(request)
    assert last
    assert f"Ask for that until {last.day} {last:%B %Y}" in see(request)
