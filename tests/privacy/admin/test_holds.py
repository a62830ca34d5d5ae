"""Legal holds: placed, released, never changed."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from accounts.models import Account, User
from fluxrouter.foundation.alarms import open_alarms
from fluxrouter.foundation.models import TrailChain, TrailEvent
from privacy.services.watch import watch_requests
from retention.models import LegalHold
from retention.services.holds import HoldError, place_hold, release_hold
from tests.support import staff

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
LIST = "/admin/retention/legalhold/"


@pytest.fixture
def account() -> Account:
    return Account.objects.create(
        email="ann.lee@example.org", full_name="Ann Lee", created_at=timezone.now()
    )


@pytest.fixture
def approver() -> User:
    return staff.member("Approver", "april")


@pytest.fixture
def client(approver: User) -> Client:
    return staff.signed_in(approver)


def entered(account: Account, **changes: Any) -> dict[str, Any]:
    review_on = timezone.now().date() + timedelta(days=90)
    return {
        "subject_id": str(account.pk),
        "ground": "claim",
        "citation": "12 O 345/26",
        "review_on": review_on.isoformat(),
        **changes,
    }


@pytest.fixture
def hold(account: Account, approver: User) -> LegalHold:
    day = timezone.now().date() + timedelta(days=90)
    return place_hold(
        account.pk, ground="order", citation="12 O 345/26", review_on=day, actor=approver
    )


def test_a_hold_is_placed_with_its_ground_and_the_trail_says_who(
    client: Client, account: Account, approver: User
) -> None:
    assert client.post(f"{LIST}add/", entered(account)).status_code == 302
    hold = LegalHold.objects.get()
    assert (hold.subject_id, hold.placed_by, hold.released_at) == (account.pk, approver, None)
    event = TrailEvent.objects.get(chain_id=hold.pk)
    assert (event.code, event.actor) == ("hold.placed", str(approver.pk))
    assert TrailChain.objects.get(pk=hold.pk).kind == "staff"
    assert "In force" in client.get(LIST).text
    assert "by april" in client.get(f"{LIST}{hold.pk}/change/").text
    assert LogEntry.objects.get().object_repr == f"legal hold {hold.pk}"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"review_on": "2020-01-01"}, "The review must be after today."),
        ({"subject_id": "5e7a3c1e-0000-4000-8000-000000000000"}, "No account has this id."),
        ({"citation": ""}, "This field is required."),
        ({"subject_id": ""}, "Name an account, or one kind of data with its first and last day."),
        ({"model": "accounts.User"}, "Select a valid choice."),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "must not be before the first"),
    ],
)
def test_a_hold_that_cannot_be_right_is_refused(
    client: Client, account: Account, changes: dict[str, str], said: str
) -> None:
    assert said in client.post(f"{LIST}add/", entered(account, **changes)).text
    assert not LegalHold.objects.exists()


@pytest.mark.acceptance("KEEP-08")
def test_a_hold_on_days_of_one_kind_of_data_needs_no_account(client: Client) -> None:
    days = {"since": "2026-03-01", "until": "2026-03-09"}
    form = {"subject_id": "", "ground": "order", "citation": "AG 7", "review_on": "2199-01-01"}
    sent = {**form, **days, "model": "accounts.GatewayRequest"}
    assert client.post(f"{LIST}add/", sent).status_code == 302
    hold = LegalHold.objects.get()
    assert (hold.subject_id, hold.model) == (None, "accounts.GatewayRequest")
    data = TrailEvent.objects.get(chain_id=hold.pk).data
    assert (data["model"], data["since"], data["until"]) == (hold.model, *days.values())
    assert "account" not in data
    said = "Everybody: Request metadata from 2026-03-01 to 2026-03-09"
    for page in (LIST, f"{LIST}{hold.pk}/change/", f"{LIST}{hold.pk}/release/"):
        assert said in client.get(page).text


def test_a_released_hold_says_who_released_it_and_cannot_be_released_again(
    client: Client, hold: LegalHold, approver: User
) -> None:
    url = f"{LIST}{hold.pk}/release/"
    assert url in client.get(f"{LIST}{hold.pk}/change/").text
    assert client.post(url, {}).status_code == 200  # no reason, no release
    assert client.post(url, {"reason": "lifted"}).status_code == 302
    hold.refresh_from_db()
    assert hold.released_by == approver
    released = TrailEvent.objects.get(chain_id=hold.pk, code="hold.released")
    assert released.data["why"] == "lifted"
    assert url not in client.get(f"{LIST}{hold.pk}/change/").text
    assert client.post(url, {"reason": "lifted"}).status_code == 409
    with pytest.raises(HoldError):
        release_hold(hold, actor=approver, reason="lifted")
    assert str(hold.pk)[:8] in client.get(f"{LIST}?state=released").text
    assert str(hold.pk)[:8] not in client.get(f"{LIST}?state=open").text


def test_a_reason_that_is_not_in_the_table_releases_nothing(
    hold: LegalHold, approver: User
) -> None:
    with pytest.raises(HoldError):
        release_hold(hold, actor=approver, reason="because")


@pytest.mark.acceptance("UX-S25", "SEC-08")
@pytest.mark.parametrize("role", ["Viewer", "Handler", "Auditor"])
def test_other_roles_see_a_hold_and_can_do_nothing_with_it(role: str, hold: LegalHold) -> None:
    client = staff.signed_in(staff.member(role))
    page = f"{LIST}{hold.pk}/change/"
    assert client.get(page).status_code == 200
    assert "release" not in client.get(page).text.lower().replace("released", "")
    assert client.post(f"{LIST}{hold.pk}/release/", {"reason": "lifted"}).status_code == 403
    assert client.post(f"{LIST}add/", {}).status_code == 403
    hold.refresh_from_db()
    assert hold.released_at is None


def test_a_hold_is_never_changed_or_deleted(hold: LegalHold) -> None:
    client = staff.signed_in(User.objects.create_superuser("root"))
    assert client.post(f"{LIST}{hold.pk}/change/", {"citation": "other"}).status_code == 403
    assert client.post(f"{LIST}{hold.pk}/delete/", {"post": "yes"}).status_code == 403
    hold.refresh_from_db()
    assert hold.citation == "12 O 345/26"


@pytest.mark.acceptance("KEEP-08")
def test_a_hold_whose_review_has_come_is_told_to_staff_until_they_looked(
    approver: User, hold: LegalHold
) -> None:
    with time_machine.travel(hold.review_on):
        client = staff.signed_in(approver)
        watch_requests()
        assert open_alarms().get(code="hold_review").about == str(hold.pk)
        later = timezone.now().date() + timedelta(days=365)
        where = f"{LIST}{hold.pk}/review/"
        assert client.post(where, {"review_on": timezone.now().date()}).status_code == 409
        assert client.post(where, {"review_on": later}).status_code == 302
        watch_requests()
        assert not open_alarms().filter(code="hold_review")
    hold.refresh_from_db()
    assert (hold.review_on, hold.released_at) == (later, None)
    event = TrailEvent.objects.filter(chain_id=hold.pk).latest("seq")
    assert (event.code, event.data["review_on"]) == ("hold.review_moved", later.isoformat())


def test_who_may_place_no_hold_keeps_none_in_force(hold: LegalHold) -> None:
    answer = staff.signed_in(staff.member("Auditor")).post(
        f"{LIST}{hold.pk}/review/", {"review_on": "2099-01-01"}
    )
    assert answer.status_code == 403


def test_a_hold_that_is_not_there_is_not_found(client: Client) -> None:
    answer = client.get(f"{LIST}5e7a3c1e-0000-4000-8000-000000000000/release/")
    assert answer.status_code == 404
