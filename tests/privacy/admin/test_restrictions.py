"""What a restriction stops, since when, and its end: as staff see it."""

import pytest
from django.test import Client

from accounts.models import Account, Restriction
from accounts.purposes import PURPOSES, Purpose
from privacy.rights import stopped_purposes
from tests.support import staff
from tests.support.visitor import Visitor, link

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.acceptance("PROC-42"),
]
REASON = {"reason": "The data was right."}


@pytest.fixture
def client() -> Client:
    return staff.signed_in(staff.member("Approver"))


def text(client: Client, url: str) -> str:
    return " ".join(client.get(url).text.replace("&#x27;", "'").split())


@pytest.mark.parametrize("right", ["restriction", "objection"])
def test_the_approver_reads_what_stops_and_what_goes_on(client: Client, right: str) -> None:
    request = staff.looked_up(right)
    page = text(client, staff.do_url(request, "propose"))
    stopped = stopped_purposes([right])
    for purpose, effect in PURPOSES.items():
        assert (effect.stops in page) is (purpose in stopped), purpose
    assert "sign-in and service go on" in page


def test_it_is_in_force_since_a_day_on_staffs_page_and_the_persons(client: Client) -> None:
    request = staff.restricted()
    page = text(client, staff.page_url(request))
    assert "In force since" in page
    assert PURPOSES[Purpose.MARKETING].stops in page
    seen = Visitor().get(link(request, "status"))
    assert "What we don’t do with your data" in seen.text
    assert PURPOSES[Purpose.MARKETING].stops in seen.text


def test_the_end_is_announced_and_called_off_by_buttons(client: Client) -> None:
    request = staff.restricted()
    announce, call_off = (
        staff.do_url(request, name) for name in ("announce_lifting", "call_off_lifting")
    )
    assert "72 hours after it each system gets back" in text(client, announce)
    assert client.get(call_off).status_code == 409
    assert client.post(announce, REASON).status_code == 302
    page = text(client, staff.page_url(request))
    assert "Its end is announced: not before" in page
    assert "What is still to come" in page
    assert announce not in page
    assert client.post(call_off, REASON).status_code == 302
    page = text(client, staff.page_url(request))
    assert "Its end is announced" not in page
    assert announce in page
    assert "End of the restriction called off" in page


def test_what_is_newer_is_named(client: Client) -> None:
    first = staff.restricted()
    account = first.refs["accounts"][0]
    second = staff.restricted()
    Restriction.objects.filter(request_id=second.pk).update(account_id=account)
    answer = client.get(staff.do_url(first, "announce_lifting"))
    assert answer.status_code == 409
    assert f"{second.reference} has restricted the same data since" in answer.text


def test_a_restriction_of_nobodys_account_is_not_in_force(client: Client) -> None:
    request = staff.restricted()
    Account.objects.all().delete()
    page = text(client, staff.page_url(request))
    assert "Not in force any more, or no account has this address." in page
    assert staff.do_url(request, "announce_lifting") not in page
