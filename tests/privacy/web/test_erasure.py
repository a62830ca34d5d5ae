"""What the pages show of an erasure: its certificate, and the ways to stop it."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from fluxrouter.foundation.models import TrailChain
from privacy.grounds import ACCEPTABLE, GROUNDS, Ground
from privacy.models import PrivacyRequest
from privacy.services import review
from tests.support.staff import ANN, Work, looked_up, reviewed
from tests.support.visitor import Visitor, link
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])


def approve(request: PrivacyRequest) -> None:
    first = User.objects.create_user(username="first", is_staff=True)
    second = User.objects.create_user(username="second", is_staff=True)
    review.propose(
        request, actor=first, typed=request.reference, reason="Fine.", accept=[*ACCEPTABLE]
    )
    review.approve(request, actor=second, reason="Seen.")


@pytest.mark.acceptance("UX-P23", "UX-P32")
def test_the_certificate_lists_what_went_what_stays_and_what_was_not_searched(
    world: World, run_work: Work
) -> None:
    world.add_person(ANN)
    request = reviewed(world, run_work, "erasure", email=ANN)
    approve(request)
    run_work()
    path = link(request, "status")
    assert "Open the certificate of erasure" in Visitor().get(path).text
    seen = Visitor().get(f"{path}certificate/")
    for words in (
        request.reference,
        "Erased Kind Number Customer record 1",
        "Request metadata 3",
        "Invoices, as we must keep them (1) : 7 years after the invoice.",
        "26 U.S.C. § 6001",
        "24 months after your request is closed",
        "nothing else was left",
        "Not searched by this software",
        "Letters in the mail service’s log (",
        "for up to 7 days",
        bytes(TrailChain.objects.get(pk=request.pk).head_digest).hex(),
    ):
        assert words in seen.text
    assert ANN not in seen.page
    assert seen.text.count(GROUNDS[Ground.MAIL_LOG].reason) == 1
    letter = " ".join(world.letters(ANN)[0].text.split())
    assert letter.count(GROUNDS[Ground.MAIL_LOG].reason) == 1


def test_a_link_stops_an_erasure_by_its_button_only(world: World, settings: Any) -> None:
    settings.ERASURE_GRACE = timedelta(hours=72)
    request = looked_up("erasure")
    approve(request)
    path = link(request, "stop")
    assert Visitor().get(path).h1 == "Stop this request"
    request.refresh_from_db()
    assert request.status == "approved"
    assert Visitor().post(path).h1 == "The request is stopped"
    request.refresh_from_db()
    assert request.status == "withdrawn"
    assert Visitor().post(path).h1 == "The request is stopped"
    assert Visitor().get(link(request, "stop")).h1 == "The request is stopped"


def test_too_late_is_said_with_whom_to_ask() -> None:
    request = looked_up("erasure")
    PrivacyRequest.objects.filter(pk=request.pk).update(status="fulfilling")
    for seen in (Visitor().get(link(request, "stop")), Visitor().post(link(request, "stop"))):
        assert seen.h1 == "It is too late to stop this request"
        assert "hello@fluxrouter.ai" in seen.text


@pytest.mark.parametrize("kind", ["stop", "status"])
def test_a_link_that_is_not_ours_is_explained(kind: str) -> None:
    seen = Visitor().get(f"/privacy/{kind}/nothing/")
    assert seen.status == 404
    assert seen.h1 == "This link does not work"


def test_an_old_status_link_says_that_its_time_is_over() -> None:
    request = looked_up("access")
    path = link(request, "status")
    request.tokens.update(expires_at=request.received_at)
    seen = Visitor().get(path)
    assert seen.status == 410
    assert "Its time is over" in seen.text
