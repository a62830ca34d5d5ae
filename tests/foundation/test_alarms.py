"""Alarms: one row while it lasts, one mail, and a site that says it isn't ready."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connections
from django.test import Client

from fluxrouter.foundation.alarms import clear_alarm, mail_alarms, open_alarms, raise_alarm
from fluxrouter.foundation.models import Alarm
from tests.support.database import committed, rolled_back

pytestmark = pytest.mark.acceptance("MAIN-49")


class FailingBackend(BaseEmailBackend):
    """A mail service that is away."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionError("nobody@example.org")


@rolled_back
def test_raising_twice_is_one_alarm() -> None:
    raise_alarm("step_parked", "a1")
    raise_alarm("step_parked", "a1")
    raise_alarm("step_parked", "b2")
    assert sorted(open_alarms().values_list("about", flat=True)) == ["a1", "b2"]


@rolled_back
def test_an_alarm_that_comes_back_is_another_one() -> None:
    for _ in range(2):
        raise_alarm("step_parked", "a1")
        clear_alarm("step_parked", "a1")
    raise_alarm("step_parked", "a1")
    assert Alarm.objects.count() == 3
    assert open_alarms().count() == 1


@rolled_back
def test_clearing_touches_only_its_own() -> None:
    raise_alarm("step_parked", "a1")
    raise_alarm("request_overdue", "a1")
    clear_alarm("step_parked", "a1")
    clear_alarm("step_parked", "a1")
    assert open_alarms().get().code == "request_overdue"


@rolled_back
def test_each_alarm_is_mailed_once(mailoutbox: list[Any], settings: Any) -> None:
    raise_alarm("step_parked", "a1")
    assert mail_alarms() == {"sent": 1}
    raise_alarm("step_parked", "a1")
    assert mail_alarms() == {"sent": 0}
    (mail,) = mailoutbox
    assert mail.to == [settings.PRIVACY_OFFICER_EMAIL]
    assert "step_parked a1" in mail.body
    assert "docs/runbook.md" in mail.body


@rolled_back
def test_an_alarm_that_is_over_is_not_mailed(mailoutbox: list[Any]) -> None:
    raise_alarm("step_parked", "a1")
    clear_alarm("step_parked", "a1")
    assert mail_alarms() == {"sent": 0}
    assert mailoutbox == []


@rolled_back
def test_a_mail_that_fails_is_tried_again(
    mailoutbox: list[Any], settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    raise_alarm("step_parked", "a1")
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.FailingBackend"
    assert mail_alarms() == {"sent": 0}
    assert [record.getMessage() for record in caplog.records] == [
        "alarm.mail_failed ConnectionError"
    ]
    settings.EMAIL_BACKEND = working
    assert mail_alarms() == {"sent": 1}


@rolled_back
def test_the_site_is_ready_until_an_alarm_is_open(client: Client) -> None:
    assert client.get("/readyz").json() == {"ready": True, "alarms": []}
    raise_alarm("step_parked", "a1")
    raise_alarm("step_parked", "b2")
    raise_alarm("request_overdue", "FR-0000-0000")
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "alarms": ["request_overdue", "step_parked"]}
    raise_alarm("database_exposed")
    assert client.get("/readyz").status_code == 503
    Alarm.objects.all().delete()
    assert client.get("/readyz").status_code == 200


def test_the_process_says_that_it_lives_without_asking_the_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.fixture
def database_away() -> Iterator[None]:
    """Nobody listens where the database was."""
    connection = connections["default"]
    port = connection.settings_dict["PORT"]
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        connection.close()
        connection.settings_dict["PORT"] = closed.getsockname()[1]
        yield
        connection.close()
        connection.settings_dict["PORT"] = port


@committed
def test_the_site_is_not_ready_while_the_database_is_away(
    client: Client, database_away: None
) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "alarms": ["database_away"]}
    assert client.get("/healthz").status_code == 200
