"""The page of one request."""

from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from accounts.models import User
from fluxrouter.foundation.keystore import keystore
from fluxrouter.foundation.models import TrailEvent
from privacy.admin import masks
from privacy.connectors.registry import connectors
from privacy.models import FulfilmentStep
from privacy.services import review
from privacy.services.system import file_erasure
from privacy.standing_rules import STANDING_RULES
from retention.services.holds import place_hold
from tests.support import staff

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
FOUND = {
    "found": {"account": 1, "gatewayrequest": 1200, "billingrecord": 2},
    "erase": {"account": 1, "gatewayrequest": 1200},
    "keep": [{"what": "billingrecord", "count": 2, "ground": "tax"}],
}


@pytest.fixture
def handler() -> User:
    return staff.member("Handler")


@pytest.fixture
def client(handler: User) -> Client:
    return staff.signed_in(handler)


@pytest.mark.acceptance("UX-S09", "MAIN-19")
def test_the_top_says_where_it_stands_when_it_is_due_and_who_acts_next(client: Client) -> None:
    request = staff.looked_up("erasure")
    text = client.get(staff.page_url(request)).text
    assert "Being checked" in text
    assert f"{request.days_left(timezone.now())} days left" in text
    assert f"{request.due_on:%B %Y}" in text
    assert "Staff: a decision" in text
    assert "confirmed this address" in text


@pytest.mark.acceptance("UX-S08")
def test_contact_details_are_masked_until_somebody_says_why_they_look(client: Client) -> None:
    request = staff.looked_up("access")
    url = staff.do_url(request, "reveal")
    page = client.get(staff.page_url(request)).text
    assert "a•••@e•••.org" in page
    assert "ann.lee@example.org" not in page
    assert "ann.lee" not in client.post(url, {"reason": ""}).text
    assert not TrailEvent.objects.filter(code="request.revealed").exists()
    shown = client.post(url, {"reason": "They rang and asked."})
    assert "ann.lee@example.org" in shown.text
    assert "Please hurry." in shown.text
    assert "no-store" in shown.headers["Cache-Control"]
    assert TrailEvent.objects.filter(code="request.revealed", chain_id=request.pk).count() == 1
    again = client.get(staff.page_url(request)).text
    assert "ann.lee@example.org" not in again
    assert "Contact details revealed" in again
    assert "They rang and asked." in again


def test_when_the_key_is_gone_the_page_says_so_and_offers_no_look(client: Client) -> None:
    request = staff.looked_up("access")
    keystore().destroy(request.pk)
    request.key_destroyed_at, request.email = timezone.now(), None
    request.save()
    page = client.get(staff.page_url(request)).text
    assert masks.GONE in page
    assert staff.do_url(request, "reveal") not in page
    assert client.post(staff.do_url(request, "reveal"), {"reason": "Why"}).status_code == 409


@pytest.mark.acceptance("UX-S13", "MAIN-19")
def test_the_plan_shows_counts_what_is_kept_and_why_and_what_was_not_found(
    client: Client,
) -> None:
    request = staff.looked_up("erasure", database=FOUND)
    page = client.get(staff.page_url(request)).text
    assert "1,200" in page
    assert "Request metadata" in page
    assert "We must be able to show our accounts and taxes." in page
    assert "7 years after the invoice" in page
    assert "26 U.S.C. § 6001" in page
    assert page.count("Nothing found") == len(connectors()) - 1


@pytest.mark.acceptance("UX-S17", "MAIN-24")
@pytest.mark.parametrize(
    ("changes", "words_shown"),
    [
        ({"state": "parked", "error": "no_permission"}, "The processor refused our key."),
        ({"state": "ready", "error": "mail_no_answer", "attempts": 2}, "No answer after 2 tries."),
        ({"state": "running"}, "Being asked now."),
        ({"state": "ready"}, "Will be asked in a moment."),
        ({"state": "cancelled"}, "The look-up was cancelled."),
    ],
)
def test_a_system_that_has_not_answered_says_so_in_words(
    client: Client, changes: dict[str, object], words_shown: str
) -> None:
    request = staff.looked_up("access")
    FulfilmentStep.objects.filter(request=request, connector="stripe").update(**changes)
    page = client.get(staff.page_url(request)).text
    assert words_shown in page
    assert staff.do_url(request, "propose") not in page


