"""Reminders, what is overdue, and silence: exact under a doubled, late or missed beat."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from fluxrouter.foundation.alarms import open_alarms
from fluxrouter.foundation.models import Alarm, TrailEvent
from fluxrouter.jobs import JOBS
from privacy.models import PrivacyRequest
from privacy.regimes import resolver
from privacy.regimes.loader import regime_files
from privacy.selectors.clocks import deemed_refused_on, percent_over
from privacy.services import clock_watch, clocks
from privacy.services.clock_reminders import remind_clocks
from privacy.services.clock_watch import follow_clocks, watch_clocks
from privacy.states import Status
from tests.privacy.clocks.test_rows import filed
from tests.support.database import BOTH
from tests.support.staff import member, page_url, signed_in
from tests.support.steps import at_once
from tests.support.world import World

pytestmark = [pytest.mark.django_db(transaction=True, databases=BOTH)]
RECEIVED = datetime(2026, 11, 24, 12, tzinfo=UTC)
OFFICER = "privacy-officer@example.org"
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def officer(settings: object) -> None:
    settings.PRIVACY_OFFICER_EMAIL = OFFICER


@pytest.fixture
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(RECEIVED, tick=False) as found:
        yield found


def open_request(place: str = "DE") -> PrivacyRequest:
    """Confirmed and acknowledged, so that only the answer's clocks run, over the same days."""
    request = filed(place, received_at=RECEIVED)
    request.transition_to(Status.IN_REVIEW, verified_at=timezone.now())
    request.clocks.filter(clock="acknowledge").update(met_at=timezone.now())
    return request


def reminders(world: World) -> list[str]:
    """The subjects of what the officer got, oldest first."""
    mails = reversed(world.letters(OFFICER))
    return [mail.subject.split("] ")[1].split(" over")[0] for mail in mails]


def events(request: PrivacyRequest) -> list[int]:
    found = TrailEvent.objects.filter(chain_id=request.pk, code="clock.reminded").order_by("seq")
    return [event.data["percent"] for event in found]


def run_every(
    step: timedelta, until: datetime, traveller: time_machine.Traveller
) -> dict[int, date]:
    """Run the job again and again; on which day which reminder went out."""
    found: dict[int, date] = {}
    while timezone.now() < until:
        if remind_clocks()["sent"]:
            found[max(percents())] = timezone.now().date()
        traveller.shift(step)
    return found


def percents() -> list[int]:
    rows = TrailEvent.objects.filter(code="clock.reminded")
    return [row.data["percent"] for row in rows]


@pytest.mark.acceptance("RIGHT-C14")
def test_each_hour_for_sixty_days_gives_three_reminders_on_their_days(
    world: World, traveller: time_machine.Traveller
) -> None:
    request = open_request()
    clock = request.clocks.get(clock="respond")
    found = run_every(HOUR, RECEIVED + 60 * DAY, traveller)
    whole = (clock.safe_due - clock.started_on).days
    for percent, day in found.items():
        assert (day - clock.started_on).days * 100 >= percent * whole
        assert ((day - clock.started_on).days - 1) * 100 < percent * whole
    assert list(found) == events(request) == [50, 75, 90]
    assert reminders(world) == [f"{each} percent of the time" for each in (50, 75, 90)]


