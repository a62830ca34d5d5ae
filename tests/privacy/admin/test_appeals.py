"""The queue of appeals and complaints, and how staff decide them."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from fluxrouter.foundation.models import TrailEvent
from privacy.models import Appeal, PrivacyRequest
from tests.support import staff
from tests.support.appeals import appealed, complained, confirmed, denied, refuse

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
LIST = "/admin/privacy/appeal/"
REASONS = {"verdict": "rejected", "reason": "We looked at the papers again."}


@pytest.fixture
def client() -> Client:
    return staff.signed_in(staff.member("Approver", "april"))


def page(request: PrivacyRequest) -> str:
    return f"/admin/privacy/privacyrequest/{request.pk}/change/"


@pytest.mark.acceptance("RIGHT-A07")
def test_the_list_shows_what_is_open_by_due_date_and_what_was_decided(client: Client) -> None:
    first, second = denied(), confirmed("erasure", email="bob@example.org")
    complained(second)  # 30 days, before the appeal's 45
    appealed(first)
    shown = client.get(LIST).text
    assert 0 < shown.index(second.reference) < shown.index(first.reference)
    assert "44 days left" in shown or "45 days left" in shown
    assert client.post(staff.do_url(first, "decide_appeal"), REASONS).status_code == 302
    assert first.reference not in client.get(LIST).text
    assert first.reference in client.get(f"{LIST}?state=decided").text
    assert "– It stays as it was" in client.get(f"{LIST}?state=all").text
    assert second.reference not in client.get(f"{LIST}?kind__exact=appeal&state=all").text


@pytest.mark.acceptance("RIGHT-A07")
def test_what_is_overdue_has_a_filter_of_its_own(client: Client) -> None:
    request = denied()
    appealed(request)
    assert request.reference not in client.get(f"{LIST}?due=overdue").text
    with time_machine.travel(timezone.now() + timedelta(days=46)):
        client.force_login(staff.member("Approver", "anna"))
        shown = client.get(f"{LIST}?due=overdue").text
    assert request.reference in shown
    assert "Overdue by" in shown


@pytest.mark.acceptance("RIGHT-A07")
def test_the_request_page_shows_the_text_and_the_dashboard_the_number(client: Client) -> None:
    request = denied()
    appealed(request, "It is <mine>.")
    shown = client.get(page(request)).text
    assert "It is &lt;mine&gt;." in shown
    assert "◔ To be decided" in shown
    assert staff.do_url(request, "decide_appeal") in shown
    assert "Appeals and complaints" in client.get("/admin/").text
    assert client.get(f"{LIST}{Appeal.objects.get().pk}/change/").url.endswith("#appeals")


@pytest.mark.acceptance("RIGHT-A07")
@pytest.mark.parametrize("role", ["Auditor", "Handler", "Viewer"])
def test_what_the_person_wrote_is_for_those_who_decide(role: str) -> None:
    request = denied()
    appealed(request, "My neighbour knows why.")
    shown = staff.signed_in(staff.member(role)).get(page(request)).text
    assert "neighbour" not in shown
    assert "Shown to those who decide" in shown


@pytest.mark.acceptance("RIGHT-A08")
def test_a_decision_needs_reasons_and_is_told_by_the_trail(client: Client) -> None:
    request = denied()
    appealed(request)
    url = staff.do_url(request, "decide_appeal")
    assert "Reasons that the person will read" in client.get(url).text
    assert client.post(url, {"verdict": "rejected", "reason": " "}).status_code == 200
    assert client.post(url, {"verdict": "partly", "reason": "Yes."}).status_code == 200
    assert Appeal.objects.get().is_open
    assert client.post(url, REASONS).status_code == 302
    assert client.post(url, REASONS).status_code == 409
    event = TrailEvent.objects.get(chain_id=request.pk, code="appeal.decided")
    assert event.data["outcome"] == "rejected"
    assert "papers" not in str(event.data)
    shown = client.get(page(request)).text
    assert "We looked at the papers again." in shown
    assert "Appeal or complaint decided" in shown


def test_the_letter_can_be_seen_before_and_that_decides_nothing(client: Client) -> None:
    request = denied()
    appealed(request)
    url = staff.do_url(request, "decide_appeal")
    shown = client.post(url, {**REASONS, "see": "1", "verdict": "upheld"})
    assert "you are right" in shown.text
    assert "We looked at the papers again." in shown.text
    assert Appeal.objects.get().is_open
    assert not PrivacyRequest.objects.filter(split_from=request).exists()


@pytest.mark.acceptance("RIGHT-A09")
def test_who_refused_has_no_button_and_can_not_post() -> None:
    april = staff.member("Approver", "april")
    request = denied(by=april)
    appealed(request)
    client = staff.signed_in(april)
    url = staff.do_url(request, "decide_appeal")
    assert url not in client.get(page(request)).text
    answer = client.post(url, REASONS)
    assert answer.status_code == 409
    assert "You had a part in what was decided" in answer.text
    assert Appeal.objects.get().is_open


@pytest.mark.acceptance("RIGHT-A09")
@pytest.mark.parametrize("role", ["Auditor", "Handler", "Viewer"])
def test_other_roles_see_appeals_and_can_not_decide_them(role: str) -> None:
    request = denied()
    appealed(request)
    client = staff.signed_in(staff.member(role))
    assert request.reference in client.get(LIST).text
    assert client.post(staff.do_url(request, "decide_appeal"), REASONS).status_code == 403
    assert client.post(staff.do_url(request, "decide_complaint"), REASONS).status_code == 403
    assert Appeal.objects.get().is_open


@pytest.mark.acceptance("RIGHT-A10")
def test_right_in_part_carries_out_what_was_ticked(client: Client) -> None:
    request = confirmed("access", "erasure")
    refuse(request, "access", "erasure", by=staff.member("Approver", "rita"))
    appealed(request)
    answers = {"verdict": "partly", "reason": "Yes.", "rights": ["erasure"]}
    assert client.post(staff.do_url(request, "decide_appeal"), answers).status_code == 302
    new = Appeal.objects.get().follow_up
    assert new
    assert new.rights == ["erasure"]
    assert new.reference in client.get(page(request)).text
    assert client.get(page(new)).status_code == 200
