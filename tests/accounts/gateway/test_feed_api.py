"""The feed over HTTP: who may ask, how long an answer may take, and what it says."""

import threading
import time
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.gateway.api import COME_BACK, LONG_POLLS, LONGEST_WAIT, PerKey, RestrictionsView
from accounts.gateway.keys import find_key, make_key, revoke_key
from accounts.models import GatewayKey
from tests.support.database import as_admin, committed
from tests.support.feed import stop
from tests.support.steps import at_once

pytestmark = committed
URL = "/api/v1/gateway/restrictions"


@pytest.fixture
def secret() -> str:
    return make_key("eu-1", [GatewayKey.Scope.RESTRICTIONS])[1]


def ask(secret: str | None, **query: Any) -> Any:
    headers = {"authorization": f"Bearer {secret}"} if secret is not None else {}
    return Client().get(URL, query, headers=headers)


@pytest.mark.acceptance("RIGHT-F05")
def test_whoever_has_no_key_learns_how_to_sign_in_and_nothing_else(secret: str) -> None:
    stop(uuid4())
    wrong = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    of_another = make_key("other", [])[1]
    mixed = secret[:13] + of_another[13:]
    for given in (None, "", "x", wrong, mixed, secret[:13], "\u00e9" * 57, secret + "A"):
        answer = ask(given)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == 'Bearer realm="gateway"'
        assert "changes" not in answer.json()
    assert Client().get(URL, headers={"authorization": f"Basic {secret}"}).status_code == 401


@pytest.mark.acceptance("RIGHT-F05")
def test_a_key_without_the_scope_is_refused() -> None:
    answer = ask(make_key("ingest", ["something:else"])[1])
    assert (answer.status_code, answer.json()) == (403, {"detail": "wrong_scope"})


@pytest.mark.acceptance("RIGHT-F05")
def test_a_revoked_key_is_unknown(secret: str) -> None:
    assert ask(secret).status_code == 200
    revoke_key(GatewayKey.objects.get().prefix)
    assert ask(secret).status_code == 401


@pytest.mark.acceptance("RIGHT-F05")
def test_of_a_key_we_keep_its_hash_and_its_beginning_only(secret: str) -> None:
    key = GatewayKey.objects.get()
    kept = " ".join(str(value) for value in GatewayKey.objects.values_list().get())
    assert secret.startswith(key.prefix)
    assert secret[len(key.prefix) + 1 :] not in kept
    assert len(bytes(key.digest)) == 32
    assert find_key(secret) == key


def test_staff_and_people_have_no_way_in_by_their_session(admin_client: Client) -> None:
    assert admin_client.get(URL).status_code == 401


def test_the_last_use_is_known_to_five_minutes(secret: str) -> None:
    now = timezone.now()
    for minutes, is_written in ((4, False), (6, True)):
        last = now - timedelta(minutes=minutes)
        GatewayKey.objects.update(last_used_at=last)
        ask(secret)
        assert (GatewayKey.objects.get().last_used_at != last) is is_written


@pytest.mark.acceptance("RIGHT-F06")
def test_an_answer_names_the_change_and_where_to_go_on(secret: str) -> None:
    account = uuid4()
    stop(account)
    answer = ask(secret)
    body = answer.json()
    assert answer["Cache-Control"] == "no-store"
    assert [each["account"] for each in body["changes"]] == [str(account)]
    assert body["more"] is False
    again = ask(secret, cursor=body["cursor"]).json()
    assert (again["changes"], again["cursor"]) == ([], body["cursor"])


@pytest.mark.parametrize(
    ("query", "status", "detail"),
    [
        ({"cursor": "nonsense"}, 400, "bad_cursor"),
        ({"cursor": "0123456789abcdef.0.0"}, 410, "other_generation"),
        ({"wait": "long"}, 400, "bad_wait"),
        ({"wait": "-1"}, 400, "bad_wait"),
    ],
)
def test_a_question_that_makes_no_sense_gets_its_code(
    secret: str, query: dict[str, str], status: int, detail: str
) -> None:
    answer = ask(secret, **query)
    assert answer.status_code == status
    assert detail in str(answer.json())


