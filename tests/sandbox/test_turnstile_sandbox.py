"""Turnstile's sandbox: every rule is kept, and can be broken alone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fluxrouter.sandbox.transport import httpx_client
from fluxrouter.sandbox.turnstile import RULES, SECRET, Turnstile, create_app
from fluxrouter.sandbox.turnstile.rules import DUMMY_TOKEN, FAILS, PASSES, SPENT

pytestmark = pytest.mark.acceptance("SBX-01")


def check(app: Turnstile, token: str, secret: str = SECRET, **more: str) -> Any:
    fields = {"secret": secret, "response": token, **more}
    return httpx_client(app).post("/turnstile/v0/siteverify", json=fields).json()


def token_is_used_once(app: Turnstile) -> bool:
    token = app.issue()
    assert check(app, token)["success"] is True
    return check(app, token)["error-codes"] == ["timeout-or-duplicate"]


def token_lives_300_seconds(app: Turnstile) -> bool:
    token = app.issue()
    app.tokens[token] -= timedelta(seconds=301)
    return check(app, token)["error-codes"] == ["timeout-or-duplicate"]


def token_has_2048_characters(app: Turnstile) -> bool:
    token = "0." + "a" * 2047
    app.tokens[token] = app.clock()
    return check(app, token)["success"] is False


def same_key_same_answer(app: Turnstile) -> bool:
    token = app.issue()
    assert check(app, token, idempotency_key="one")["success"] is True
    return check(app, token, idempotency_key="one")["success"] is True


def secret_is_checked(app: Turnstile) -> bool:
    return check(app, app.issue(), "other")["error-codes"] == ["invalid-input-secret"]


def dummy_secrets_ignore_the_token(app: Turnstile) -> bool:
    said = [check(app, DUMMY_TOKEN, secret)["error-codes"] for secret in (PASSES, FAILS, SPENT)]
    return said == [[], ["invalid-input-response"], ["timeout-or-duplicate"]]


def dummy_token_is_refused(app: Turnstile) -> bool:
    return check(app, DUMMY_TOKEN)["success"] is False


PROBES: dict[str, Callable[[Turnstile], bool]] = {
    probe.__name__: probe
    for probe in (
        token_is_used_once,
        token_lives_300_seconds,
        token_has_2048_characters,
        same_key_same_answer,
        secret_is_checked,
        dummy_secrets_ignore_the_token,
        dummy_token_is_refused,
    )
}


def test_every_rule_has_a_probe() -> None:
    assert set(PROBES) == set(RULES)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_kept_until_it_is_broken(name: str) -> None:
    for app in (create_app(), create_app(broken=frozenset({name}))):
        assert PROBES[name](app) is app.rule(name)


def test_forms_are_taken_as_well_as_json_and_a_missing_field_is_named() -> None:
    http = httpx_client(create_app())
    where = "/turnstile/v0/siteverify"
    answer = http.post(where, data={"secret": PASSES, "response": DUMMY_TOKEN}).json()
    assert answer["success"] is True
    assert http.post(where, data={}).json()["error-codes"] == ["missing-input-secret"]
    only = http.post(where, data={"secret": SECRET}).json()
    assert only["error-codes"] == ["missing-input-response"]


def test_the_clock_is_the_tests() -> None:
    now = datetime(2027, 3, 14, tzinfo=UTC)
    app = create_app(clock=lambda: now)
    token = app.issue()
    assert check(app, token)["challenge_ts"] == now.isoformat()
