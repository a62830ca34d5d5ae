"""The policy's promises: each check passes on this release, and each can fail."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from privacy import claims
from privacy.claims import CLAIMS, Claim
from privacy.services import policy
from privacy.services.policy import CHECKS, claim_states, state_of
from privacy.services.policy_checks.promise import BrokenPromiseError
from tests.privacy.breakages import BREAKAGES, Break

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.mark.acceptance("MAIN-01", "SEC-10")
@pytest.mark.parametrize("name", CHECKS)
def test_this_release_keeps_what_it_says(name: str) -> None:
    CHECKS[name]()


@pytest.mark.acceptance("MAIN-01", "SEC-10")
@pytest.mark.parametrize(
    ("name", "break_it"), [(name, each) for name, several in BREAKAGES.items() for each in several]
)
def test_every_check_can_fail(name: str, break_it: Break, monkeypatch: pytest.MonkeyPatch) -> None:
    break_it(monkeypatch)
    with pytest.raises(BrokenPromiseError):
        CHECKS[name]()


def test_no_check_is_left_unbroken() -> None:
    assert BREAKAGES.keys() == CHECKS.keys()
    assert all(BREAKAGES.values())


@pytest.mark.acceptance("MAIN-01")
def test_every_promise_has_a_known_check_or_says_what_is_missing() -> None:
    assert {each.check for each in CLAIMS if each.check} == CHECKS.keys()
    for claim in CLAIMS:
        assert claim.promise
        assert claim.note.startswith("Missing: ") is (claim.check is None), claim.id
    ids = [claim.id for claim in CLAIMS]
    assert len(ids) == len(set(ids)) >= 40


def test_promises_stand_in_the_order_of_the_policys_sections() -> None:
    sections = [claim.section for claim in CLAIMS]
    first = list(dict.fromkeys(sections))
    assert sections == sorted(sections, key=first.index)


CLAIM = Claim("one", "Security", "We promise.", "it", "Looked at.")


def with_check(monkeypatch: pytest.MonkeyPatch, check: Any) -> None:
    monkeypatch.setattr(policy, "CHECKS", {"it": check})
    monkeypatch.setattr(policy, "CLAIMS", (CLAIM, CLAIM._replace(id="two", check=None)))


def fail(error: Exception) -> None:
    raise error


def test_a_kept_an_open_and_a_broken_promise_are_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_check(monkeypatch, lambda: None)
    assert [(each.state, each.detail) for each in claim_states()] == [
        ("kept", "Looked at."),
        ("open", "Looked at."),
    ]
    with_check(monkeypatch, lambda: fail(BrokenPromiseError("It is not so.")))
    assert state_of(CLAIM)[1:] == ("broken", "It is not so.")


def test_a_check_that_cannot_look_proves_nothing_and_quotes_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_check(monkeypatch, lambda: fail(ValueError("ann.lee@example.org")))
    assert state_of(CLAIM)[1:] == ("broken", "The check itself failed: ValueError.")


@pytest.mark.acceptance("MAIN-02")
def test_the_command_prints_every_promise_in_a_hundred_columns() -> None:
    out = StringIO()
    try:
        call_command("policy", stdout=out)
    except CommandError as error:
        pytest.fail(f"{error}\n{out.getvalue()}")
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= 100
    for claim in CLAIMS:
        state = "kept" if claim.check else "open"
        assert sum(line.split()[:2] == [state, claim.id] for line in lines) == 1
        assert claim.section in lines
    opened = sum(claim.check is None for claim in CLAIMS)
    assert lines[-1].endswith(f"{len(CLAIMS) - opened} kept, {opened} open, 0 broken.")


@pytest.mark.acceptance("MAIN-02")
def test_the_command_fails_when_a_promise_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    with_check(monkeypatch, lambda: fail(BrokenPromiseError("It is not so.")))
    out = StringIO()
    with pytest.raises(CommandError, match="1 broken") as caught:
        call_command("policy", stdout=out)
    assert caught.value.returncode == 1
    assert "– It is not so." in out.getvalue()


@pytest.mark.acceptance("MAIN-03")
def test_the_pinned_text_passes_and_a_changed_one_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "policy.txt"
    file.write_bytes(b"We promise.")
    digest = "e6f47b4c8c96f66e6d835b147afe04f48513c29286014b71fcb56246ce41d2b2"
    with pytest.raises(CommandError, match="not the policy of June 4, 2026"):
        call_command("policy", text=file)
    monkeypatch.setattr(policy, "POLICY_SHA256", digest)
    out = StringIO()
    call_command("policy", text=file, stdout=out)
    assert "unchanged" in out.getvalue()
    file.write_bytes(b"We promise. ")
    with pytest.raises(CommandError, match="Read what changed"):
        call_command("policy", text=file)


@pytest.mark.acceptance("MAIN-03")
def test_the_pin_is_a_hash_and_the_text_is_not_here() -> None:
    assert len(bytes.fromhex(claims.POLICY_SHA256)) == 32
    assert claims.POLICY_UPDATED == "June 4, 2026"


def test_a_text_that_cannot_be_read_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Can't read .*No such file"):
        call_command("policy", text=tmp_path / "gone.txt")
