"""An uncleared rule only makes us earlier, wider or more careful; a cleared one says what it says.

Over all files as they are, and over all kinds of rules with any value.
"""

from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from privacy.deadlines import Facts
from privacy.deadlines.reckon import due
from privacy.regimes.careful import CAREFUL, effective, in_effect
from privacy.regimes.loader import in_force, regime_files
from privacy.regimes.resolver import Law
from privacy.regimes.schema import Certainty, Cleared, Rule, RuleSet
from privacy.regimes.spans import Clock, Extension, Unit
from privacy.regimes.values import Hold, Silence
from tests.privacy.deadlines import strategies as happened
from tests.privacy.regimes.never import NEVER
from tests.privacy.regimes.strategies import ANY

TODAY = date(2027, 6, 1)  # every law and rule is in force
DEFAULT = regime_files()["default"]
OURS = dict(DEFAULT.rules())
DATED = (Clock, Extension)
MEASURED = sorted(name for name, rule in OURS.items() if type(rule.value) in NEVER)
CLOCKS = sorted(name for name, rule in OURS.items() if isinstance(rule.value, Clock))
READ = Certainty.TEXT_READ
COUNSEL = Cleared(by="Example Counsel", on=date(2026, 1, 1))


def kept(name: str, rule: Rule[Any] | None) -> bool:
    return bool(rule and NEVER[type(OURS[name].value)](rule.value, OURS[name].value))


def changed(regime: RuleSet, name: str, rule: Rule[Any]) -> RuleSet:
    section, place = name.split(".")
    part = getattr(regime, section).model_copy(update={place: rule})
    return regime.model_copy(update={section: part})


def law(regime: RuleSet) -> Law:
    return Law(regime, effective(regime, DEFAULT, TODAY))


@pytest.mark.acceptance("RIGHT-R01")
@pytest.mark.parametrize("identifier", sorted(regime_files()))
def test_no_rule_of_any_file_takes_anything_from_anybody(identifier: str) -> None:
    rules = dict(in_force(identifier, TODAY).rules())
    assert [name for name in MEASURED if not kept(name, rules.get(name))] == []


@pytest.mark.acceptance("RIGHT-R01")
@given(name=st.sampled_from(MEASURED), data=st.data())
def test_no_value_that_a_file_could_hold_takes_anything(name: str, data: st.DataObject) -> None:
    rule = Rule[Any](
        value=data.draw(ANY[type(OURS[name].value)]),
        citation="An act",
        certainty=data.draw(st.sampled_from(Certainty)),
    )
    assert kept(name, in_effect(rule, OURS[name], TODAY))


@pytest.mark.acceptance("RIGHT-R01")
@given(
    identifier=happened.regimes,
    name=st.sampled_from(CLOCKS),
    data=st.data(),
    facts=happened.facts(),
)
def test_no_clock_that_a_file_could_hold_ends_after_ours(
    identifier: str, name: str, data: st.DataObject, facts: Facts
) -> None:
    rule = Rule[Any](value=data.draw(ANY[Clock]), citation="An act", certainty=READ)
    regime = changed(regime_files()[identifier], name, rule)
    assume(regime.id != "default")
    clock = name.split(".")[1]
    theirs = due(law(regime), clock, "access", facts)
    ours = due(law(DEFAULT), clock, "access", facts)
    assert theirs
    assert ours
    assert theirs.safe_due <= ours.safe_due


@pytest.mark.acceptance("RIGHT-R01")
@given(
    identifier=happened.regimes,
    extension=ANY[Extension],
    pause=ANY[type(OURS["pauses.fee"].value)],
    facts=happened.facts(),
)
def test_neither_an_extension_nor_a_pause_that_a_file_could_hold_lengthens(
    identifier: str, extension: Extension, pause: Any, facts: Facts
) -> None:
    regime = regime_files()[identifier]
    assume(regime.id != "default")
    for name, value in [
        ("extensions.respond", extension),
        ("pauses.identity", pause),
        ("pauses.clarification", pause),
        ("pauses.fee", pause),
    ]:
        rule = Rule[Any](value=value, citation="An act", certainty=READ)
        regime = changed(regime, name, rule)
    theirs = due(law(regime), "respond", "access", facts)
    ours = due(law(DEFAULT), "respond", "access", facts)
    assert theirs
    assert ours
    assert theirs.safe_due <= ours.safe_due


@given(name=st.sampled_from(sorted(OURS)), data=st.data())
def test_a_cleared_rule_says_what_it_says(name: str, data: st.DataObject) -> None:
    value = data.draw(ANY[type(OURS[name].value)])
    assume(not isinstance(value, Clock) or value.unit is not Unit.PROMPTLY)
    rule = Rule[Any](value=value, citation="An act", certainty=READ, cleared=COUNSEL)
    assert in_effect(rule, OURS[name], TODAY) == rule


@given(name=st.sampled_from(MEASURED), data=st.data())
def test_being_careful_twice_changes_nothing(name: str, data: st.DataObject) -> None:
    rule = Rule[Any](
        value=data.draw(ANY[type(OURS[name].value)]), citation="An act", certainty=READ
    )
    once = in_effect(rule, OURS[name], TODAY)
    assert in_effect(once, OURS[name], TODAY) == once


@pytest.mark.parametrize(
    ("rule", "default", "bound"),
    [
        (Hold(holds=False), Hold(holds=True), Hold(holds=True)),
        (Hold(holds=True, days=30), Hold(holds=True), Hold(holds=True)),
        (Hold(holds=True, days=30), Hold(holds=False), Hold(holds=True, days=30)),
        (Silence(is_refusal=False), Silence(is_refusal=True), Silence(is_refusal=True)),
    ],
)
def test_a_default_that_would_say_more_is_not_undercut(
    rule: Any, default: Any, bound: Any
) -> None:
    assert CAREFUL[type(rule)].of(rule, default) == bound


def test_a_law_that_asks_for_haste_without_a_number_keeps_ours_though_cleared() -> None:
    prompt = Rule[Any](
        value=Clock.model_validate({"unit": "promptly"}),
        citation="An act",
        certainty=READ,
        cleared=COUNSEL,
    )
    bounded = in_effect(prompt, OURS["clocks.respond"], TODAY)
    assert bounded
    assert [cap.because for cap in bounded.value.never_after] == ["default", "GDPR Art. 12(3)"]


def test_a_rule_that_begins_later_waits_for_its_day() -> None:
    written = regime_files()["us_ca_ccpa"].clocks.profiling
    ours = OURS["clocks.profiling"]
    before = in_effect(written, ours, date(2026, 12, 31))
    after = in_effect(written, ours, date(2027, 1, 1))
    assert before
    assert after
    assert before.source[0] == "default"
    assert after.source[0] == "us_ca_ccpa"


def test_every_kind_of_value_has_its_meaning_of_careful_and_its_law_in_these_tests() -> None:
    kinds = {type(rule.value) for _, rule in DEFAULT.rules()}
    assert kinds == set(CAREFUL) == set(NEVER) | set(DATED) == set(ANY)
