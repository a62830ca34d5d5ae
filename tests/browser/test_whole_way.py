"""The whole way in a real browser: a person's form, staff's decisions, package, certificate."""

import zipfile
from pathlib import Path

import pytest

from privacy.models import PrivacyRequest
from tests.browser.conftest import Open, Site
from tests.browser.test_admin_work import propose, sign_in
from tests.browser.test_following import confirm, fetch
from tests.support import staff
from tests.support.world import World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
]


def file(site: Site) -> PrivacyRequest:
    """From the home page to the confirmation."""
    page = site.page
    site.open("/")
    site.follow("Your data rights")
    site.press("Start")
    page.get_by_label("I have a FluxRouter account").check()
    site.press("Continue")
    page.get_by_label("Get a copy of my data").check()
    page.get_by_label("Erase my data").check()
    site.press("Continue")
    page.get_by_label("In which country do you live?").select_option("DE")
    site.press("Continue")
    page.get_by_label("What is your e-mail address?").fill(staff.ANN)
    site.press("Continue")
    site.press("Send my request")
    request = PrivacyRequest.objects.get()
    assert request.reference in page.get_by_role("main").inner_text()
    return request


def approve(site: Site, request: PrivacyRequest) -> None:
    site.open("/admin/privacy/privacyrequest/")
    site.follow(request.reference)
    site.follow("Approve this erasure")
    site.page.get_by_label("Reason").fill("I checked it as well.")
    site.page.get_by_role("button", name="Erase in").click()


@pytest.mark.acceptance("MAIN-50")
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_from_the_home_page_to_the_package_and_the_certificate(
    open_site: Open, world: World, run_work: staff.Work, tmp_path: Path, scripts: bool
) -> None:
    world.add_person(staff.ANN)
    site, hanna, april = (open_site(scripts=scripts) for _ in range(3))
    request = file(site)
    run_work()
    confirm(site, world.link(staff.ANN, "verify"))
    run_work()
    sign_in(hanna, staff.member("Handler", "hanna"))
    sign_in(april, staff.member("Approver", "april"))
    propose(hanna, request)
    approve(april, request)
    run_work()
    site.open(world.link(staff.ANN, "status"))
    fetch(site, world, run_work, tmp_path)
    [archive] = tmp_path.glob("*.zip")
    with zipfile.ZipFile(archive) as opened:
        assert staff.ANN in opened.read("index.html").decode()
    site.open(world.link(staff.ANN, "status"))
    site.follow("Open the certificate of erasure")
    text = site.page.get_by_role("main").inner_text()
    assert request.reference in text
    assert "nothing else was left" in text
    request.refresh_from_db()
    assert request.status == "completed"
    assert not [each.complaints for each in (site, hanna, april) if each.complaints]
