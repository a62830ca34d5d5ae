"""Who had to be told of a change: told by call or by hand, confirmed, or named with an excuse."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fluxrouter.foundation.models import TrailEvent
from privacy.connectors import registry
from privacy.connectors.database import DatabaseConnector
from privacy.models import DownstreamNotice, FulfilmentStep, PrivacyRequest
from privacy.processors import BY_KEY, PROCESSORS
from privacy.selectors.notices import notices
from privacy.services import downstream, processor_letters, review
from privacy.services.correction_entry import enter_correction
from privacy.services.evidence import add_evidence
from tests.support import staff, tasks
from tests.support.database import committed
from tests.support.lives import pump_once
from tests.support.steps import ANN, approved, at_once, reviewed
from tests.support.visitor import Visitor, link
from tests.support.world import World

pytestmark = [committed]
State = FulfilmentStep.State


def rows_of(request: PrivacyRequest) -> dict[str, DownstreamNotice]:
    return {row.recipient: row for row in request.notices.all()}


def states(request: PrivacyRequest) -> dict[str, str]:
    return {each.recipient.key: each.state for each in notices(request)}


def events(request: PrivacyRequest) -> list[TrailEvent]:
    return list(TrailEvent.objects.filter(chain_id=request.pk, code="recipients.told"))


@pytest.mark.acceptance("RIGHT-N01")
def test_a_completed_erasure_has_a_notice_for_every_processor_acknowledged_or_open(
    world: World,
) -> None:
    world.add_person(ANN)
    life = approved(world, "erasure")
    assert life.request.status in ("completed", "partly"), life.problems
    assert_every_processor_is_settled_or_open(life.request)


@pytest.mark.acceptance("RIGHT-N01")
def test_without_any_connector_every_processor_is_a_task_or_named(world: World) -> None:
    world.add_person(ANN)
    with registry.use(DatabaseConnector()):
        life = approved(world, "erasure")
        downstream.sync(life.request)
        assert life.request.status == "fulfilling"
        assert_every_processor_is_settled_or_open(life.request)
        found = states(life.request)
    assert found["chatbase"] == found["resend"] == "open"
    assert found["cloudflare"] == "nothing"


def assert_every_processor_is_settled_or_open(request: PrivacyRequest) -> None:
    rows = rows_of(request)
    assert set(rows) == {row.key for row in PROCESSORS}
    open_keys = set(request.steps.exclude(state=State.DONE).values_list("action", flat=True))
    for key, row in rows.items():
        settled = row.acknowledged_at or row.way == "nothing"
        names = {key, *BY_KEY[key].connectors}
        assert settled or names & open_keys, key


@pytest.mark.acceptance("RIGHT-N01")
def test_a_processor_with_an_interface_is_told_by_it_and_confirms_by_the_last_look(
    world: World,
) -> None:
    world.add_person(ANN)
    life = approved(world, "erasure")
    row = rows_of(life.request)["resend"]
    look = life.request.steps.get(connector="resend", action="verify")
    assert row.way == "call"
    assert row.told_at
    assert look.finished_at
    assert row.told_at <= look.finished_at
    assert row.acknowledged_at == look.finished_at


@pytest.mark.acceptance("RIGHT-N02")
def test_a_task_is_told_when_its_letter_is_out_and_confirmed_when_it_is_closed() -> None:
    hanna = staff.member("Handler")
    task = tasks.open_task("chatbase")
    request = task.step.request
    assert states(request)["chatbase"] == "open"
    processor_letters.order(task)
    assert states(request)["chatbase"] == "open"
    at = timezone.now() - timedelta(hours=1)
    type(task).objects.filter(pk=task.pk).update(letter_at=at)
    assert states(request)["chatbase"] == "told"
    downstream.sync(request)
    assert rows_of(request)["chatbase"].told_at == at
    add_evidence(task, tasks.pdf(), actor=hanna)
    review.close_by_hand(task.step, actor=hanna, reason="Deleted there.")
    downstream.sync(request)
    row = rows_of(request)["chatbase"]
    assert (row.way, row.told_at) == ("task", at)
    task.step.refresh_from_db()
    assert row.acknowledged_at == task.step.finished_at


@pytest.mark.acceptance("RIGHT-N03")
def test_who_cannot_be_told_is_named_with_the_excuse_of_staff() -> None:
    task = tasks.open_task("chatbase")
    reason = "They closed our account and answer nothing."
    actor = staff.member("Handler")
    review.close_by_hand(task.step, actor=actor, reason=reason, declined=True)
    found = next(each for each in notices(task.step.request) if each.recipient.key == "chatbase")
    assert (found.state, found.excuse) == ("excused", reason)
    assert found.acknowledged_at is None
    page = staff.signed_in(actor).get(staff.page_url(task.step.request)).text
    assert "Who was told" in page
    assert reason in page


@pytest.mark.acceptance("RIGHT-N03")
def test_a_processor_that_keeps_nothing_is_named_with_its_reason() -> None:
    request = tasks.open_task("chatbase").step.request
    found = {each.recipient.key: each for each in notices(request)}
    assert found["cloudflare"].state == "nothing"
    assert "no log of single visitors" in found["cloudflare"].excuse
    request.plan = {"database": {"found": {"gatewayrequest": 3}}}
    by_itself = {each.recipient.key: each for each in notices(request)}["anthropic"]
    assert "It drops what went through it by its own terms" in by_itself.excuse


@pytest.mark.acceptance("RIGHT-N04")
def test_writing_the_record_twice_or_at_once_is_exact() -> None:
    request = tasks.open_task("chatbase").step.request
    assert downstream.sync(request) == len(PROCESSORS)
    assert downstream.sync(request) == 0
    request.notices.all().delete()

    def write() -> None:
        downstream.sync(request)

    assert at_once(write, write, write) == []
    assert request.notices.count() == len(PROCESSORS)


@pytest.mark.acceptance("RIGHT-N04")
def test_a_record_that_was_lost_is_written_by_the_job_and_the_trail_hears_of_it_once(
    world: World,
) -> None:
    world.add_person(ANN)
    life = approved(world, "erasure")
    before = rows_of(life.request)
    assert before
    assert len(events(life.request)) == 1
    life.request.notices.all().delete()
    downstream.sync_notices()
    assert {key: row.told_at for key, row in rows_of(life.request).items()} == {
        key: row.told_at for key, row in before.items()
    }
    downstream.sync_notices()
    assert len(events(life.request)) == 2


@pytest.mark.acceptance("RIGHT-N01")
def test_a_correction_and_a_restriction_tell_those_who_have_a_part_in_it(world: World) -> None:
    world.add_person(ANN)
    life = reviewed(world, "rectification")
    enter_correction(life.request, actor=staff.member("Handler"), patch={"full_name": "Ann New"})
    life.approve()
    pump_once()
    life.refresh()
    found = {(each.recipient.key, str(each.kind)): each.state for each in notices(life.request)}
    assert found["stripe", "correction"] == "acknowledged"
    assert found["cloudflare", "correction"] == found["openai", "correction"] == "nothing"
    # What is contested isn't used meanwhile, so that a restriction is told too.
    stopped = {step.connector for step in life.request.steps.filter(action="restrict")}
    for row in PROCESSORS:
        told = "acknowledged" if stopped & set(row.connectors) else "nothing"
        assert found[row.key, "restriction"] == told, row.key
    letters = [" ".join(mail.text.split()) for mail in world.letters(ANN)]
    letter = next(text for text in letters if "We have corrected your data" in text)
    assert "Stripe: told on" in letter
    assert "Cloudflare" not in letter


@pytest.mark.acceptance("RIGHT-N05")
def test_letter_and_certificate_say_which_companies_were_told(world: World) -> None:
    world.add_person(ANN)
    life = approved(world, "erasure")
    letters = [" ".join(mail.text.split()) for mail in world.letters(ANN)]
    done = next(text for text in letters if "had to hear of it" in text)
    for row in PROCESSORS:
        assert f"- {row.title}: " in done, row.title
    page = Visitor().get(link(life.request, "status") + "certificate/")
    assert "Companies told" in page.text
    for row in PROCESSORS:
        assert row.title in page.text.partition("Companies told")[2]


def test_a_request_that_changes_nothing_tells_nobody(world: World) -> None:
    world.add_person(ANN)
    life = approved(world, "access")
    assert notices(life.request) == []
    assert downstream.sync(life.request) == 0
    assert not events(life.request)


def test_a_declared_law_is_named_as_the_reason_to_tell() -> None:
    request = staff.looked_up("erasure")
    assert any("Art. 19" in citation for _, citation in downstream.duties(request))
