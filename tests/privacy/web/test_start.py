"""The pages before any question."""

import pytest

from privacy.kept import OWN_DATA, kept_of_people
from privacy.models import Draft
from privacy.processors import PROCESSORS
from privacy.rights import RIGHTS
from privacy.web import cookies
from tests.support.visitor import Visitor

pytestmark = pytest.mark.django_db


@pytest.mark.acceptance("UX-P01")
def test_the_start_page_says_what_it_does_and_asks_nothing() -> None:
    seen = Visitor().get("/privacy/")
    for words in ("ask what we hold", "about 3 minutes", "e-mail address", "within 30 days"):
        assert words in seen.text
    assert not any(tag in seen.page for tag in ('type="text"', "<select", "<textarea"))


@pytest.mark.acceptance("UX-P02")
def test_home_leads_to_the_data_rights_in_one_click() -> None:
    seen = Visitor().get("/")
    assert '<a class="button" href="/privacy/">Your data rights</a>' in seen.page


@pytest.mark.acceptance("UX-P04")
def test_every_right_is_listed_with_its_meaning() -> None:
    start = Visitor().get("/privacy/")
    form = Visitor().start()
    form.get(f"{form.draft}rights/")
    for right, row in RIGHTS.items():
        for seen in (start, form):
            assert right.label in seen.text
            assert row.meaning in seen.text


@pytest.mark.acceptance("UX-P05")
def test_starting_needs_one_cookie_that_scripts_cannot_read() -> None:
    visitor = Visitor().start()
    cookie = visitor.client.cookies[cookies.OWNER]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 24 * 3600
    # Django's own against forged forms is the only other one.
    assert set(visitor.client.cookies) <= {cookies.OWNER, "csrftoken"}


def test_looking_at_the_start_page_makes_no_draft() -> None:
    Visitor().get("/privacy/")
    assert not Draft.objects.exists()


@pytest.mark.acceptance("UX-P36")
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/privacy/",
        "/privacy/promises/",
        "/privacy/processors/",
        "/privacy/retention/",
        "/nowhere/",
    ],
)
def test_help_is_at_the_same_place_on_every_page(path: str) -> None:
    foot = Visitor().get(path).page.partition("<footer")[2]
    assert "Need help? Write to" in foot
    assert 'href="/privacy/promises/"' in foot


def test_the_promises_are_shown_with_their_state() -> None:
    seen = Visitor().get("/privacy/promises/")
    assert seen.status == 200
    assert "Kept" in seen.text
    assert "Open" in seen.text


@pytest.mark.acceptance("PROC-53")
def test_the_public_page_says_what_cannot_be_erased_where_why_and_until_when() -> None:
    seen = Visitor().get("/privacy/processors/")
    assert seen.status == 200
    for row in PROCESSORS:
        assert row.title in seen.text
        assert row.region in seen.text
        for limit in row.limits:
            for words in (limit.what, limit.why, limit.until):
                assert " ".join(words.split()) in seen.text


@pytest.mark.acceptance("KEEP-11")
def test_the_public_page_says_how_long_what_is_kept_and_why() -> None:
    assert 'href="/privacy/retention/"' in Visitor().get("/").page
    seen = Visitor().get("/privacy/retention/")
    assert seen.status == 200
    rows = list(kept_of_people())
    assert {"Request metadata", "Invoices, as we must keep them"} <= {row.what for row in rows}
    for row in rows:
        assert row.because in seen.text
    assert "90 days after the day of the call" in seen.text
    assert "Staff's sessions" not in seen.text
    for item in OWN_DATA:
        assert item.destroyed in seen.text
    assert "`" not in seen.text
