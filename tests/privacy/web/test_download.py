"""The package, from the code to the file."""

import hashlib
import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from privacy.models import MailToken, Package, PrivacyRequest
from privacy.services import review
from tests.support.staff import ANN, Work, reviewed
from tests.support.visitor import Visitor, link
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])


@pytest.fixture
def request_(world: World, run_work: Work) -> PrivacyRequest:
    """A request whose package is ready."""
    world.add_person(ANN)
    made = reviewed(world, run_work, "access", email=ANN)
    staff = User.objects.create_user(username="staff", is_staff=True)
    review.propose(made, actor=staff, typed=made.reference, reason="Fine.")
    run_work()
    made.refresh_from_db()
    return made


def mailed_code(world: World) -> str:
    return next(line for line in world.letters(ANN)[0].text.splitlines() if line.isdigit())


@pytest.fixture
def unlocked(request_: PrivacyRequest, world: World, run_work: Work) -> Visitor:
    """A browser in which the code was entered."""
    path = link(request_, "status")
    seen = Visitor().post(f"{path}code/send/")
    run_work()
    digits = mailed_code(world)
    return seen.post(f"{path}code/", code=f" {digits[:4]} {digits[4:]} ")


def fetch(seen: Visitor, package: Package, **headers: str) -> Any:
    response: Any = seen.client.get(f"/privacy/download/{package.pk}/", headers=headers)
    if response.streaming:
        response.body = b"".join(response.streaming_content)
    return response


@pytest.mark.acceptance("MAIN-37")
def test_size_formats_and_expiry_stand_before_the_download(request_: PrivacyRequest) -> None:
    seen = Visitor().get(link(request_, "status"))
    expires = request_.package.expires_at
    for words in ("Size", "KB", "JSON, CSV", f"until {expires.day} {expires:%B %Y}", "UTC"):
        assert words in seen.text.replace("\xa0", " ")
    assert "Send me a download code" in seen.text


@pytest.mark.acceptance("UX-P12", "UX-P26", "MAIN-37")
def test_the_code_opens_an_ordinary_zip(unlocked: Visitor, request_: PrivacyRequest) -> None:
    assert unlocked.h1 == "Download your data"
    response = fetch(unlocked, request_.package)
    assert response.status_code == 200
    assert response["Content-Disposition"].endswith(f'"{request_.reference}.zip"')
    assert "no-store" in response["Cache-Control"]
    assert hashlib.sha256(response.body).hexdigest() == request_.package.sha256
    with zipfile.ZipFile(io.BytesIO(response.body)) as archive:
        assert archive.testzip() is None
        assert "index.html" in archive.namelist()


@pytest.mark.acceptance("UX-P27")
def test_a_download_that_broke_off_goes_on(unlocked: Visitor, request_: PrivacyRequest) -> None:
    package = request_.package
    whole = fetch(unlocked, package)
    start = fetch(unlocked, package, range="bytes=0-99")
    rest = fetch(unlocked, package, range="bytes=100-", if_range=whole["ETag"])
    assert (start.status_code, rest.status_code) == (206, 206)
    assert rest["Content-Range"] == f"bytes 100-{package.size - 1}/{package.size}"
    assert start.body + rest.body == whole.body
    other = fetch(unlocked, package, range="bytes=100-", if_range='"another"')
    assert other.status_code == 200
    beyond = fetch(unlocked, package, range=f"bytes={package.size}-")
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{package.size}")


@pytest.mark.acceptance("MAIN-37", "SEC-09")
def test_another_browser_gets_nothing(unlocked: Visitor, request_: PrivacyRequest) -> None:
    existing = Visitor().get(f"/privacy/download/{request_.package.pk}/")
    missing = Visitor().get(f"/privacy/download/{request_.pk}/")
    assert existing.status == missing.status == 403
    assert existing.text == missing.text
    assert "You need a code" in existing.text


@pytest.mark.acceptance("UX-P18", "MAIN-15")
def test_a_wrong_code_says_how_many_tries_are_left(request_: PrivacyRequest) -> None:
    path = link(request_, "status")
    seen = Visitor()
    assert "There is no code yet" in seen.post(f"{path}code/", code="1").text
    link(request_, "download")
    assert "You have 4 tries left" in seen.post(f"{path}code/", code="1").text
    for left in ("3 tries", "2 tries", "1 try"):
        assert f"You have {left} left" in seen.post(f"{path}code/", code="1").text
    for _ in range(2):
        assert "Too many wrong codes" in seen.post(f"{path}code/", code="1").text
    assert "Send me a new code" in seen.text


@pytest.mark.acceptance("UX-P18", "MAIN-15")
def test_a_code_that_is_over_offers_a_new_one(request_: PrivacyRequest) -> None:
    path = link(request_, "status")
    link(request_, "download")
    codes = MailToken.objects.filter(kind="download")
    codes.update(expires_at=timezone.now())
    assert "This code has expired" in Visitor().post(f"{path}code/", code="1").text
    codes.update(used_at=timezone.now())
    assert "This code was used already" in Visitor().post(f"{path}code/", code="1").text
    assert "Enter the code from our e-mail" in Visitor().post(f"{path}code/", code="").text


@pytest.mark.acceptance("UX-P19")
def test_codes_are_not_sent_one_after_the_other(request_: PrivacyRequest) -> None:
    path = link(request_, "status")
    seen = Visitor().post(f"{path}code/send/")
    assert seen.h1 == "Enter your download code"
    assert "already on its way" in seen.post(f"{path}code/send/").text
    assert request_.steps.filter(action="download_code").count() == 1


def test_after_its_time_the_page_explains_and_offers_a_new_one(
    unlocked: Visitor, request_: PrivacyRequest
) -> None:
    Package.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert fetch(unlocked, request_.package).status_code == 403
    seen = Visitor().get(link(request_, "status"))
    assert "ask for a new one" in seen.text
    assert "Send me a download code" not in seen.text


@pytest.mark.acceptance("UX-P29")
def test_the_person_can_have_it_deleted_now(unlocked: Visitor, request_: PrivacyRequest) -> None:
    path = f"{link(request_, 'status')}package/delete/"
    assert unlocked.get(path).h1 == "Do you want to delete the file now?"
    unlocked.post(path)
    assert "You had the package deleted" in unlocked.text
    assert fetch(unlocked, request_.package).status_code == 403
    assert Package.objects.get().removed_at


@pytest.mark.acceptance("UX-P26", "UX-P24")
def test_the_readable_page_works_alone(unlocked: Visitor, request_: PrivacyRequest) -> None:
    body = fetch(unlocked, request_.package).body
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        names = archive.namelist()
        page = archive.read("index.html").decode()
    assert "<script" not in page
    assert "://" not in page.replace("https://api.", "").split("<h2")[0]
    for words in ("Request metadata", ANN, "Art. 6(1)(b)", "data-protection authority", "SHA-256"):
        assert words in page
    for name in names:
        if name.endswith((".json", ".csv")):
            assert f'href="{name}"' in page
