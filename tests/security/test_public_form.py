"""A stranger at the public pages: mail to others, words that break pages, missing headers."""

import hashlib
from uuid import uuid4

import pytest
from django.test import Client

from privacy.models import Draft, FulfilmentStep, MailToken, PrivacyRequest
from privacy.services import tokens
from privacy.services.intake import read_answers
from privacy.services.verification import MOST_LETTERS
from tests.support.staff import ANN, made
from tests.support.visitor import Visitor

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])


def test_changing_the_address_is_no_way_to_mail_everybody() -> None:
    seen = Visitor().fill(ANN).send()
    for number in range(MOST_LETTERS + 5):
        seen.post(f"{seen.draft}sent/", email=f"victim{number}@example.org")
    assert FulfilmentStep.objects.filter(action="verify").count() == MOST_LETTERS
    assert "many times" in seen.text
    kept = PrivacyRequest.objects.get().read("email")
    assert kept == f"victim{MOST_LETTERS - 2}@example.org"


def test_half_a_character_never_gets_in() -> None:
    """Under an encoding of their choice somebody can send what no page could show to staff."""
    seen = Visitor().start().answer(role="account_holder")
    seen.answer(rights=["rectification"])
    body = '--x\r\nContent-Disposition: form-data; name="message"\r\n\r\nhi \\ud800\r\n--x--\r\n'
    kind = "multipart/form-data; boundary=x; charset=unicode_escape"
    answer = seen.client.generic("POST", seen.path, body.encode(), content_type=kind)
    assert answer.status_code == 400
    assert "message" not in read_answers(Draft.objects.get())


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8"])
def test_a_browser_may_say_which_encoding_it_uses(charset: str) -> None:
    seen = Visitor().start()
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    body = '--x\r\nContent-Disposition: form-data; name="role"\r\n\r\nvisitor\r\n--x--\r\n'
    assert seen.client.generic("POST", seen.path, body, content_type=kind).status_code == 302


def test_a_code_can_not_be_guessed_from_the_database() -> None:
    """Eight digits are tried in a minute by whoever has the table: its hash needs a key."""
    request = made()
    code = tokens.issue(request.pk, "download", uuid4())
    guess = hashlib.sha256(f"{request.pk}:{code}".encode()).digest()
    assert bytes(MailToken.objects.get().digest) != guess


@pytest.mark.parametrize("path", ["/static/fluxrouter/icon.svg", "/nothing", "/", "/healthz"])
def test_every_answer_has_the_headers(path: str) -> None:
    answer = Client().get(path)
    if answer.streaming:
        b"".join(answer.streaming_content)  # closes the file
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_foreign_host_is_refused_and_never_mailed() -> None:
    assert Client().get("/privacy/", HTTP_HOST="evil.example").status_code == 400
    assert Client().get("/privacy/", HTTP_X_FORWARDED_HOST="evil.example").status_code == 200
