"""Bad input gets a clear message, and no row anywhere is written or changed."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from privacy.models import MailToken, PrivacyRequest
from privacy.rights import Right
from privacy.services import tokens
from tests.support import staff
from tests.support.database import as_owner, our_tables
from tests.support.visitor import Visitor, link

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-55"),
]
TAKE_IN = "/admin/privacy/privacyrequest/take-in/"


def contents() -> dict[str, list[str]]:
    """Every row of every table of ours, but for staff's own sign-ins."""
    found = {}
    with as_owner() as connection:
        for table in our_tables(connection):
            query = f"SELECT to_jsonb(t)::text FROM {table} AS t ORDER BY 1"
            found[table] = [row for (row,) in connection.execute(query.encode())]
    return found


@contextmanager
def nothing_changes() -> Iterator[None]:
    before = contents()
    yield
    after = contents()
    assert {table for table in after if after[table] != before[table]} == set()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter an e-mail address"),
        ("ann", "in the form name@example.com"),
        ("ann@", "in the form name@example.com"),
        ("ann@example", "in the form name@example.com"),
        ("ann@example.org, bo@example.org", "in the form name@example.com"),
        ("ann@example.org\nBcc: bo@example.org", "Enter an e-mail address"),
        ("a" * 300 + "@example.org", "Enter an e-mail address"),
        ("a\x00@example.org", "There is a problem"),
        ("' OR 1=1 --", "in the form name@example.com"),
    ],
)
def test_a_malformed_address_is_explained_everywhere(typed: str, words: str) -> None:
    sent = Visitor().fill(staff.ANN).send()
    form = Visitor().start()
    with nothing_changes():
        for seen in (
            form.post(f"{form.draft}email/", email=typed),
            sent.post(sent.path, email=typed),
        ):
            assert seen.status == 200
            assert words in seen.text
            assert seen.title.startswith("Error: ")
    handler = staff.signed_in(staff.member("Handler"))
    with nothing_changes():
        answer = handler.post(TAKE_IN, {"channel": "letter", "email": typed})
        assert answer.status_code == 200
        assert "<title>Error: " in answer.text


@pytest.mark.parametrize("field", ["message", "role", "x" * 100])
def test_a_huge_body_is_refused(field: str) -> None:
    form = Visitor().start()
    form.client.handler.enforce_csrf_checks = True  # as for everybody but tests
    huge = "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    request = staff.looked_up("erasure")
    paths = [f"{form.draft}message/", f"{form.draft}role/", link(staff.made(), "verify")]
    paths += [link(request, "stop"), f"{link(request, 'status')}withdraw/", "/privacy/"]
    with nothing_changes():
        for path in paths:
            seen = form.post(path, **{field: huge})
            assert seen.status == 400
            assert seen.h1 == "We could not read that"


def test_too_many_fields_are_refused() -> None:
    form = Visitor().start()
    many = {f"f{number}": "1" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    with nothing_changes():
        seen = form.post(f"{form.draft}rights/", **many)
        assert (seen.status, seen.h1) == (400, "We could not read that")


@pytest.mark.parametrize("rights", [["everything"], ["access", "everything"], ["ACCESS"], []])
def test_an_unknown_right_is_refused(rights: list[str]) -> None:
    form = Visitor().start()
    handler = staff.signed_in(staff.member("Handler"))
    with nothing_changes():
        seen = form.post(f"{form.draft}rights/", rights=rights)
        assert seen.status == 200
        assert "what you want to ask for" in seen.text.partition("There is a problem")[2]
        form.post(f"{form.draft}check/")
        assert "/rights/" in form.path
        answer = handler.post(TAKE_IN, {"channel": "letter", "rights": rights})
        assert answer.status_code == 200
    assert not PrivacyRequest.objects.exists()
    assert "everything" not in Right.values


@pytest.mark.parametrize("kind", ["verify", "status", "stop"])
def test_a_forged_token_opens_nothing(kind: str) -> None:
    secret = link(staff.looked_up("erasure"), kind).split("/")[3]
    swapped = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    other_kind = link(staff.made(), "stop" if kind != "stop" else "status").split("/")[3]
    with nothing_changes():
        for forged in (swapped, secret.swapcase(), secrets.token_urlsafe(24), other_kind):
            for method in ("get", "post"):
                seen = getattr(Visitor(), method)(f"/privacy/{kind}/{forged}/")
                assert (seen.status, seen.h1) == (404, "This link does not work")


def test_a_replayed_confirmation_is_refused_with_what_to_do() -> None:
    path = link(staff.made("erasure"), "verify")
    assert Visitor().post(path).h1 == "You are confirmed"
    with nothing_changes():
        seen = Visitor().post(path)
        assert (seen.status, seen.h1) == (410, "This link was used already")
        assert "Send me the link to my status page" in seen.text


def test_a_replayed_code_and_a_forged_cookie_open_no_package() -> None:
    request = staff.made()
    code = tokens.issue(request.pk, "download", request.pk)
    tokens.check_code(request.pk, code)
    forger = Visitor()
    forger.client.cookies["download"] = f"{request.pk}:1abcde:{'A' * 43}"
    with nothing_changes():
        with pytest.raises(tokens.TokenError, match="used"):
            tokens.check_code(request.pk, code)
        seen = forger.get(f"/privacy/download/{request.pk}/")
        assert (seen.status, seen.h1) == (403, "You need a code to download")
    assert MailToken.objects.get().used_at


def test_a_form_from_elsewhere_is_refused() -> None:
    path = link(staff.made("erasure"), "verify")
    with nothing_changes():
        answer = Client(enforce_csrf_checks=True).post(path)
        assert answer.status_code == 403
        assert "This page was open for too long" in answer.text


@pytest.mark.parametrize("role", ["Viewer", "Auditor"])
def test_a_wrong_role_is_told_so(role: str) -> None:
    request = staff.proposed_by(staff.member("Approver", "april"), "erasure")
    client = staff.signed_in(staff.member(role))
    body: dict[str, Any] = {"reason": "Because.", "typed": request.reference, "channel": "letter"}
    with nothing_changes():
        for url in (staff.do_url(request, "approve"), staff.do_url(request, "deny"), TAKE_IN):
            answer = client.post(url, body)
            assert answer.status_code == 403
            assert "Your role does not allow this." in answer.text
