"""The queue: order, words, filters, search, and the dashboard's numbers."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from fluxrouter.foundation.alarms import clear_alarm, raise_alarm
from privacy.models import PrivacyRequest
from privacy.states import Status
from tests.support import staff

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
LIST = "/admin/privacy/privacyrequest/"


@pytest.fixture
def viewer() -> Client:
    return staff.signed_in(staff.member("Viewer"))


def listed(client: Client, query: str = "") -> list[str]:
    """The references in the list, from top to bottom."""
    text = client.get(LIST + query).text
    return re.findall(r'change/[^"]*">(FR-\w{4}-\w{4})</a>', text)


@pytest.mark.acceptance("MAIN-18", "UX-S05")
def test_overdue_requests_come_first_and_closed_ones_are_not_in_the_way(viewer: Client) -> None:
    late = staff.made("access", days_ago=40)
    later = staff.made("erasure", days_ago=2)
    soon = staff.made("objection", days_ago=27)
    closed = staff.made("access", days_ago=90)
    closed.transition_to(Status.WITHDRAWN)
    assert listed(viewer) == [late.reference, soon.reference, later.reference]
    text = viewer.get(LIST).text
    assert re.search(r'aria-hidden="true">▲</span> Overdue by \d+ days', text)
    assert re.search(r'aria-hidden="true">◆</span> \d days? left', text)
    assert "Erase my data" in text
    assert listed(viewer, "?status=all")[-1] == closed.reference


def test_filters_are_in_the_address_and_can_be_combined(viewer: Client) -> None:
    late = staff.made("access", days_ago=40)
    staff.made("erasure", days_ago=40)
    waiting = staff.proposed_by(staff.member("Handler"), "erasure")
    assert listed(viewer, "?due=overdue&right=access") == [late.reference]
    assert listed(viewer, "?waiting=second") == [waiting.reference]
    assert listed(viewer, "?status=in_review&right=erasure") == [waiting.reference]
    assert listed(viewer, "?channel__exact=web") == []


def test_nothing_personal_is_in_the_list(viewer: Client) -> None:
    staff.looked_up("access")
    text = viewer.get(LIST + "?status=all").text
    assert "ann.lee" not in text
    assert "hurry" not in text


def search(client: Client, typed: str) -> tuple[str, str]:
    """Where a search leads, and what is said there."""
    answer = client.post(LIST + "search/", {"for": typed}, follow=True)
    return answer.redirect_chain[-1][0], answer.text


@pytest.mark.acceptance("UX-S07")
def test_search_finds_a_whole_reference_and_a_whole_address(viewer: Client) -> None:
    first, second = staff.made("access"), staff.made("erasure")
    staff.made("access", email="bo@example.org")
    second.transition_to(Status.WITHDRAWN)
    assert search(viewer, first.reference.lower())[0] == staff.page_url(first)
    url, text = search(viewer, " Ann.Lee@Example.org ")
    assert "@" not in url
    assert "lee" not in url.lower()
    assert {first.reference, second.reference} <= set(re.findall(r"FR-\w{4}-\w{4}", text))
    assert set(listed(viewer, url.removeprefix(LIST))) == {first.reference, second.reference}


@pytest.mark.acceptance("UX-S07")
def test_a_part_of_an_address_is_answered_with_why_it_cannot_be_found(viewer: Client) -> None:
    staff.made("access")
    for typed in ("ann.lee", "@example.org", ""):
        assert "a part of one can’t be found" in search(viewer, typed)[1]
    assert "No request has this address" in search(viewer, "nobody@example.org")[1]


@pytest.mark.parametrize("query", ["?same=nonsense", "?same=5e7a3c1e-0000-4000-8000-000000000000"])
def test_an_unknown_person_in_the_address_shows_an_empty_list(viewer: Client, query: str) -> None:
    staff.made("access")
    assert listed(viewer, query + "&status=all") == []


def test_each_number_of_the_dashboard_equals_the_list_it_leads_to(viewer: Client) -> None:
    staff.made("access", days_ago=40)
    staff.made("access", days_ago=27)
    staff.proposed_by(staff.member("Handler"), "erasure")
    closed = staff.made("access")
    closed.transition_to(Status.WITHDRAWN)
    staff.parked(closed, "mail:withdrawn")
    text = viewer.get("/admin/").text
    numbers = re.findall(r'<a href="([^"]+)"><span class="number">(\d+)</span>', text)
    assert [number for _, number in numbers] == ["3", "1", "1", "1", "1", "0", "0"]
    for url, number in numbers[:-2]:  # the last ones' lists are those of tasks and appeals
        assert len(listed(viewer, url.removeprefix(LIST).replace("&amp;", "&"))) == int(number)


def test_the_list_asks_the_database_as_often_for_many_requests_as_for_one(
    viewer: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        staff.made("access", email=f"p{number}@example.org")
    with django_assert_max_num_queries(12):
        viewer.get(LIST)


def test_an_open_alarm_is_on_every_page_until_it_is_cleared(viewer: Client) -> None:
    request = staff.made("access")
    raise_alarm("request_overdue", request.reference)
    raise_alarm("job_missed", "seal_trail")
    for url in ("/admin/", LIST, staff.page_url(request)):
        text = viewer.get(url).text
        assert "1 request is overdue" in text
        assert "runbook: job_missed" in text
    nobody = staff.signed_in(User.objects.create_user("no.role", is_staff=True))
    assert "<a" not in nobody.get("/admin/").text.split("1 request is overdue")[0][-40:]
    assert "overdue" not in Client().get("/admin/login/").text
    clear_alarm("request_overdue", request.reference)
    assert "1 request is overdue" not in viewer.get("/admin/").text


@pytest.mark.acceptance("UX-S05")
def test_a_request_that_is_due_today_is_soon_and_not_overdue(viewer: Client) -> None:
    request = staff.made("access")
    today = timezone.now().date()
    rows = PrivacyRequest.objects.filter(pk=request.pk)
    rows.update(due_on=today)
    assert listed(viewer, "?due=soon") == [request.reference]
    assert "Due today" in viewer.get(LIST).text
    rows.update(due_on=today - timedelta(days=1))
    assert listed(viewer, "?due=soon") == []
    assert "Overdue by 1 day<" in viewer.get(LIST).text
