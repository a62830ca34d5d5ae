"""Global Privacy Control: exactly what counts as the signal, whose it is, and that it stays."""

import re
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.gateway import feed
from accounts.models import Account, Restriction
from accounts.purposes import Purpose
from accounts.restrictions import is_restricted
from fluxrouter.foundation.models import TrailEvent
from privacy.models import BrowserSignal, PrivacyRequest
from privacy.services import signals
from privacy.web.signal import COOKIE
from privacy.web.views import opt_in
from retention.services.dispose import dispose_due
from tests.support.staff import ANN, looked_up
from tests.support.steps import approved, at_once
from tests.support.visitor import Visitor, link
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
HONOURED = "Opt-out request honoured"
EARLIER = "On an earlier visit this browser asked"


def browser(value: str | None = "1") -> Visitor:
    """A browser that sends the signal on every page."""
    made = Visitor()
    made.client = Client(headers={"Sec-GPC": value} if value is not None else {})
    return made


def silent(spoke: Visitor) -> Visitor:
    """The same browser, with the signal turned off."""
    same = Visitor()
    same.client.cookies = spoke.client.cookies
    return same


def verified(account: Account) -> PrivacyRequest:
    return looked_up("access", accounts=[str(account.pk)])


@pytest.fixture
def account() -> Account:
    return Account.objects.create(email=ANN, created_at=timezone.now())


@pytest.mark.acceptance("RIGHT-S11")
@pytest.mark.parametrize(
    ("value", "counts"),
    [
        *(("1", True), (" 1", True), ("0,1", True), ("1, 0", True), ("1,1", True)),
        *((None, False), ("", False), ("0", False), ("true", False), (" true", False)),
        *(("1;x", False), ("11", False), ("1.0", False), ("+1", False), ("1 1", False)),
        *(("٢", False), ("¹", False), ("yes", False), ("0,10", False), ('"1"', False)),
    ],
)
def test_only_a_value_of_exactly_one_is_the_signal(value: str | None, counts: bool) -> None:
    assert signals.is_set(value or "") is counts
    if value is None or value.isascii():
        assert (HONOURED in browser(value).get("/").page) is counts


@pytest.mark.acceptance("RIGHT-S11")
def test_a_page_never_takes_do_not_track_for_it() -> None:
    seen = Visitor()
    seen.client = Client(headers={"DNT": "1"})
    assert HONOURED not in seen.get("/").page


@pytest.mark.acceptance("RIGHT-S12")
@pytest.mark.parametrize(
    "path", ["/", "/privacy/", "/privacy/promises/", "/privacy/processors/", "/privacy/nothing/"]
)
def test_every_public_page_shows_that_it_is_honoured(path: str) -> None:
    assert HONOURED in browser().get(path).page
    assert HONOURED not in Visitor().get(path).page


@pytest.mark.acceptance("RIGHT-S12")
def test_pages_of_the_form_show_it_too() -> None:
    seen = browser().fill("ann@example.org", "access")
    assert HONOURED in seen.page
    assert HONOURED in seen.send().page


@pytest.mark.acceptance("RIGHT-S12")
def test_no_page_is_kept_for_another_browser() -> None:
    for seen in (browser().get("/"), Visitor().get("/")):
        assert "Sec-GPC" in seen.headers["Vary"]
        assert "Cookie" in seen.headers["Vary"]
    assert "private" in browser().get("/").headers["Cache-Control"]


@pytest.mark.acceptance("RIGHT-S13")
def test_a_browser_is_one_row_however_many_pages_it_opens() -> None:
    seen = browser()
    for _ in range(4):
        seen.get("/").get("/privacy/")
    [row] = BrowserSignal.objects.all()
    cookie = seen.client.cookies[COOKIE]
    assert bytes(row.browser) == signals.digest_of(cookie.value)
    assert cookie.value.encode() not in bytes(row.browser)
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert cookie["max-age"] == int(timedelta(days=395).total_seconds())


@pytest.mark.acceptance("RIGHT-S13")
def test_it_is_written_once_a_day_at_most() -> None:
    seen = browser()
    for _ in range(3):
        seen.get("/")
    [row] = BrowserSignal.objects.all()
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        seen.get("/")
    [later] = BrowserSignal.objects.all()
    assert (later.first_on, later.last_on) == (row.first_on, row.last_on + timedelta(days=2))


@pytest.mark.acceptance("RIGHT-S13")
def test_who_keeps_no_cookies_leaves_no_rows() -> None:
    for _ in range(5):
        browser().get("/")
    assert not BrowserSignal.objects.exists()


