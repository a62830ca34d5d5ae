"""What auditors read, and what Django's own log keeps."""

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.models import User
from fluxrouter.foundation.alarms import raise_alarm
from fluxrouter.foundation.models import JobRun, TrailEvent, TrailSeal
from fluxrouter.foundation.trail.seal import seal_trail
from tests.support import staff

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
VERIFY = "/admin/foundation/trailevent/verify/"


@pytest.fixture
def auditor() -> Client:
    return staff.signed_in(staff.member("Auditor"))


@pytest.mark.acceptance("UX-S21")
def test_an_intact_trail_is_ok_and_shows_its_head(auditor: Client) -> None:
    assert "No seal yet" in auditor.get(VERIFY).text
    staff.looked_up("access")
    seal = seal_trail()
    assert seal is not None
    text = auditor.get(VERIFY).text
    assert "OK. Nothing was changed." in text
    assert bytes(seal.digest).hex() in text


@pytest.mark.acceptance("UX-S21")
def test_a_tampered_trail_is_not_ok_and_the_first_bad_event_is_named(auditor: Client) -> None:
    request = staff.looked_up("access")
    seal_trail()
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE foundation_trailevent DISABLE TRIGGER USER")
        try:
            cursor.execute(
                "UPDATE foundation_trailevent SET actor = 'x' WHERE chain_id = %s AND seq = 2",
                [request.pk],
            )
        finally:
            cursor.execute("ALTER TABLE foundation_trailevent ENABLE TRIGGER USER")
            cursor.execute("ALTER TABLE foundation_trailevent DISABLE TRIGGER trail_whole")
    text = auditor.get(VERIFY).text
    assert "OK. Nothing was changed." not in text
    assert "event 2 was changed" in text
    assert str(request.pk) in text


def test_trail_seals_runs_and_alarms_are_shown_and_not_changed(auditor: Client) -> None:
    staff.looked_up("access")
    seal_trail()
    now = timezone.now()
    run = JobRun.objects.create(job="seal_trail", window=now, started_at=now, leased_until=now)
    raise_alarm("job_missed", "seal_trail")
    event = TrailEvent.objects.earliest("at")
    seal = TrailSeal.objects.get()
    pages = {
        "trailevent": ("request.received", event.pk),
        "trailseal": (bytes(seal.digest).hex(), seal.pk),
        "jobrun": ("seal_trail", run.pk),
        "alarm": ("job_missed", None),
    }
    for name, (shown, pk) in pages.items():
        base = f"/admin/foundation/{name}/"
        assert shown in auditor.get(base).text
        assert auditor.get(f"{base}add/").status_code == 403
        if pk is not None:
            assert auditor.get(f"{base}{pk}/change/").status_code == 200
            assert auditor.post(f"{base}{pk}/change/", {"code": "x"}).status_code == 403
            assert auditor.post(f"{base}{pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_superuser_adds_staff_with_a_role_and_the_log_keeps_no_name() -> None:
    client = staff.signed_in(User.objects.create_superuser("root"))
    staff.member("Viewer")
    password = "correct horse battery staple"
    form = {
        "username": "hanna.handler",
        "usable_password": "true",
        "password1": password,
        "password2": password,
        "is_staff": "on",
        "groups": [str(group.pk) for group in User.objects.get(username="viewer").groups.all()],
    }
    assert client.post("/admin/accounts/user/add/", form).status_code == 302
    hanna = User.objects.get(username="hanna.handler")
    assert hanna.check_password(password)
    assert [group.name for group in hanna.groups.all()] == ["Viewer"]
    assert client.get("/admin/accounts/user/").status_code == 200
    entry = LogEntry.objects.get()
    assert entry.object_repr == f"staff {str(hanna.pk)[:8]}"
    assert "hanna" not in json.dumps([entry.object_repr, entry.change_message])
    delete = f"/admin/accounts/user/{hanna.pk}/delete/"
    assert client.post(delete, {"post": "yes"}).status_code == 403


def test_roles_are_a_table_in_the_code_and_nobody_edits_them() -> None:
    client = staff.signed_in(User.objects.create_superuser("root"))
    assert client.get("/admin/auth/group/").status_code == 404
