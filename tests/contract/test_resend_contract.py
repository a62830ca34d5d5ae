"""Resend's connector keeps the promises of every connector."""

import json
from copy import deepcopy
from typing import Any

import pytest

from fluxrouter.sandbox.mailbox import Mailbox
from fluxrouter.sandbox.mailbox.message import read
from fluxrouter.sandbox.transport import LossyTransport
from privacy.connectors.base import Subject
from privacy.connectors.resend import Resend, ResendConnector
from privacy.connectors.rest import Api
from privacy.connectors.testing import ConnectorContract
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-31", "MAIN-34"),
]
LETTER = {"from": "privacy@example.com", "subject": "Your request", "text": "It goes on."}


def resend_connector(
    app: Mailbox, key: str = "re_sandbox", *, drill: bool = False
) -> ResendConnector:
    api = Api("http://sandbox.invalid", key, LossyTransport(app))
    return ResendConnector(Resend(api), drill=drill)


def send(app: Mailbox, *to: str, **more: Any) -> None:
    """A letter in the log, past the interface."""
    mail = {**LETTER, "to": list(to), **more}
    message = read(mail, id=f"mail-{len(app.messages)}", now=app.clock())
    app.messages[message.id] = message


class TestResend(ConnectorContract):
    @pytest.fixture(autouse=True)
    def _in(self, world: World) -> None:
        self.world = world

    def make(self) -> ResendConnector:
        return resend_connector(self.world.mailbox)

    def plant(self, subject: Subject) -> Subject:
        mailbox = self.world.mailbox
        mailbox.add_contact(
            email=subject.email,
            first_name="Ann",
            last_name="Lee",
            properties={"company": "Lee Ltd"},
            segments=[mailbox.add_segment("Readers")],
            topics={"news": "opt_in"},
        )
        mailbox.add_suppression(subject.email)
        send(mailbox, subject.email)
        return subject

    def plant_stranger(self) -> None:
        mailbox = self.world.mailbox
        self.stranger = mailbox.add_contact(email="x.ann.lee@example.org", first_name="Ann")
        mailbox.add_suppression("x.ann.lee@example.org")
        send(mailbox, "x.ann.lee@example.org")

    def snapshot_of_stranger(self) -> Any:
        mailbox = self.world.mailbox
        kept = [mailbox.suppressions.get(self.stranger["email"]), mailbox.newest()[-1]]
        return deepcopy([mailbox.contacts.get(self.stranger["id"]), kept])

    def holds(self, subject: Subject) -> Any:
        contacts = self.world.mailbox.contacts.values()
        same = (each for each in contacts if each["email"].lower() == subject.email.lower())
        return deepcopy(list(same))

    def personal(self, subject: Subject) -> list[str]:
        return [subject.email, "Lee Ltd", '"Ann"', "Readers"]

    def calls_made(self) -> int:
        return self.world.mailbox.calls.total()

    def fail_call(self, number: int, *, after: bool) -> None:
        self.world.mailbox.faults.add("reply_lost" if after else "unavailable", nth=number)

    def test_nothing_of_the_stranger_is_in_the_export(self) -> None:
        self.plant_stranger()
        life = self.new_life()
        life.look()
        assert "x.ann.lee@example.org" not in json.dumps(life.export())

    def test_faults_at_every_call_of_restriction_and_correction_converge(self) -> None:
        patch = {"full_name": "Ann Ray"}
        calls = self._limited_and_corrected(patch)
        for number in range(1, calls + 1):
            for after in (False, True):
                self.fail_call(number, after=after)
                self._limited_and_corrected(patch)
        assert not self.world.mailbox.faults.pending

    def _limited_and_corrected(self, patch: dict[str, str]) -> int:
        """A whole life of both, checked; gives the number of calls."""
        begun = self.calls_made()
        life = self.new_life()
        life.look()
        before = self.holds(life.subject)
        life.restrict()
        assert self.holds(life.subject)[0]["unsubscribed"] is True
        life.lift()
        assert self.holds(life.subject) == before
        life.correct(patch)
        [contact] = self.holds(life.subject)
        assert (contact["first_name"], contact["last_name"]) == ("Ann", "Ray")
        return self.calls_made() - begun