@pytest.mark.acceptance("RIGHT-S13")
def test_without_the_signal_there_is_no_cookie() -> None:
    seen = Visitor().get("/").get("/privacy/")
    assert COOKIE not in seen.client.cookies


@pytest.mark.acceptance("RIGHT-S14")
def test_a_known_persons_accounts_are_opted_out_of_sale_and_nothing_else(account: Account) -> None:
    request = verified(account)
    seen = browser()
    for _ in range(3):
        seen.get(link(request, "status"))
    [row] = Restriction.objects.all()
    assert (row.account_id, row.purpose, row.source) == (account.pk, Purpose.SALE, "signal")
    assert row.request_id is None
    assert BrowserSignal.objects.get().account_ids == [account.pk]
    assert "Your browser asked us not to sell or share your data." in seen.text


@pytest.mark.acceptance("RIGHT-S14")
def test_the_gateway_hears_of_it(account: Account) -> None:
    browser().get(link(verified(account), "status"))
    [change] = [each for each in feed.read().changes if "stopped" in each]
    assert (change["account"], change["stopped"]) == (str(account.pk), ["sale"])


@pytest.mark.acceptance("RIGHT-S14")
def test_it_stays_on_later_visits_without_the_header(account: Account) -> None:
    request = verified(account)
    seen = silent(browser().get(link(request, "status")))
    assert EARLIER in seen.get("/").page
    assert EARLIER in seen.get(link(request, "status")).page
    assert is_restricted(account.pk, Purpose.SALE)
    assert EARLIER not in Visitor().get("/").page


@pytest.mark.acceptance("RIGHT-S14")
def test_two_tabs_and_two_browsers_write_one_restriction(account: Account) -> None:
    request = verified(account)
    first, second = browser().get("/"), browser().get("/")
    cookies = [each.client.cookies[COOKIE].value for each in (first, first, second, second)]
    jobs = [lambda cookie=cookie: signals.tie(cookie, request) for cookie in cookies]
    assert at_once(*jobs) == []
    assert Restriction.objects.count() == 1
    assert BrowserSignal.objects.filter(account_ids=[account.pk]).count() == 2


@pytest.mark.acceptance("RIGHT-S14")
def test_what_was_lifted_since_is_not_stopped_again_by_the_same_browser(account: Account) -> None:
    request, seen = verified(account), browser()
    seen.get(link(request, "status"))
    Restriction.objects.update(lifted_at=timezone.now())
    seen.get(link(request, "status"))
    assert not is_restricted(account.pk, Purpose.SALE)
    browser().get(link(request, "status"))
    assert is_restricted(account.pk, Purpose.SALE)


@pytest.mark.acceptance("RIGHT-S14")
def test_an_unverified_request_ties_no_account(world: World) -> None:
    world.add_person(ANN)
    seen = browser().fill(ANN, "access").send()
    request = PrivacyRequest.objects.get()
    browser().get(link(request, "status"))
    assert not Restriction.objects.exists()
    assert seen.status == 200


@pytest.mark.acceptance("RIGHT-S15")
def test_it_opens_no_request_and_erases_nothing(account: Account) -> None:
    seen = browser()
    seen.get("/").get("/privacy/")
    seen.get(link(verified(account), "status"))
    assert PrivacyRequest.objects.count() == 1
    assert Account.objects.filter(pk=account.pk).exists()


@pytest.mark.acceptance("RIGHT-S16")
def test_machines_find_that_we_honour_it() -> None:
    answer = Client().get("/.well-known/gpc.json")
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == {"gpc": True, "lastUpdate": "2026-11-24"}


@pytest.mark.acceptance("RIGHT-S17")
def test_a_browser_that_stays_away_is_forgotten_when_its_cookie_ends() -> None:
    seen = browser().get("/").get("/")
    day = BrowserSignal.objects.get().last_on
    for days, left in ((395, 1), (396, 0)):
        BrowserSignal.objects.update(last_on=day - timedelta(days=days))
        dispose_due()
        assert BrowserSignal.objects.count() == left
    assert EARLIER not in silent(seen).get("/").page


@pytest.mark.acceptance("RIGHT-S17")
def test_an_erasure_forgets_whose_browser_it_was(world: World) -> None:
    ann, bea = world.add_person(ANN), world.add_person("bea@example.org")
    today = timezone.now().date()
    BrowserSignal.objects.create(
        browser=b"1" * 32,
        account_ids=[ann.account.pk, bea.account.pk],
        first_on=today,
        last_on=today,
    )
    approved(world, "erasure")
    assert BrowserSignal.objects.get().account_ids == [bea.account.pk]


