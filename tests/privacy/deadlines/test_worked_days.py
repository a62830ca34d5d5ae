"""Worked dates of requests, law by law."""

import pytest

from privacy.deadlines import ExtensionNotice, Stop, record_until, refused_by_silence
from tests.privacy.deadlines.cases import asked, cleared, law, noon, on, received

REASON = ("complexity",)


@pytest.mark.acceptance("RIGHT-T01")
def test_a_month_from_a_day_that_the_next_month_lacks_ends_on_its_last_day() -> None:
    answer = asked(law("eu_gdpr"), "respond", received("2026-08-31"))
    assert answer.legal_due == on("2026-09-30")


@pytest.mark.acceptance("RIGHT-T02")
def test_a_clamped_end_on_a_saturday_rolls_to_monday() -> None:
    answer = asked(cleared("eu_gdpr"), "respond", received("2026-01-31"))
    assert (answer.safe_due, answer.legal_due) == (on("2026-02-28"), on("2026-03-02"))


@pytest.mark.acceptance("RIGHT-T04")
def test_an_end_on_easter_sunday_rolls_over_the_holiday() -> None:
    facts = received("2026-03-05", acting_in="DE")
    answer = asked(cleared("eu_gdpr"), "respond", facts)
    assert (answer.safe_due, answer.legal_due) == (on("2026-04-05"), on("2026-04-07"))


@pytest.mark.acceptance("RIGHT-T05")
@pytest.mark.parametrize(("country", "due"), [("NL", "2026-12-24"), ("CZ", "2026-12-28")])
def test_the_holidays_are_those_of_the_country_where_we_act(country: str, due: str) -> None:
    answer = asked(law("eu_gdpr"), "respond", received("2026-11-24", acting_in=country))
    assert (answer.legal_due, answer.safe_due) == (on(due), on("2026-12-24"))


@pytest.mark.acceptance("RIGHT-T07")
def test_a_late_notice_doesnt_extend() -> None:
    notice = ExtensionNotice(on("2026-12-03"), REASON)
    answer = asked(cleared("eu_gdpr"), "respond", received("2026-11-02", notice=notice))
    assert not answer.extended
    assert answer.legal_due == answer.safe_due == on("2026-12-02")


@pytest.mark.acceptance("RIGHT-T08")
def test_the_regulators_own_example_rolls_over_a_weekend() -> None:
    answer = asked(cleared("uk_gdpr"), "respond", received("2026-09-03"))
    assert answer.legal_due == on("2026-10-05")
    assert answer.safe_due == on("2026-10-02")  # the text lets the first day count


@pytest.mark.acceptance("RIGHT-T10")
def test_in_the_united_kingdom_proof_of_identity_starts_the_clock() -> None:
    stop = Stop("identity", on("2026-11-04"), on("2026-11-16"))
    answer = asked(law("uk_gdpr"), "respond", received("2026-11-02", stops=(stop,)))
    assert answer.legal_due == on("2026-12-16")


@pytest.mark.acceptance("RIGHT-T11")
def test_in_the_united_kingdom_a_clarification_pauses_with_both_its_days() -> None:
    stop = Stop("clarification", on("2026-11-10"), on("2026-11-17"))
    answer = asked(law("uk_gdpr"), "respond", received("2026-11-02", stops=(stop,)))
    assert answer.legal_due == on("2026-12-10")


@pytest.mark.acceptance("RIGHT-T13")
def test_in_the_union_a_doubt_about_identity_is_an_argument_and_no_pause() -> None:
    stop = Stop("identity", on("2026-11-04"), on("2026-11-16"))
    answer = asked(cleared("eu_gdpr"), "respond", received("2026-11-02", stops=(stop,)))
    assert (answer.safe_due, answer.legal_due) == (on("2026-12-02"), on("2026-12-14"))


@pytest.mark.acceptance("RIGHT-T14")
def test_california_is_told_within_ten_business_days_over_thanksgiving() -> None:
    answer = asked(cleared("us_ca_ccpa"), "acknowledge", received("2026-11-24"))
    assert (answer.safe_due, answer.legal_due) == (on("2026-12-07"), on("2026-12-09"))


