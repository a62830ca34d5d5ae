"""A whole life with every system and every kind of trouble leaves no address or secret behind.

Looked at: log, exceptions, messages to workers, the ledger, the trail, the paths of all calls, and
at the end the database's dump. The mail is the person's own.
"""

import json
import logging
import re
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from celery.signals import before_task_publish
from django.utils import timezone

from fluxrouter.foundation.logging import LineFormatter
from fluxrouter.foundation.models import TrailEvent
from fluxrouter.sandbox.model_providers import KEYS
from fluxrouter.sandbox.stripe import ERASE_KEY, READ_KEY
from privacy.connectors.base import Outcome
from privacy.connectors.errors import ConnectorError
from privacy.models import Evidence, FulfilmentStep
from privacy.services.fulfilment import work as working
from privacy.services.fulfilment.context import Context
from tests.contract.faulty import KINDS
from tests.support import traces
from tests.support.dashboards import close_tasks, delete_by_hand
from tests.support.lives import PATCH, Clock, Life, run_whole, staff, work_off
from tests.support.markers import mark
from tests.support.visitor import Visitor, link
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("PROC-49"),
]
ANN = "zq.quitte@example.org"
SHOWN = "Zq-evidence: we deleted what we held."
RIGHTS = (("rectification",), ("restriction",), ("access", "erasure"))
# Resend looks contacts and suppressions up by the address in the path, and offers no other way
# (resend.com/docs/api-reference/contacts/get-contact).
BY_ADDRESS = ("/contacts/", "/suppressions/")


@dataclass
class Watch:
    """What a life left in places that nobody seals."""

    world: World
    lines: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def follow(self, patch: pytest.MonkeyPatch) -> None:
        settle, execute = working.settle, working.execute
        mistakes = [ValueError(f"our own mistake names {ANN}")]

        def note_error(step: FulfilmentStep, error: Exception) -> None:
            if isinstance(error, ConnectorError):
                self.errors.append("".join(traceback.format_exception(error)))
            settle(step, error)

        def mistaken(step: FulfilmentStep, context: Context) -> Outcome:
            if mistakes and step.action == "export":
                raise mistakes.pop()
            return execute(step, context)

        patch.setattr(working, "settle", note_error)
        patch.setattr(working, "execute", mistaken)
        for app in self.world.apps.values():
            patch.setattr(app.faults, "take", self.noting(app.faults.take))

    def noting(self, take: Callable[[str, str], Any]) -> Callable[[str, str], Any]:
        def note_path(method: str, path: str) -> Any:
            self.paths.append(path)
            return take(method, path)

        return note_path

    def note_line(self, record: logging.LogRecord) -> bool:
        """What was meant to be written, and what production's log makes of it."""
        self.lines += [record.getMessage(), LineFormatter().format(record)]
        return True

    def note_message(self, body: Any, headers: Any, **_: Any) -> None:
        self.messages.append(f"{headers} {body!r}")

    @property
    def places(self) -> dict[str, str]:
        steps = FulfilmentStep.objects.values("receipt", "cursor", "error", "object", "requires")
        events = TrailEvent.objects.values("code", "actor", "data")
        return {
            "log": "\n".join(self.lines),
            "errors": "\n".join(self.errors),
            "messages": "\n".join(self.messages) + traces.broker_content(),
            "ledger": json.dumps(list(steps), default=str),
            "trail": json.dumps(list(events), default=str),
            "paths": "\n".join(path for path in self.paths if not path.startswith(BY_ADDRESS)),
        }


@pytest.fixture
def watch(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Watch]:
    caplog.set_level(logging.DEBUG)
    watch = Watch(world)
    watch.follow(monkeypatch)
    caplog.handler.addFilter(watch.note_line)
    before_task_publish.connect(watch.note_message)
    yield watch
    before_task_publish.disconnect(watch.note_message)
    caplog.handler.removeFilter(watch.note_line)


def trouble(world: World) -> None:
    """Each kind of fault at each system, somewhere on the way."""
    for app in world.apps.values():
        for number, kind in enumerate(KINDS):
            app.faults.add(kind, nth=3 + 4 * number)


def live(world: World) -> list[Life]:
    """A correction, a restriction and its lifting, a copy and an erasure with work by hand."""
    lives = []
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        clock = Clock(traveller)
        for rights in RIGHTS:
            life = Life.begin(world, ANN, *rights)
            run_whole([life], clock)
            if "erasure" in rights:
                delete_by_hand(world, world.people[ANN])
                close_tasks(life.request, actor=staff("second"), shown=SHOWN)
                Visitor().post(link(life.request, "status") + "code/send/")
                work_off(clock)
            if "rectification" in rights:
                close_tasks(life.request, actor=staff("second"), shown=SHOWN, written=False)
                work_off(clock)
            life.refresh()
            assert life.request.status == "completed", life.problems
            lives.append(life)
    return lives


def mailed_secrets(world: World) -> set[str]:
    """From links and codes of all letters to the person."""
    text = "\n".join(letter.body for letter in world.letters(ANN))
    links = set(re.findall(r"/privacy/(?:verify|status|stop)/([^/\s]+)/", text))
    codes = set(re.findall(r"^\s*(\d{4} ?\d{4})\s*$", text, re.MULTILINE))
    assert links, "letters have links"
    assert codes, "the person asked for a code"
    return links | codes


def test_no_place_holds_an_address_a_secret_or_a_marker(world: World, watch: Watch) -> None:
    ann = mark(world, ANN, "Ann")
    trouble(world)
    live(world)
    for _ in range(50):  # nudges are sent by a thread of their own
        if watch.messages:
            break
        time.sleep(0.1)
    assert all(watch.places.values()), "each place was used"
    assert len(watch.errors) >= len(KINDS)
    assert "step.failed" in watch.places["log"], "our own mistake was logged"
    secret = {ANN, PATCH["full_name"], SHOWN, *mailed_secrets(world)}
    secret |= {READ_KEY, ERASE_KEY, world.auth.secret_key, *KEYS.values()}
    for place, text in watch.places.items():
        assert [each for each in secret if each.lower() in text.lower()] == [], place
        allowed = {each for each in ann.texts if place == "paths" and each.startswith("storage.")}
        assert ann.found_in(text) <= allowed, place
    dump = traces.database_dump()
    assert [each for each in secret if each in dump] == []
    assert Evidence.objects.exists(), "work by hand was a part of it"
    assert world.letters("support@chatbase.co"), "so was a letter to a processor"


def test_the_only_paths_with_an_address_are_look_ups_that_have_no_other_way(
    world: World, watch: Watch
) -> None:
    world.add_person(ANN)
    live(world)
    named = {path for path in watch.paths if ANN in path.lower()}
    assert named == {f"{start}{ANN}" for start in BY_ADDRESS}