@pytest.mark.acceptance("RIGHT-S25")
def test_the_person_allows_it_again_in_two_steps(account: Account) -> None:
    request, seen = verified(account), browser()
    page = link(request, "status")
    assert "Your browser’s opt-out" in seen.get(page).text
    first = seen.get(f"{page}allow-sale/")
    assert first.h1 == "Do you want to allow sale and sharing again?"
    second = first.post(first.path)
    assert second.h1 == "Please confirm your choice"
    assert "This browser still asks us not to." in second.text
    assert is_restricted(account.pk, Purpose.SALE)
    seen.post(f"{page}allow-sale/confirm/", asked=hidden(second))
    assert not is_restricted(account.pk, Purpose.SALE)
    assert "You allowed sale and sharing again for your account." in seen.text
    assert "Your browser’s opt-out" not in seen.text
    assert [each["stopped"] for each in feed.read().changes if "stopped" in each][-1:] == [[]]


@pytest.mark.acceptance("RIGHT-S25")
def test_the_same_browser_does_not_stop_it_anew_and_another_one_does(account: Account) -> None:
    request, seen = verified(account), browser()
    page = link(request, "status")
    seen.get(page)
    assert signals.allow_again(request)
    seen.get(page)
    assert not is_restricted(account.pk, Purpose.SALE)
    browser().get(page)
    assert is_restricted(account.pk, Purpose.SALE)


@pytest.mark.acceptance("RIGHT-S25")
def test_the_second_step_counts_only_after_the_first_and_for_the_same_request(
    account: Account,
) -> None:
    request, seen = verified(account), browser()
    page = link(request, "status")
    seen.get(page)
    confirm = f"{page}allow-sale/confirm/"
    for asked in ("", "yes", opt_in.ASKED.sign(str(uuid4()))):
        assert seen.post(confirm, asked=asked).h1.startswith("Do you want")
    assert seen.get(confirm).h1.startswith("Do you want")
    with time_machine.travel(timezone.now() - timedelta(hours=2)):
        old = opt_in.ASKED.sign(str(request.pk))
    assert seen.post(confirm, asked=old).h1.startswith("Do you want")
    assert is_restricted(account.pk, Purpose.SALE)


@pytest.mark.acceptance("RIGHT-S25")
@pytest.mark.parametrize("role", ["agent", "guardian"])
def test_who_acts_for_somebody_can_not_allow_it(account: Account, role: str) -> None:
    request, seen = verified(account), browser()
    page = link(request, "status")
    seen.get(page)
    PrivacyRequest.objects.filter(pk=request.pk).update(role=role)
    assert "Your browser’s opt-out" not in seen.get(page).text
    assert seen.get(f"{page}allow-sale/").path == page
    seen.post(f"{page}allow-sale/confirm/", asked=opt_in.ASKED.sign(str(request.pk)))
    assert is_restricted(account.pk, Purpose.SALE)


@pytest.mark.acceptance("RIGHT-S25")
def test_what_a_request_stopped_and_other_peoples_accounts_stay_as_they_are(
    account: Account,
) -> None:
    bea = Account.objects.create(email="bea@example.org", created_at=timezone.now())
    request, now = verified(account), timezone.now()
    Restriction.objects.create(account_id=bea.pk, purpose="sale", source="signal", since=now)
    by_request = {"purpose": "sale", "source": "request", "request_id": uuid4(), "since": now}
    Restriction.objects.create(account_id=account.pk, **by_request)
    assert not signals.allow_again(request)
    browser().get(link(request, "status"))
    assert at_once(*[partial(allow, request)] * 3) == []
    left = Restriction.objects.filter(lifted_at=None)
    assert set(left.values_list("account_id", "source")) == {
        (account.pk, "request"),
        (bea.pk, "signal"),
    }
    assert TrailEvent.objects.filter(code="signal.lifted").count() == 1


@pytest.mark.acceptance("RIGHT-S25")
def test_where_nothing_was_stopped_there_is_nothing_to_allow(account: Account) -> None:
    page = link(verified(account), "status")
    seen = Visitor().get(page)
    assert "Your browser’s opt-out" not in seen.text
    assert seen.get(f"{page}allow-sale/").path == page


def allow(request: PrivacyRequest) -> None:
    signals.allow_again(request)


def hidden(seen: Visitor) -> str:
    """What the first step left for the second."""
    found = re.search(r'name="asked" value="([^"]+)"', seen.page)
    assert found
    return found[1]