@pytest.mark.acceptance("RIGHT-T16")
def test_in_california_verifying_doesnt_stop_the_clock() -> None:
    stop = Stop("identity", on("2026-11-25"), on("2026-12-14"))
    answer = asked(cleared("us_ca_ccpa"), "respond", received("2026-11-24", stops=(stop,)))
    assert (answer.safe_due, answer.legal_due) == (on("2027-01-07"), on("2027-01-08"))


@pytest.mark.acceptance("RIGHT-T17")
def test_in_california_an_opt_out_takes_fifteen_business_days_at_most() -> None:
    answer = asked(cleared("us_ca_ccpa"), "opt_out", received("2026-12-18"), "opt_out_sale")
    assert (answer.safe_due, answer.legal_due) == (on("2027-01-07"), on("2027-01-12"))


@pytest.mark.acceptance("RIGHT-T19")
def test_in_florida_an_extension_is_fifteen_days() -> None:
    plain = asked(law("us_fl_fdbr"), "respond", received("2026-11-24"))
    notice = ExtensionNotice(on("2027-01-08"), REASON)
    facts = received("2026-11-24", notice=notice)
    longer = asked(cleared("us_fl_fdbr"), "respond", facts)
    told = asked(law("us_fl_fdbr"), "compliance_notice", facts)
    assert plain.legal_due == on("2027-01-08")
    assert longer.legal_due == longer.safe_due == told.legal_due == on("2027-01-23")


@pytest.mark.acceptance("RIGHT-T20")
def test_iowa_gives_ninety_days_and_forty_five_more() -> None:
    notice = ExtensionNotice(on("2027-02-22"), REASON)
    plain = asked(law("us_ia"), "respond", received("2026-11-24"))
    longer = asked(law("us_ia"), "respond", received("2026-11-24", notice=notice))
    assert (plain.legal_due, longer.legal_due) == (on("2027-02-22"), on("2027-04-08"))


@pytest.mark.acceptance("RIGHT-T29")
def test_canada_gives_thirty_days_twice_and_silence_is_a_refusal() -> None:
    notice = ExtensionNotice(on("2026-12-24"), ("consultations",))
    plain = asked(law("ca_pipeda"), "respond", received("2026-11-24"))
    longer = asked(cleared("ca_pipeda"), "respond", received("2026-11-24", notice=notice))
    assert (plain.legal_due, longer.legal_due) == (on("2026-12-24"), on("2027-01-23"))
    assert refused_by_silence(law("ca_pipeda"), plain) == on("2026-12-24")


@pytest.mark.acceptance("RIGHT-T32")
def test_a_receipt_across_midnight_counts_from_the_earliest_date() -> None:
    facts = received("2026-04-01", zones=("America/New_York",))
    late = facts.__class__(noon("2026-04-01").replace(hour=3, minute=30), facts.zones)
    answer = asked(cleared("eu_gdpr"), "respond", late)
    assert (answer.start, answer.safe_due) == (on("2026-03-31"), on("2026-04-30"))


@pytest.mark.acceptance("RIGHT-T34")
def test_quebec_knows_no_extension_and_silence_is_a_refusal() -> None:
    notice = ExtensionNotice(on("2026-12-01"), REASON)
    answer = asked(cleared("qc_law25"), "respond", received("2026-11-24", notice=notice))
    assert not answer.extended
    assert answer.legal_due == answer.safe_due == on("2026-12-24")
    assert refused_by_silence(law("qc_law25"), answer) == on("2026-12-24")


@pytest.mark.acceptance("RIGHT-T35")
def test_california_keeps_the_record_of_a_request_for_two_years() -> None:
    assert record_until(cleared("us_ca_ccpa"), on("2027-01-05")) == on("2029-01-05")
    assert record_until(law("us_ca_ccpa"), on("2027-01-05")) == on("2029-01-05")
