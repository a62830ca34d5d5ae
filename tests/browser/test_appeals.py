"""An appeal in a real browser: from the status page to the decision, on both sides."""

import pytest

from privacy.models import Appeal, PrivacyRequest
from tests.browser.conftest import Open, Site
from tests.browser.test_admin_pages import sign_in
from tests.browser.test_status_states import photograph
from tests.support import staff
from tests.support.appeals import account, confirmed, refuse
from tests.support.visitor import link

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
]
HOLDS = "/admin/retention/legalhold/"


def look(site: Site, name: str) -> None:
    site.inspect()
    photograph(site, f"staff-{name}", "light")


@pytest.mark.acceptance("RIGHT-A23", "RIGHT-A07")
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_from_i_do_not_agree_to_the_answer(open_site: Open, scripts: bool) -> None:
    account()
    request = confirmed("access", "erasure", country="CA")
    refuse(request, "access", "erasure", by=staff.member("Approver", "rita"))
    status = link(request, "status")
    site = open_site(scripts=scripts)
    site.open(status)
    site.follow("I don’t agree")
    site.page.get_by_label("What don’t you agree with, and why?").fill("It is my account.")
    site.press("Send my appeal")
    site.inspect()
    assert "Your appeal" in site.page.inner_text("main")
    decide(open_site(scripts=scripts), request)
    site.open(status)
    site.inspect()
    assert "You appealed, and you are right in part." in site.page.inner_text("main")


def decide(site: Site, request: PrivacyRequest) -> None:
    sign_in(site, staff.member("Approver", "april"))
    for path, name in (("/admin/", "dashboard"), (HOLDS, "holds")):
        site.open(path)
        look(site, name)
    site.open("/admin/privacy/appeal/")
    look(site, "appeals")
    site.resize(1100)
    site.follow(request.reference)
    look(site, "request")
    site.follow("Decide the appeal")
    look(site, "decide")
    site.page.get_by_label("They are right in part").check()
    site.page.get_by_label("Get a copy of my data").check()
    site.page.get_by_label("Reasons that the person will read").fill("The copy is yours.")
    site.page.locator("main form [type=submit]").first.click()
    site.page.wait_for_load_state()
    look(site, "decided")
    follow_up = Appeal.objects.get().follow_up
    assert follow_up
    assert follow_up.reference in site.page.inner_text("main")
