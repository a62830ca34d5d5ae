"""Anything that may happen to a request, under any law."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from privacy.deadlines import ExtensionNotice, Facts, Stop
from privacy.deadlines.reckon import CLOCK_OF, OTHER_CLOCKS
from privacy.regimes.loader import regime_files
from privacy.regimes.schema import Rights
from privacy.regimes.spans import Start

FIRST = datetime(2026, 11, 1, tzinfo=UTC)
ZONES = ("America/New_York", "Pacific/Kiritimati", "Europe/Berlin", "Asia/Kolkata")
REASONS = ("complexity", "number_of_requests", "consultations", "backlog")

regimes = st.sampled_from(sorted(regime_files()))
rights = st.sampled_from([*Rights.model_fields, "withdrawal"])
clocks = st.sampled_from(["respond", *sorted(set(CLOCK_OF.values())), *OTHER_CLOCKS])
moments = st.integers(0, 3 * 366 * 24 * 60).map(lambda n: FIRST + timedelta(minutes=n))
zones = st.lists(st.sampled_from(ZONES), max_size=2, unique=True).map(tuple)


def stops(day: date) -> st.SearchStrategy[Stop]:
    return st.builds(
        lambda reason, asked, took: Stop(
            reason,
            day + timedelta(days=asked),
            None if took is None else day + timedelta(days=asked + took),
        ),
        st.sampled_from(["identity", "clarification", "fee"]),
        st.integers(0, 120),
        st.none() | st.integers(0, 60),
    )


def notices(day: date) -> st.SearchStrategy[ExtensionNotice]:
    return st.builds(
        lambda sent, reasons, until: ExtensionNotice(
            day + timedelta(days=sent), tuple(reasons), day + timedelta(days=until)
        ),
        st.integers(0, 130),
        st.lists(st.sampled_from(REASONS), max_size=2),
        st.integers(10, 200),
    )


@st.composite
def facts(draw: st.DrawFn, *, quiet: bool = False) -> Facts:
    """What happened. Quiet: nothing was asked, nobody was told of more time."""
    at = draw(moments)
    later = st.timedeltas(timedelta(0), timedelta(days=40))
    others: list[Start] = [each for each in Start if each is not Start.RECEIPT]
    events: dict[Start, datetime] = {each: at + draw(later) for each in others}
    if quiet:
        return Facts(at, draw(zones), events)
    day = at.date()
    return Facts(
        at,
        draw(zones),
        events,
        tuple(draw(st.lists(stops(day), max_size=4))),
        draw(st.none() | notices(day)),
        draw(st.none() | notices(day)),
        draw(st.sampled_from([None, "DE", "IE"])),
    )
