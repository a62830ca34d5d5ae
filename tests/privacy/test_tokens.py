"""Mailed links and codes, as the database has them and as two people at once use them."""

import hashlib
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from privacy.models import MailToken
from privacy.services import tokens
from tests.support.database import as_owner, our_tables
from tests.support.staff import made
from tests.support.steps import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.acceptance("MAIN-15"),
]


@pytest.mark.parametrize("kind", MailToken.Kind.values)
def test_no_table_holds_a_secret_in_any_form(kind: str) -> None:
    secret = tokens.issue(made().pk, kind, uuid4())
    forms = (secret, secret.encode().hex())
    with as_owner() as connection:
        for table in our_tables(connection):
            query = f"SELECT to_jsonb(t)::text FROM {table} AS t"
            for (row,) in connection.execute(query.encode()):
                assert not any(form in row for form in forms), table
    assert len(bytes(MailToken.objects.get().digest)) == hashlib.sha256().digest_size


@pytest.mark.parametrize("kind", ["verify", "status", "stop"])
def test_a_link_works_until_its_time_is_over(kind: str) -> None:
    secret = tokens.issue(made().pk, kind, uuid4())
    ends = MailToken.objects.get().expires_at
    assert ends - timezone.now() <= tokens.LIVES[kind].lasts
    with time_machine.travel(ends - timedelta(seconds=1), tick=False):
        assert tokens.find(secret, kind)
    with time_machine.travel(ends, tick=False), pytest.raises(tokens.TokenError, match="expired"):
        tokens.find(secret, kind)


def test_a_secret_opens_only_its_own_kind() -> None:
    secret = tokens.issue(made().pk, "status", uuid4())
    for kind in ("verify", "stop", "download"):
        with pytest.raises(tokens.TokenError, match="unknown"):
            tokens.find(secret, kind)


def test_of_two_who_use_a_link_at_once_one_is_refused() -> None:
    token = tokens.find(tokens.issue(made().pk, "verify", uuid4()), "verify")
    errors = at_once(*[lambda: tokens.use_up(token)] * 2)
    assert [str(error) for error in errors] == ["used"]


def test_wrong_codes_at_once_are_all_counted_and_the_right_one_comes_too_late() -> None:
    request = made()
    code = tokens.issue(request.pk, "download", uuid4())
    wrong = str(int(code) ^ 1).zfill(8)
    errors = at_once(*[lambda: tokens.check_code(request.pk, wrong)] * 8)
    connections.close_all()
    assert sorted(str(error) for error in errors) == ["attempts"] * 3 + ["wrong"] * 5
    with pytest.raises(tokens.TokenError, match="attempts"):
        tokens.check_code(request.pk, code)


def test_a_code_works_once() -> None:
    request = made()
    code = tokens.issue(request.pk, "download", uuid4())
    tokens.check_code(request.pk, code)
    with pytest.raises(tokens.TokenError, match="used"):
        tokens.check_code(request.pk, code)
