"""Opt-outs, the questions about place, and the opt-out signal, in a real browser."""

import pytest

from privacy.models import BrowserSignal, PrivacyRequest
from tests.browser.conftest import Open, Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
]
ANN = "ann.lee@example.org"
SIGNAL = {"extra_http_headers": {"Sec-GPC": "1"}}


def go_on(site: Site) -> None:
    site.press("Continue")
    site.inspect()


@pytest.mark.acceptance("RIGHT-S18", "RIGHT-S19", "RIGHT-S20", "RIGHT-S21")
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_an_opt_out_beside_a_copy_is_open_to_everybody(open_site: Open, scripts: bool) -> None:
    site = open_site(scripts=scripts)
    page = site.page
    site.open("/privacy/")
    site.inspect()
    site.press("Start")
    go_on(site)
    page.get_by_label("Get a copy of my data").check()
    page.get_by_label("Opt out of sale and sharing").check()
    go_on(site)
    page.get_by_label("In which country do you live?").select_option("US")
    go_on(site)
    page.get_by_label("In which state do you live?").select_option("CA")
    go_on(site)
    page.get_by_label("Are you in another country at the moment?").select_option("DE")
    go_on(site)
    page.get_by_label("What is your e-mail address?").fill(ANN)
    go_on(site)
    assert "As soon as you send it" in page.get_by_role("main").inner_text()
    site.press("Send my request")
    site.inspect()
    part = PrivacyRequest.objects.exclude(split_from=None).get()
    assert part.reference in page.get_by_role("main").inner_text()


@pytest.mark.acceptance("RIGHT-S20")
def test_an_opt_out_alone_ends_on_a_page_that_says_it_is_done(open_site: Open) -> None:
    site = open_site()
    site.open("/privacy/")
    site.press("Start")
    site.press("Continue")
    site.page.get_by_label("Opt out of profiling").check()
    site.press("Continue")
    site.page.get_by_label("In which country do you live?").select_option("CA")
    go_on(site)
    site.press("Continue")
    site.page.get_by_label("What is your e-mail address?").fill(ANN)
    go_on(site)
    site.press("Send my request")
    site.page.wait_for_url("**/sent/")
    site.inspect()
    assert site.page.get_by_role("heading", name="It is stopped").is_visible()


@pytest.mark.acceptance("RIGHT-S11", "RIGHT-S12", "RIGHT-S13")
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_browser_with_the_signal_reads_that_it_is_honoured(
    open_site: Open, scripts: bool
) -> None:
    site = open_site(scripts=scripts, **SIGNAL)
    for path in ("/", "/privacy/", "/privacy/promises/", "/privacy/nothing/"):
        site.open(path)
        site.inspect()
        assert "Opt-out request honoured" in site.page.inner_text("body")
    assert BrowserSignal.objects.count() == 1
    site.page.context.set_extra_http_headers({})
    site.open("/")
    site.inspect()
    assert "On an earlier visit" in site.page.inner_text("body")
