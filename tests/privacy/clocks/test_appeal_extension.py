"""More time for an appeal: by its own law, with reasons, and only once the person was told."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from fluxrouter.foundation.alarms import open_alarms
from fluxrouter.foundation.models import TrailEvent
from privacy.models import Appeal, RequestClock, SentLetter
from privacy.selectors import appeals as found
from privacy.selectors import extending
from privacy.services import appeals, extensions
from privacy.services.clock_watch import follow_clocks, watch_clocks
from privacy.services.review import ReviewError
from tests.support import staff
from tests.support.appeals import Kind, appealed, complained, confirmed, denied, person
from tests.support.database import BOTH
from tests.support.laws import measured_by
from tests.support.lives import Clock, pump_once
from tests.support.steps import at_once
from tests.support.visitor import Visitor, link
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=BOTH),
    pytest.mark.acceptance("RIGHT-A20"),
]
RECEIVED = datetime(2026, 11, 24, 12, tzinfo=UTC)
DUE, EXTENDED = date(2027, 1, 8), date(2027, 3, 9)  # 45 days, and 60 more


@pytest.fixture
def clock(world: World) -> Iterator[Clock]:
    with time_machine.travel(RECEIVED, tick=False) as traveller:
        yield Clock(traveller)


def in_colorado(regime: str = "us_co") -> Appeal:
    """An open appeal under a law that counsel has signed."""
    return appealed(measured_by(denied(country="US", state="CO"), regime))


def extend(appeal: Appeal, *reasons: str, until: date = EXTENDED, by: str = "tess") -> None:
    extensions.extend(
        appeal.request,
        appeal=appeal,
        actor=person(by),
        reasons=list(reasons or ["complexity"]),
        explanation="The papers are in an archive.",
        until=until,
    )


def clock_of(appeal: Appeal) -> RequestClock:
    return RequestClock.objects.get(about=str(appeal.pk))


@pytest.mark.parametrize("regime", ["us_co", "us_mn"])
def test_a_letter_in_time_moves_the_appeals_date_and_no_other(clock: Clock, regime: str) -> None:
    appeal = in_colorado(regime)
    answers = list(appeal.request.clocks.filter(about="").values_list("safe_due", "met_at"))
    assert extending.latest_allowed(appeal.request, appeal=appeal) == EXTENDED
    assert extending.notice_due(appeal.request, appeal) == DUE
    extend(appeal)
    assert found.due_on(appeal) == DUE  # announced is not told
    pump_once()
    assert found.due_on(appeal) == EXTENDED
    assert clock_of(appeal).extended
    now = appeal.request.clocks.filter(about="").values_list("safe_due", "met_at")
    assert list(now) == answers
    event = TrailEvent.objects.get(code="appeal.extension_announced")
    assert event.data["until"] == EXTENDED.isoformat()
    assert "archive" not in str(event.data)


def test_an_earlier_day_than_the_law_allows_binds_us(clock: Clock) -> None:
    appeal = in_colorado()
    extend(appeal, until=date(2027, 1, 20))
    pump_once()
    assert found.due_on(appeal) == date(2027, 1, 20)


def test_the_letter_and_the_status_page_say_why_and_until_when(world: World, clock: Clock) -> None:
    appeal = in_colorado()
    extend(appeal)
    pump_once()
    letter = next(each for each in world.letters(staff.ANN) if "longer" in each.subject)
    assert letter.subject == "We need longer for your appeal"
    text = " ".join(letter.text.split())
    for words in (
        "We can’t decide on your appeal by 8 January 2027. We need 60 more days",
        "you have our decision by 9 March 2027 at the latest",
        "Your request is complex",
        "The papers are in an archive.",
        "C.R.S. § 6-1-1306(3)(b)",
        "https://coag.gov/file-complaint/",
    ):
        assert words in text
    assert "GDPR" not in text
    seen = Visitor().get(link(appeal.request, "status"))
    assert "by 9 March 2027" in seen.text
    assert "The papers are in an archive." in seen.text
    assert "We need longer for your appeal" not in seen.text
    assert "We wrote to you that we need longer for your appeal, and why." in seen.text


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ("CO", "counsel hasn’t cleared the extension of the law of Colorado"),
        ("MN", "counsel hasn’t cleared the extension of the law of Minnesota"),
        ("VA", "the law of Virginia knows no extension"),
    ],
)
def test_an_uncleared_rule_or_none_gives_no_time(clock: Clock, state: str, why: str) -> None:
    appeal = appealed(denied(country="US", state=state))
    assert why in extensions.why_not(appeal.request, appeal)
    assert "our own standard knows no extension" in extensions.why_not(appeal.request, appeal)
    with pytest.raises(ReviewError, match="no more time"):
        extend(appeal)
    assert not appeal.request.steps.filter(action="appeal_extension").exists()


def test_a_second_law_without_an_extension_ends_it_at_its_own_date(clock: Clock) -> None:
    """Virginia gives sixty days for an appeal and never more; the earliest date of all counts."""
    request = measured_by(denied(country="US", state="CO"), "us_co", "us_va")
    appeal = appealed(request)
    last = extending.latest_allowed(request, appeal=appeal)
    assert last == date(2027, 1, 23)
    with pytest.raises(ReviewError, match="until 23 January 2027 at the latest"):
        extend(appeal)


def test_no_time_without_a_reason_that_the_law_accepts(clock: Clock) -> None:
    appeal = in_colorado()
    with pytest.raises(ReviewError, match=r"stays due on 8 January 2027\. Each law"):
        extend(appeal, "consultations")
    with pytest.raises(ReviewError, match="reasons that a law knows"):
        extend(appeal, "backlog", by="tom")
    with pytest.raises(ReviewError, match="until 9 March 2027 at the latest"):
        extend(appeal, until=EXTENDED + timedelta(days=1), by="tim")
    assert not appeal.request.extensions.exists()


def test_a_letter_that_goes_out_late_moves_nothing_and_raises_an_alarm(clock: Clock) -> None:
    appeal = in_colorado()
    clock.forward(timedelta(days=45))  # the last day
    extend(appeal)
    clock.forward(timedelta(days=2))  # the worker stood still
    pump_once()
    assert found.due_on(appeal) == DUE
    assert not clock_of(appeal).extended
    watch_clocks()
    alarms = open_alarms().filter(code="extension_void")
    assert set(alarms.values_list("about", flat=True)) == {f"{appeal.request.reference} appeal"}
    with pytest.raises(ReviewError, match="second extension"):
        extend(appeal, by="tom")
    appeals.withdraw(appeal.request, Kind.APPEAL)
    watch_clocks()
    assert not open_alarms().filter(code="extension_void").exists()


def test_a_letter_that_comes_back_takes_the_time_back(clock: Clock) -> None:
    appeal = in_colorado()
    extend(appeal)
    pump_once()
    SentLetter.objects.filter(step__action="appeal_extension").update(state="bounced")
    follow_clocks()
    assert found.due_on(appeal) == DUE
    extend(appeal, by="tom")
    pump_once()
    assert found.due_on(appeal) == EXTENDED


def test_after_the_last_day_for_the_notice_nothing_is_written(clock: Clock) -> None:
    appeal = in_colorado()
    clock.forward(timedelta(days=46))
    with pytest.raises(ReviewError, match="had to be told by 8 January 2027"):
        extend(appeal)


def test_whoever_decided_before_gives_no_time_and_nobody_after_the_decision(
    clock: Clock,
) -> None:
    dora = person("dora")
    request = measured_by(denied(by=dora, country="US", state="CO"), "us_co")
    appeal = appealed(request)
    assert "You had a part" in extensions.why_not_by(request, appeal, dora)
    appeals.withdraw(request, Kind.APPEAL)
    with pytest.raises(ReviewError, match="decided or taken back"):
        extend(appeal)


def test_a_complaint_can_not_be_extended(clock: Clock) -> None:
    request = measured_by(confirmed(country="US", state="CO"), "us_co")
    assert "knows no extension" in extensions.why_not(request, complained(request))


def test_two_at_once_make_one_extension(clock: Clock) -> None:
    appeal = in_colorado()
    errors = at_once(lambda: extend(appeal, by="tim"), lambda: extend(appeal, by="tom"))
    assert [type(error) for error in errors] == [ReviewError]
    assert appeal.request.steps.filter(action="appeal_extension").count() == 1


def test_the_answer_and_the_appeal_are_extended_each_once(clock: Clock) -> None:
    """The second appeal of a request, after the first was taken back, has a clock of its own."""
    first = in_colorado()
    extend(first)
    pump_once()
    appeals.withdraw(first.request, Kind.APPEAL)
    second = appealed(first.request, "Now with papers.")
    assert found.due_on(second) == DUE
    extend(second, by="tom")
    pump_once()
    assert found.due_on(second) == EXTENDED


def test_staff_extend_it_on_its_form_and_the_page_shows_how_it_stands(clock: Clock) -> None:
    appeal = in_colorado()
    url = staff.do_url(appeal.request, "extend_appeal")
    assert staff.signed_in(staff.member("Handler")).get(url).status_code == 403
    client = staff.signed_in(staff.member("Approver"))
    form = client.get(url).text
    assert "It is my account." in form
    assert "9 March 2027 at the latest" in form
    assert "The letter must be out by 8 January 2027." in form
    assert "This request is complex (Colorado)" in form
    assert "We must consult others" not in form
    given = {"reasons": ["complexity"], "explanation": "An archive.", "until": "2027-02-01"}
    assert client.post(url, {**given, "reasons": []}).status_code == 200
    late = client.post(url, {**given, "until": "2027-03-10"})
    assert "until 9 March 2027 at the latest" in late.text
    shown = " ".join(client.post(url, {**given, "see": "1"}).text.split())
    assert "you have our decision by 1 February 2027" in shown
    assert not appeal.request.extensions.exists()
    assert client.post(url, given).status_code == 302
    assert client.post(url, given).status_code == 409
    page = client.get(staff.page_url(appeal.request)).text
    assert "Its letter is on its way. Until it is out, the date stays." in page
    pump_once()
    page = client.get(staff.page_url(appeal.request)).text
    assert "Told on 24 November 2026, in time." in page
    assert "on 1 February 2027" in page
    assert "Letter written that we need longer for the appeal" in page
    assert f'href="{url}"' not in page