@pytest.mark.acceptance("RIGHT-C14")
def test_each_minute_around_a_point_gives_the_same_reminder_once(
    world: World, traveller: time_machine.Traveller
) -> None:
    request = open_request()
    clock = request.clocks.get(clock="respond")
    half = clock.started_on + timedelta(days=-(-(clock.safe_due - clock.started_on).days // 2))
    traveller.move_to(datetime.combine(half, datetime.min.time(), UTC) - 30 * MINUTE)
    run_every(MINUTE, timezone.now() + 90 * MINUTE, traveller)
    assert events(request) == [50]
    assert len(world.letters(OFFICER)) == 1


@pytest.mark.acceptance("RIGHT-C15")
def test_a_beat_that_was_away_tells_only_the_last(
    world: World, traveller: time_machine.Traveller
) -> None:
    request = open_request()
    traveller.shift(14 * DAY)
    assert remind_clocks() == {"sent": 0}
    traveller.shift(10 * DAY)  # day 24 of 30: both 50 and 75 have passed
    for _ in range(2):
        remind_clocks()
    assert events(request) == [75]
    assert reminders(world) == ["75 percent of the time"]


@pytest.mark.acceptance("RIGHT-C15")
def test_two_runs_at_once_are_one_reminder(
    world: World, traveller: time_machine.Traveller
) -> None:
    request = open_request()
    traveller.shift(16 * DAY)
    assert at_once(run_reminders, run_reminders, run_reminders) == []
    assert events(request) == [50]
    assert len(world.letters(OFFICER)) == 1


def test_a_mail_that_fails_is_tried_again_and_arrives_once(
    world: World, traveller: time_machine.Traveller
) -> None:
    request = open_request()
    traveller.shift(16 * DAY)
    world.mailbox.faults.add("unavailable", method="POST", times=1)
    assert remind_clocks() == {"sent": 0}
    assert events(request) == []
    traveller.shift(HOUR)
    assert remind_clocks() == {"sent": 1}
    assert len(world.letters(OFFICER)) == 1


def test_the_reminder_names_nobody_and_says_what_is_due_where(
    world: World, traveller: time_machine.Traveller
) -> None:
    request = open_request()
    traveller.shift(16 * DAY)
    remind_clocks()
    text = world.letters(OFFICER)[0].text
    assert "Due on 24 December 2026: The answer; A refusal, if it is one" in " ".join(text.split())
    assert request.reference in text
    assert "a@example.org" not in text


def test_nobody_is_mailed_of_a_request_that_is_not_confirmed(
    world: World, traveller: time_machine.Traveller
) -> None:
    filed("DE", received_at=RECEIVED)
    traveller.shift(26 * DAY)
    assert remind_clocks() == {"sent": 0}


def test_what_is_met_is_not_reminded_of(world: World, traveller: time_machine.Traveller) -> None:
    request = open_request()
    request.clocks.update(met_at=timezone.now())
    traveller.shift(29 * DAY)
    assert remind_clocks() == {"sent": 0}


def test_a_clock_that_got_longer_is_reminded_of_anew(traveller: time_machine.Traveller) -> None:
    request = open_request()
    row = request.clocks.get(clock="respond")
    row.reminded = 75
    row.save()
    traveller.shift(24 * DAY)
    longer = clocks.computed(request)
    later = next(each for each in longer if each.clock == "respond")
    later.safe_due = row.safe_due + 30 * DAY
    clocks.write(row, later, None)
    row.refresh_from_db()
    assert row.reminded == percent_over(row, timezone.now().date()) == 0


@pytest.mark.acceptance("RIGHT-C16")
def test_silence_in_canada_is_a_refusal_and_the_request_stays_open(
    traveller: time_machine.Traveller,
) -> None:
    request = open_request("CA")
    traveller.move_to(datetime(2026, 12, 24, 23, 59, tzinfo=UTC))
    watch_clocks()
    assert deemed_refused_on(request) is None
    traveller.shift(2 * MINUTE)
    assert at_once(run_watch, run_watch) == []
    run_watch()
    assert deemed_refused_on(request) == date(2026, 12, 25)
    refused = TrailEvent.objects.filter(chain_id=request.pk, code="request.deemed_refused")
    assert [event.data for event in refused] == [{"on": "2026-12-25"}]
    assert alarms("deemed_refused") == {request.reference}
    request.refresh_from_db()
    assert request.is_open
    page = signed_in(member("Viewer")).get(page_url(request)).text
    assert "Since 25 December 2026 our silence counts as a refusal." in page
    PrivacyRequest.objects.filter(pk=request.pk).update(
        status="completed", closed_at=timezone.now()
    )
    request.refresh_from_db()
    watch_clocks()
    assert alarms("deemed_refused") == set()
    assert deemed_refused_on(request) == date(2026, 12, 25)  # a late answer doesn't undo it


def run_watch() -> None:
    watch_clocks()


def run_reminders() -> None:
    remind_clocks()


@pytest.mark.acceptance("RIGHT-C16")
@pytest.mark.parametrize(("place", "refused"), [("CA-QC", True), ("DE", False), ("US-UT", False)])
def test_silence_is_a_refusal_only_where_the_law_says_so(
    traveller: time_machine.Traveller, place: str, refused: bool
) -> None:
    request = open_request(place)
    traveller.shift(60 * DAY)
    watch_clocks()
    assert (deemed_refused_on(request) is not None) is refused


@pytest.mark.acceptance("RIGHT-C17")
def test_a_law_that_changed_is_told_once_however_many_requests_are_open(
    traveller: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = [open_request(), open_request(), open_request("CH")]
    request = requests[0]
    before = list(request.clocks.values_list("clock", "safe_due", "version"))
    watch_clocks()
    assert alarms("law_changed") == set()
    changed = lambda versions: ("eu_gdpr",) if "eu_gdpr" in versions else ()  # noqa: E731
    monkeypatch.setattr(clock_watch, "changed_since", changed)
    watch_clocks()
    version = regime_files()["eu_gdpr"].version[:12]
    told = {f"eu_gdpr {version}: 2 open requests"}
    assert alarms("law_changed") == told
    PrivacyRequest.objects.filter(pk=requests[1].pk).update(status="denied")
    watch_clocks()
    open_request()
    watch_clocks()
    assert alarms("law_changed") == told  # the same alarm, so that nobody is mailed again
    assert Alarm.objects.filter(code="law_changed").count() == 1
    clocks.follow(request.pk)
    assert list(request.clocks.values_list("clock", "safe_due", "version")) == before
    monkeypatch.setattr(clock_watch, "changed_since", resolver.changed_since)
    watch_clocks()
    assert alarms("law_changed") == set()


@pytest.mark.acceptance("RIGHT-C04")
def test_an_acknowledgement_that_is_late_raises_an_alarm_until_it_is_out(
    traveller: time_machine.Traveller,
) -> None:
    request = filed("DE", received_at=RECEIVED)
    traveller.shift(10 * DAY)
    watch_clocks()
    assert alarms("clock_overdue") == {f"{request.reference} acknowledge"}
    request.steps.update(state="done", finished_at=timezone.now(), receipt={"sent": 1})
    follow_clocks()
    watch_clocks()
    assert alarms("clock_overdue") == set()
    row = request.clocks.get(clock="acknowledge")
    assert row.met_at
    assert row.missed_at  # what was late stays late


def alarms(code: str) -> set[str]:
    return set(open_alarms().filter(code=code).values_list("about", flat=True))


def test_the_jobs_are_in_the_schedule() -> None:
    assert {"follow_clocks", "watch_clocks", "remind_clocks"} <= JOBS.keys()
    assert len(JOBS["follow_clocks"].schedule.minute) == 60
