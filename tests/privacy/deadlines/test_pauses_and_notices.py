"""What a notice, a question and a second law do to a date."""

from privacy.deadlines import ExtensionNotice, Stop, appeal_until, dues, earliest
from privacy.deadlines.reckon import due
from privacy.deadlines.working_days import holidays_of
from privacy.regimes.resolver import Laws, resolve
from tests.privacy.deadlines.cases import cleared, law, on, received


def test_a_notice_without_a_reason_doesnt_extend() -> None:
    notice = ExtensionNotice(on("2026-11-25"), ())
    answer = due(law("us_va"), "respond", "access", received("2026-11-24", notice=notice))
    assert answer
    assert answer.legal_due == on("2027-01-08")


def test_too_much_work_is_no_reason_under_the_gdpr() -> None:
    notice = ExtensionNotice(on("2026-11-25"), ("backlog",))
    answer = due(law("eu_gdpr"), "respond", "access", received("2026-11-24", notice=notice))
    assert answer
    assert not answer.extended
    assert answer.legal_due == on("2026-12-24")


def test_an_unanswered_question_stops_the_law_and_not_us() -> None:
    stop = Stop("clarification", on("2026-11-25"))
    answer = due(cleared("uk_gdpr"), "respond", "access", received("2026-11-24", stops=(stop,)))
    assert answer
    assert (answer.legal_due, answer.safe_due) == (None, on("2026-12-23"))


def test_a_clarification_pauses_only_access_in_the_united_kingdom() -> None:
    stop = Stop("clarification", on("2026-11-25"), on("2026-12-02"))
    facts = received("2026-11-24", stops=(stop,))
    answer = due(cleared("uk_gdpr"), "respond", "erasure", facts)
    assert answer
    assert answer.legal_due == on("2026-12-24")


def test_in_switzerland_a_fee_lets_the_clock_begin_after_ten_days() -> None:
    stop = Stop("fee", on("2026-11-26"), on("2026-11-30"))
    answer = due(cleared("ch_fadp"), "respond", "access", received("2026-11-24", stops=(stop,)))
    assert answer
    assert answer.legal_due == answer.safe_due == on("2027-01-05")


def test_what_is_asked_after_the_end_doesnt_reopen_it() -> None:
    stop = Stop("identity", on("2027-01-10"), on("2027-01-20"))
    answer = due(cleared("uk_gdpr"), "respond", "access", received("2026-11-24", stops=(stop,)))
    assert answer
    assert answer.legal_due == on("2026-12-24")


def test_of_two_laws_the_earlier_date_counts_and_says_where_it_comes_from() -> None:
    laws: Laws = resolve("US", "CA", also_in=("KR",), on=on("2026-11-24"))
    first = earliest(dues(laws, "access", received("2026-11-24")))["respond"]
    assert first.safe_due == on("2026-12-04")
    assert (first.source.regime, first.source.rule) == ("kr_pipa", "clocks.respond")
    assert first.source.version == laws.versions()["kr_pipa"]


def test_an_appeal_may_be_made_for_ninety_days_or_as_long_as_the_longest_law_says() -> None:
    told = on("2026-12-01")
    assert appeal_until(resolve("US", "VA", on=told), told) == on("2027-03-01")
    assert appeal_until(resolve("DE", on=told), told) == on("2027-03-01")  # our own promise
    assert appeal_until(resolve("GB", on=told), told) is None


def test_a_question_in_the_time_of_an_extension_lets_the_law_stand_still() -> None:
    notice = ExtensionNotice(on("2026-11-25"), ("complexity",))
    stop = Stop("identity", on("2027-01-10"))
    facts = received("2026-11-24", notice=notice, stops=(stop,))
    answer = due(cleared("eu_gdpr"), "respond", "access", facts)
    assert answer
    assert answer.extended
    assert (answer.legal_due, answer.safe_due) == (None, on("2027-02-24"))


def test_holidays_of_a_year_that_no_table_knows_are_working_days() -> None:
    assert len(holidays_of("IN", None, 2040)) < len(holidays_of("IN", None, 2030))