@pytest.mark.acceptance("RIGHT-F06")
def test_a_long_poll_ends_as_soon_as_something_is_stopped(secret: str) -> None:
    cursor, account = ask(secret).json()["cursor"], uuid4()
    answers: list[Any] = []

    def poll() -> None:
        answers.append((ask(secret, cursor=cursor, wait=20).json(), time.monotonic()))

    def stop_later() -> None:
        time.sleep(1)
        stop(account)
        answers.append(time.monotonic())

    assert at_once(poll, stop_later) == []
    stopped, (body, answered) = answers
    assert body["changes"][0]["account"] == str(account)
    assert body["poll_after"] == 0
    assert answered - stopped < 3


def test_a_long_poll_without_news_ends_in_time_and_holds_no_transaction(secret: str) -> None:
    cursor = ask(secret).json()["cursor"]
    seen: list[Any] = []

    def look() -> None:
        time.sleep(0.7)
        with as_admin() as database:  # nobody else sees what another role's sessions do
            found = database.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND state = 'idle in transaction'"
            )
            seen.extend(found.fetchone() or ())

    began = time.monotonic()
    assert at_once(lambda: (ask(secret, cursor=cursor, wait=2), None)[1], look) == []
    assert 1.5 < time.monotonic() - began < 5
    assert seen == [0]


@pytest.mark.acceptance("RIGHT-F06")
def test_more_long_polls_than_there_is_room_for_are_answered_at_once(secret: str) -> None:
    cursor = ask(secret).json()["cursor"]
    taken = [RestrictionsView.room.acquire(blocking=False) for _ in range(LONG_POLLS)]
    try:
        assert all(taken)
        began = time.monotonic()
        body = ask(secret, cursor=cursor, wait=20).json()
        assert time.monotonic() - began < 2
        assert (body["changes"], body["poll_after"]) == ([], COME_BACK)
    finally:
        for _ in taken:
            RestrictionsView.room.release()
    assert ask(secret, cursor=cursor, wait=1).json()["poll_after"] == 0


def test_no_wait_is_longer_than_a_proxy_allows() -> None:
    assert LONGEST_WAIT < 30


def test_who_asks_without_end_is_slowed(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PerKey, "rate", "3/min")
    other = make_key("us-1", [GatewayKey.Scope.RESTRICTIONS])[1]
    codes = [ask(secret).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    assert int(ask(secret)["Retry-After"]) > 0
    assert ask(other).status_code == 200


def command(*words: str) -> str:
    out = StringIO()
    call_command("gateway_keys", *words, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.mark.acceptance("RIGHT-F05")
def test_a_key_is_made_listed_and_revoked_by_command_and_shown_once() -> None:
    secret = command("make", "eu-1").strip()
    assert ask(secret).status_code == 200
    prefix = GatewayKey.objects.get().prefix
    listed = command("list")
    assert prefix in listed
    assert "restrictions:read" in listed
    assert secret not in listed
    command("revoke", prefix)
    assert ask(secret).status_code == 401
    assert "revoked" in command("list")
    with pytest.raises(CommandError, match="No key in use"):
        command("revoke", prefix)


def test_two_keys_at_once_let_one_be_exchanged_without_a_gap() -> None:
    old, new = (make_key("eu-1", [GatewayKey.Scope.RESTRICTIONS])[1] for _ in range(2))
    assert [ask(each).status_code for each in (old, new)] == [200, 200]
    revoke_key(old[:13])
    assert [ask(each).status_code for each in (old, new)] == [401, 200]


def test_waiting_threads_are_let_go_when_the_reader_fails(
    secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("accounts.gateway.feed.wait", fail)
    for _ in range(LONG_POLLS + 1):
        with pytest.raises(RuntimeError):
            ask(secret, wait=5)
    room = RestrictionsView.room
    assert isinstance(room, threading.BoundedSemaphore)
    assert all(room.acquire(blocking=False) for _ in range(LONG_POLLS))
    for _ in range(LONG_POLLS):
        room.release()
