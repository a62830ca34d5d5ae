"""Any value that a file could give to a rule, also ones that no law would."""

from typing import Any

from hypothesis import strategies as st

from privacy.regimes.spans import COUNTED, Cap, Clock, Extension, Mode, Pause, Span, Start, Unit
from privacy.regimes.values import (
    Agents,
    Appeal,
    Authority,
    Child,
    Downstream,
    FreeRequests,
    Grant,
    Hold,
    Keeping,
    Letter,
    Naming,
    Proof,
    Recipients,
    Records,
    Scope,
    Signal,
    Silence,
    Verification,
    Withheld,
)

RIGHTS = ("access", "erasure", "objection", "opt_out_sale", "made_up")
WORDS = ("excessive", "manifestly_unfounded", "too_dear", "power_of_attorney", "reasons", "name")
words = st.lists(st.sampled_from(WORDS), max_size=4, unique=True).map(tuple)
numbers = st.integers(0, 4000)
maybe = st.none() | numbers
yes_or_no = st.booleans()


@st.composite
def spans(draw: st.DrawFn, /, kind: Any, **more: Any) -> Any:
    unit = draw(st.sampled_from(Unit))
    amount = draw(numbers) if unit in COUNTED else None
    return kind(amount=amount, unit=unit, **{name: draw(each) for name, each in more.items()})


caps = st.lists(
    st.builds(Cap, amount=numbers, unit=st.sampled_from(["days", "months"]), because=st.just("x")),
    max_size=1,
).map(tuple)
clocks = spans(
    Clock,
    start=st.sampled_from(Start),
    roll=yes_or_no,
    counts_first_day=yes_or_no,
    skips_first_hour=yes_or_no,
    never_after=caps,
    must_state=words,
)
from_receipt = spans(Clock, roll=yes_or_no, counts_first_day=yes_or_no, never_after=caps)

ANY: dict[type, st.SearchStrategy[Any]] = {
    Clock: clocks,
    Extension: st.builds(
        Extension,
        total=from_receipt,
        notice=from_receipt,
        grounds=st.none() | words,
        must_state=words,
    ),
    Pause: st.builds(Pause, mode=st.sampled_from(Mode), strict=yes_or_no, days=st.integers(0, 90)),
    Grant: st.builds(Grant, granted=yes_or_no, limits=words, duties=words),
    Recipients: st.builds(Recipients, naming=st.sampled_from(Naming), limits=words),
    Verification: st.builds(
        Verification,
        most=st.dictionaries(st.sampled_from(RIGHTS), st.sampled_from(Proof)),
        forbidden=words,
    ),
    FreeRequests: st.builds(FreeRequests, free=maybe, months=maybe, fee=yes_or_no, refusals=words),
    Agents: st.builds(Agents, scope=st.sampled_from(Scope), demands=words, forbidden=words),
    Appeal: st.builds(
        Appeal,
        available=yes_or_no,
        window=st.none() | spans(Span),
        escalate=st.just((Authority(name="Example", url="https://example.org"),)),
        court=yes_or_no,
        must_state=words,
    ),
    Signal: st.builds(Signal, honour=yes_or_no),
    Silence: st.builds(Silence, is_refusal=yes_or_no),
    Records: st.builds(Records, months=maybe),
    Hold: st.builds(Hold, holds=yes_or_no, days=maybe),
    Keeping: st.builds(Keeping, months=numbers),
    Downstream: st.builds(
        Downstream, processors=yes_or_no, recipients=yes_or_no, months=maybe, excuses=words
    ),
    Child: st.builds(
        Child, age=numbers, states=st.dictionaries(st.sampled_from(["DE", "FR"]), numbers)
    ),
    Withheld: st.builds(Withheld, items=words),
    Letter: st.builds(Letter, must_state=words),
}
