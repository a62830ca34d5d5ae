"""Every letter, as it is sent."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from privacy.letters import LETTERS, MissingElementError
from privacy.models import MailToken, PrivacyRequest
from privacy.services import letters, mail, tokens
from tests.support import staff
from tests.support.staff import looked_up, made

pytestmark = pytest.mark.django_db(transaction=True)


# These letters need more than a request: what was changed, asked, passed on, appealed or refused.
# Their whole lives are in the tests of that.
CHANGED = {
    *("corrected", "restricted", "lifting", "deferred_done", "opted_out", "refused_in_part"),
    *("forwarded", "forwarded_request", "agent_proof", "extension", "question"),
    *("appeal_received", "appeal_extension", "appeal_decision", "taken_up_again"),
}
TOLD = {
    name: row
    for name, row in LETTERS.items()
    if row.facts <= letters.FACTS.keys() and name not in CHANGED
}


def compose(letter: str, request: PrivacyRequest) -> str:
    if letter == "denied" and request.is_open:
        refuse(request, "We have another request of yours.")
    return letters.compose(mail.queue(request, letter), request).text


def unfolded(text: str) -> str:
    return " ".join(text.split())


def refuse(request: PrivacyRequest, reason: str) -> None:
    member = User.objects.create_user(username="staff", is_staff=True)
    staff.refuse(request, member, reason)


@pytest.mark.parametrize("letter", TOLD)
def test_a_letter_names_the_reference_the_contact_and_its_links(letter: str) -> None:
    request = looked_up("access", "erasure")
    text = compose(letter, request)
    assert request.reference in text
    assert "hello@fluxrouter.ai" in text
    for kind in LETTERS[letter].links:
        if kind == MailToken.Kind.DOWNLOAD:
            assert re.search(r"^\d{8}$", text, re.MULTILINE)
        else:
            assert re.search(rf"^\S+/privacy/{kind}/\S+/$", text, re.MULTILINE)


@pytest.mark.parametrize("letter", TOLD)
def test_a_letter_is_plain_text_without_leftovers(letter: str) -> None:
    text = compose(letter, looked_up("access"))
    for leftover in ("&#", "&amp;", "{{", "{%", "None", "\n\n\n\n"):
        assert leftover not in text
    assert text.startswith("Hello,\n")


@pytest.mark.parametrize("letter", TOLD)
def test_a_letter_holds_no_name_and_no_message(letter: str) -> None:
    text = compose(letter, looked_up("access"))
    assert "Please hurry" not in text
    assert "ann.lee" not in text


def test_the_letter_to_confirm_says_what_to_do_if_it_was_not_you() -> None:
    request = made("erasure")
    text = unfolded(compose("verify", request))
    assert "If you did not ask for this, ignore it." in text
    assert "- “Erase my data”" in text
    assert f"by {request.due_on.day} {request.due_on:%B %Y}" in text
    days = tokens.LIVES[MailToken.Kind.VERIFY].lasts.days
    assert f"works for {days} days" in text


def test_an_agents_letter_speaks_to_the_person() -> None:
    request = made("access")
    request.role = PrivacyRequest.Role.AGENT
    assert "in your name" in unfolded(compose("verify", request))


def test_the_letter_before_an_erasure_says_how_long_one_can_stop_it(settings: Any) -> None:
    assert settings.ERASURE_GRACE.total_seconds() == 72 * 3600
    for letter in ("erasure_approved", "erasure_notice"):
        assert "in 72 hours" in compose(letter, looked_up("erasure"))


@pytest.mark.acceptance("MAIN-20")
def test_a_refusal_gives_the_reason_word_for_word() -> None:
    request = looked_up("access")
    refuse(request, "It is Ann & Bob’s account, <not> yours.")
    text = compose("denied", request)
    assert "It is Ann & Bob’s account, <not> yours." in text
    assert "authority" in text


def test_the_closing_letter_lists_what_stays_and_why() -> None:
    kept = {"keep": [{"what": "billingrecord", "count": 2, "ground": "tax"}]}
    text = unfolded(compose("erased", looked_up("erasure", database={"found": {}, **kept})))
    assert "We must be able to show our accounts and taxes." in text
    assert "7 years after the invoice" in text
    assert "26 U.S.C. § 6001" in text
    assert "a log of the letters" in text


def test_a_refusal_without_a_reason_is_never_sent() -> None:
    request = looked_up("access")
    with pytest.raises(MissingElementError, match="“refused”"):
        letters.compose(mail.queue(request, "denied"), request)


def test_what_a_letter_does_not_speak_of_is_not_looked_up() -> None:
    request = looked_up("access")
    step = mail.queue(request, "verify")
    with CaptureQueriesContext(connection) as asked:
        letters.compose(step, request)
    assert len(asked) > 0
    assert not any("SELECT" in query["sql"] for query in asked)
