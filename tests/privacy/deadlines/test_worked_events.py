"""Worked dates of appeals and breaches: clocks that something other than a request starts."""

import pytest

from privacy.deadlines import ExtensionNotice
from privacy.regimes.spans import Start
from tests.privacy.deadlines.cases import asked, cleared, law, noon, on, received, utc


@pytest.mark.acceptance("RIGHT-T22")
def test_an_appeal_in_oregon_has_forty_five_days_and_no_extension() -> None:
    facts = received(
        "2026-10-01",
        events={Start.APPEAL: noon("2026-11-24")},
        appeal_notice=ExtensionNotice(on("2026-12-01"), ("complexity",)),
    )
    answer = asked(cleared("us_or"), "appeal", facts)
    assert answer.legal_due == answer.safe_due == on("2027-01-08")


@pytest.mark.acceptance("RIGHT-T23")
def test_an_appeal_in_virginia_has_sixty_days() -> None:
    facts = received("2026-10-01", events={Start.APPEAL: noon("2026-11-24")})
    assert asked(law("us_va"), "appeal", facts).legal_due == on("2027-01-23")


def test_an_appeal_in_colorado_may_be_extended_by_sixty_days() -> None:
    facts = received(
        "2026-10-01",
        events={Start.APPEAL: noon("2026-11-24")},
        appeal_notice=ExtensionNotice(on("2027-01-08"), ("complexity",)),
    )
    assert asked(cleared("us_co"), "appeal", facts).legal_due == on("2027-03-09")


@pytest.mark.acceptance("RIGHT-T25")
def test_brazil_answers_in_fifteen_days_and_reports_in_three_business_days() -> None:
    facts = received("2026-11-24", events={Start.AWARENESS: noon("2026-11-19")})
    assert asked(law("br_lgpd"), "respond", facts).legal_due == on("2026-12-09")
    assert asked(law("br_lgpd"), "breach_authority", facts).legal_due == on("2026-11-25")


@pytest.mark.acceptance("RIGHT-T26")
def test_seventy_two_hours_end_on_a_sunday_and_dont_roll() -> None:
    facts = received("2026-12-24", events={Start.AWARENESS: utc("2026-12-24T16:10:00+00:00")})
    answer = asked(law("eu_gdpr"), "breach_authority", facts)
    assert answer.safe_at == utc("2026-12-27T16:10:00+00:00")
    assert answer.legal_at == utc("2026-12-27T17:00:00+00:00")


@pytest.mark.acceptance("RIGHT-T28")
def test_california_is_told_of_a_breach_in_two_steps() -> None:
    events = {Start.DISCOVERY: noon("2026-11-24"), Start.PEOPLE_TOLD: noon("2026-12-20")}
    facts = received("2026-11-24", events=events)
    people = asked(law("us_ca_ccpa"), "breach_people", facts)
    authority = asked(law("us_ca_ccpa"), "breach_authority", facts)
    assert (people.legal_due, authority.legal_due) == (on("2026-12-24"), on("2027-01-04"))


@pytest.mark.acceptance("RIGHT-T31")
def test_singapore_answers_in_thirty_days_and_reports_three_days_after_assessing() -> None:
    facts = received("2026-11-24", events={Start.ASSESSMENT: noon("2026-12-23")})
    assert asked(law("sg_pdpa"), "respond", facts).legal_due == on("2026-12-24")
    assert asked(law("sg_pdpa"), "breach_authority", facts).legal_due == on("2026-12-26")