@pytest.mark.acceptance("MAIN-19", "UX-S15")
def test_a_legal_hold_stands_in_the_way_and_says_who_set_it_and_why(client: Client) -> None:
    account = uuid4()
    approver = staff.member("Approver", "april")
    request = staff.looked_up("erasure", accounts=[str(account)])
    day = timezone.now().date().replace(year=2031)
    place_hold(account, ground="claim", citation="12 O 345/26", review_on=day, actor=approver)
    page = client.get(staff.page_url(request)).text
    assert "A legal hold covers this account." in page
    assert "12 O 345/26" in page
    assert "Placed by april" in page
    assert staff.do_url(request, "propose") not in page
    answer = client.post(staff.do_url(request, "propose"), {"typed": request.reference})
    assert answer.status_code == 409


@pytest.mark.acceptance("UX-S15", "MAIN-24")
def test_a_hold_placed_after_the_proposal_takes_the_approve_button_away(handler: User) -> None:
    account, approver = uuid4(), staff.member("Approver")
    request = staff.looked_up("erasure", accounts=[str(account)])
    review.propose(request, actor=handler, typed=request.reference, reason="Complete.")
    client, url = staff.signed_in(approver), staff.do_url(request, "approve")
    assert url in client.get(staff.page_url(request)).text
    day = timezone.now().date().replace(year=2031)
    place_hold(account, ground="claim", citation="12 O 345/26", review_on=day, actor=approver)
    assert url not in client.get(staff.page_url(request)).text
    assert client.post(url, {"reason": "Go."}).status_code == 409


@pytest.mark.acceptance("UX-S17")
def test_a_parked_step_says_what_happened_and_has_a_retry_button(client: Client) -> None:
    request = staff.looked_up("access")
    step = staff.parked(request, "mail:confirmed", "no_permission")
    page = client.get(staff.page_url(request)).text
    assert "The processor refused our key. Check its permissions." in page
    url = staff.do_url(request, "retry", step)
    assert url in page
    assert client.post(url).status_code == 302
    step.refresh_from_db()
    assert (step.state, step.attempts) == ("ready", 0)
    assert client.post(url).status_code == 409


def test_djangos_own_log_names_nobody(client: Client) -> None:
    request = staff.looked_up("access")
    client.post(staff.do_url(request, "reveal"), {"reason": "They rang."})
    client.post(staff.do_url(request, "withdraw"), {"reason": "They rang."})
    assert not LogEntry.objects.exists()


def test_work_under_way_has_a_link_to_look_again(client: Client) -> None:
    request = staff.looked_up("access")
    refresh = f'<a href="{staff.page_url(request)}">Refresh</a>'
    FulfilmentStep.objects.filter(request=request).update(state="done")
    assert refresh not in client.get(staff.page_url(request)).text
    FulfilmentStep.objects.filter(request=request, connector="stripe").update(state="running")
    assert refresh in client.get(staff.page_url(request)).text


@pytest.mark.acceptance("KEEP-20")
@pytest.mark.parametrize(
    ("code", "ordered"),
    [
        ("account_closed", " Retention schedule: Accounts, 30 days after closing."),
        ("drill", ""),
    ],
)
def test_the_plan_names_the_rule_that_approves_it(client: Client, code: str, ordered: str) -> None:
    request = file_erasure("ann.lee@example.org", {}, reason=code)
    page = client.get(staff.page_url(request)).text
    assert f"Standing approval: {STANDING_RULES[code].why}.{ordered} What stands" in page
    by_people = staff.looked_up("erasure")
    assert "Standing approval" not in client.get(staff.page_url(by_people)).text
