"""Taking in what came by e-mail, phone or letter."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from privacy.models import PrivacyRequest
from tests.support import staff
from tests.support.restrictions import stopped
from tests.support.visitor import Visitor
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
URL = "/admin/privacy/privacyrequest/take-in/"


@pytest.fixture
def client() -> Client:
    return staff.signed_in(staff.member("Handler"))


def entered(**changes: Any) -> dict[str, Any]:
    received = timezone.now() - timedelta(days=6)
    return {
        "channel": "letter",
        "received_at_0": f"{received:%Y-%m-%d}",
        "received_at_1": "09:30",
        "role": "account_holder",
        "rights": ["access", "erasure"],
        "country": "US",
        "state": "CA",
        "email": "ann.lee@example.org",
        "message": "By letter of last week.",
        **changes,
    }


@pytest.mark.acceptance("UX-S26", "MAIN-13", "MAIN-06")
def test_a_letter_becomes_a_request_with_the_date_on_which_it_came(client: Client) -> None:
    answer = client.post(URL, entered())
    request = PrivacyRequest.objects.get()
    assert answer.url == staff.page_url(request)
    assert (request.channel, request.status) == ("letter", "verifying")
    assert request.rights == ["access", "erasure"]
    assert (request.country, request.state) == ("US", "CA")
    assert request.received_at.date() == (timezone.now() - timedelta(days=6)).date()
    first = min(row.safe_due for row in request.clocks.filter(clock="respond"))
    assert request.due_on == first <= (request.received_at + timedelta(days=30)).date()
    assert request.read("email") == "ann.lee@example.org"
    assert request.steps.filter(connector="mail", action="verify").exists()
    page = client.get(answer.url).text
    assert "Letter" in page
    assert "handler" in page[page.index("<h2>Timeline</h2>") :]


@pytest.mark.acceptance("UX-S26")
def test_a_second_click_finds_the_request_that_the_first_one_made(client: Client) -> None:
    first, second = client.post(URL, entered()), client.post(URL, entered())
    assert first.url == second.url
    assert PrivacyRequest.objects.count() == 1
    client.post(URL, entered(rights=["access"]))
    assert PrivacyRequest.objects.count() == 2


@pytest.mark.acceptance("UX-S26")
@pytest.mark.parametrize(("days", "said"), [(-2, "still to come"), (400, "more than a year ago")])
def test_a_date_that_cannot_be_right_is_refused(client: Client, days: int, said: str) -> None:
    day = timezone.now() - timedelta(days=days)
    answer = client.post(URL, entered(received_at_0=f"{day:%Y-%m-%d}"))
    assert said in answer.text
    assert "<title>Error: " in answer.text
    assert not PrivacyRequest.objects.exists()


def test_an_empty_form_says_what_is_missing(client: Client) -> None:
    answer = client.post(URL, {})
    assert answer.text.count("This field is required.") == 6
    assert not PrivacyRequest.objects.exists()


def test_a_state_counts_for_the_usa_only(client: Client) -> None:
    client.post(URL, entered(country="DE"))
    assert PrivacyRequest.objects.get().state == ""


@pytest.mark.parametrize("channel", ["web", "system"])
def test_a_channel_of_ours_is_none_of_staff(client: Client, channel: str) -> None:
    """Nobody is written to about a request that our own systems filed."""
    client.post(URL, entered(channel=channel))
    assert not PrivacyRequest.objects.exists()


@pytest.mark.acceptance("MAIN-13")
@pytest.mark.parametrize("channel", ["email", "phone", "letter"])
def test_the_person_gets_the_same_letter_as_after_the_web_form(
    client: Client, world: World, run_work: staff.Work, channel: str
) -> None:
    client.post(URL, entered(channel=channel))
    typed = PrivacyRequest.objects.get()
    assert typed.channel == channel
    visitor = Visitor().fill(staff.ANN, "access", "erasure").send()
    filled = PrivacyRequest.objects.get(channel="web")
    run_work()
    letters = world.letters(staff.ANN)
    assert len(letters) == 2
    texts, subjects = set(), set()
    for request in (typed, filled):
        [letter] = [each for each in letters if request.reference in each.text]
        due = f"{request.due_on.day} {request.due_on:%B %Y}"
        text = letter.text.replace(request.reference, "").replace(due, "")
        texts.add(re.sub(r"/verify/\S+/", "", text))
        subjects.add(letter.subject)
    assert len(texts) == len(subjects) == 1
    assert visitor.status == 200


@pytest.mark.acceptance("RIGHT-S24")
def test_an_opt_out_that_staff_enter_is_in_effect_and_split_off(
    client: Client, world: World
) -> None:
    ann = world.add_person(staff.ANN)
    answer = client.post(URL, entered(rights=["access", "opt_out"]), follow=True)
    first = PrivacyRequest.objects.get(split_from=None)
    part = PrivacyRequest.objects.get(split_from=first)
    assert (first.rights, part.rights) == (["access"], ["opt_out"])
    assert part.received_at == first.received_at
    assert stopped(ann) == {"sale"}
    assert "We asked the person to confirm the address." in answer.text
    client.post(URL, entered(rights=["access", "opt_out"]))
    assert PrivacyRequest.objects.count() == 2


@pytest.mark.acceptance("RIGHT-S24")
def test_staff_read_that_nobody_must_confirm_an_opt_out(client: Client) -> None:
    answer = client.post(URL, entered(rights=["opt_out"]), follow=True)
    assert "It is in effect, and the person gets a letter that says so." in answer.text
    assert "In effect at once, without proof of who asks" in answer.text


@pytest.mark.acceptance("RIGHT-S24")
def test_place_and_language_are_entered_as_on_the_web_form(client: Client) -> None:
    place = {"country": "CA", "state": "QC", "elsewhere": "FR", "language": "en"}
    client.post(URL, entered(**place, role="guardian", own_email="parent@example.org"))
    request = PrivacyRequest.objects.get()
    assert (request.state, request.also_in, request.language) == ("QC", ["FR"], "en")
    assert request.role == "guardian"
    assert {"qc_law25", "eu_gdpr"} <= set(request.laws["regimes"])
    client.post(URL, entered(country="CA", state="TX", email="bea@example.org"))
    assert PrivacyRequest.objects.exclude(pk=request.pk).get().state == ""


@pytest.mark.acceptance("RIGHT-S24")
def test_staff_see_of_an_opt_out_only_what_it_touches(
    client: Client, world: World, run_work: staff.Work
) -> None:
    world.add_person(staff.ANN)
    client.post(URL, entered(rights=["opt_out"]))
    run_work()
    page = client.get(staff.page_url(PrivacyRequest.objects.get())).text
    assert "Not needed: what is asked for only stops uses" in page
    assert "Not asked yet" not in page
    for words in ("Find out why", "request:approve", "Address confirmed"):
        assert words not in page
