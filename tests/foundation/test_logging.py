"""Log lines: codes and ids, one JSON object each, and a net for what slips through."""

import json
import logging

import pytest

from fluxrouter.foundation.logging import LineFormatter, NothingPersonal, clean

SECRETS = (
    "sk_live_51Habcdefgh",
    "sb_secret_abcdef1234",
    "re_12345678_abc",
    "whsec_abcdef123456",
    "k3xV9wq-Zr_" * 4,
)


def line(message: object, *args: object, error: BaseException | None = None) -> dict[str, str]:
    exc_info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("privacy", logging.INFO, "f.py", 1, message, args, exc_info)
    assert NothingPersonal().filter(record)
    text = LineFormatter().format(record)
    assert "\n" not in text
    parsed: dict[str, str] = json.loads(text)
    return parsed


def test_a_line_says_when_how_bad_who_and_what() -> None:
    parsed = line("step.done %s", "stripe:delete")
    assert parsed.pop("at")
    assert parsed == {"level": "info", "logger": "privacy", "event": "step.done stripe:delete"}


@pytest.mark.parametrize("address", ["ann.lee@example.org", "Ann+x@Mail.Example.co.uk"])
def test_an_address_is_taken_out_of_message_and_arguments(address: str) -> None:
    for parsed in (
        line(f"no {address}!"),
        line("no %s!", address),
        line("no %(a)s", {"a": address}),
    ):
        assert address not in parsed["event"]
        assert "[e-mail]" in parsed["event"]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_taken_out(secret: str) -> None:
    assert secret not in clean(f"GET /privacy/verify/{secret}/ failed")
    assert "[secret]" in clean(secret)


def test_ids_and_references_are_left() -> None:
    text = "request 0190163d-8694-739b-aea5-966c26f8ad91 FR-AB12-CD34 cus_9s6XKzkNRiz8i3"
    assert clean(text) == text


def test_an_exception_is_named_by_type_and_place_only() -> None:
    try:
        raise ValueError("ann.lee@example.org")
    except ValueError as error:
        parsed = line("job.failed", error=error)
    assert parsed["error"] == "ValueError"
    assert "test_an_exception_is_named" in parsed["where"]
    assert "ann" not in json.dumps(parsed).replace("_an_exception", "")


def test_a_log_call_that_is_wrong_breaks_nothing_and_tells_nothing() -> None:
    parsed = line("%d people", "ann.lee@example.org")
    assert "ann" not in parsed["event"]
