"""Following a request in a real browser: links, status, code, file, certificate."""

import zipfile
from pathlib import Path

import pytest

from accounts.models import User
from privacy.grounds import ACCEPTABLE
from privacy.models import PrivacyRequest
from privacy.services import review
from tests.browser.conftest import Open, Site
from tests.support.staff import ANN, Work, looked_up, made, refuse
from tests.support.visitor import link
from tests.support.world import World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
]


def approve(request: PrivacyRequest) -> None:
    first = User.objects.create_user(username="first", is_staff=True)
    second = User.objects.create_user(username="second", is_staff=True)
    review.propose(
        request, actor=first, typed=request.reference, reason="Fine.", accept=[*ACCEPTABLE]
    )
    review.approve(request, actor=second, reason="Seen.")


def see(site: Site, path: str, heading: str) -> None:
    site.open(path)
    site.inspect()
    assert site.page.get_by_role("heading", level=1).inner_text() == heading


@pytest.mark.acceptance("UX-P17", "UX-P20", "UX-P26", "UX-P32", "UX-P33", "UX-P35", "MAIN-39")
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_from_the_mailed_link_to_the_certificate(
    open_site: Open, world: World, run_work: Work, tmp_path: Path, scripts: bool
) -> None:
    world.add_person(ANN)
    request = made("access", "erasure")
    run_work()
    site = open_site(scripts=scripts)
    confirm(site, world.link(ANN, "verify"))
    run_work()
    status = world.link(ANN, "status")
    see(site, status, "Your privacy request")
    see(site, f"{status}withdraw/", "Do you want to withdraw your request?")
    request.refresh_from_db()
    approve(request)
    see(site, status, "Your privacy request")
    run_work()
    see(site, status, "Your privacy request")
    fetch(site, world, run_work, tmp_path)
    see(site, f"{status}certificate/", "Certificate of erasure")
    see(site, f"{status}package/delete/", "Do you want to delete the file now?")
    see(site, world.link(ANN, "stop"), "It is too late to stop this request")


def confirm(site: Site, path: str) -> None:
    see(site, path, "Confirm your privacy request")
    site.press("Confirm my request")
    site.inspect()
    see(site, path, "This link was used already")


def fetch(site: Site, world: World, run_work: Work, folder: Path) -> None:
    """Ask for a code, mistype it, type it, download."""
    site.press("Send me a download code")
    run_work()
    site.inspect()
    field = site.page.get_by_label("Download code")
    field.fill("1 2")
    site.press("Continue")
    site.inspect()
    assert "4 tries left" in site.page.get_by_role("main").inner_text()
    text = world.letters(ANN)[0].text
    field.fill(next(line for line in text.splitlines() if line.isdigit()))
    site.press("Continue")
    site.inspect()
    with site.page.expect_download() as download:
        site.follow("Download (")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder / "opened")
    site.page.goto((folder / "opened" / "index.html").as_uri())
    assert not site.scripts or not site.axe()
    assert not site.scrolls_sideways()
    site.elsewhere.clear()  # the page is on the disk


@pytest.mark.acceptance("UX-P33", "UX-P35")
def test_pages_about_what_went_wrong_are_open_to_everybody(open_site: Open) -> None:
    request = looked_up("erasure")
    site = open_site()
    for path, heading in (
        ("/nowhere/", "Page not found"),
        ("/privacy/status/nothing/", "This link does not work"),
        (f"/privacy/download/{request.pk}/", "You need a code to download"),
        (f"/privacy/request/{request.pk}/role/", "This form is not open any more"),
        ("/privacy/promises/", "Our promises, checked"),
        ("/privacy/processors/", "Companies that work for us"),
        ("/privacy/retention/", "How long we keep what"),
        (link(request, "stop"), "Stop this request"),
    ):
        see(site, path, heading)
    site.press("Stop the request")
    site.inspect()
    see(site, link(request, "status"), "Your privacy request")


@pytest.mark.acceptance("UX-P23", "UX-P33")
def test_a_refusal_is_open_to_everybody(open_site: Open) -> None:
    request = looked_up("access")
    staff = User.objects.create_user(username="staff", is_staff=True)
    refuse(request, staff, "We can’t tell that you are this person.")
    site = open_site(color_scheme="dark")
    see(site, link(request, "status"), "Your privacy request")
    assert "We can’t tell" in site.page.get_by_role("main").inner_text()
