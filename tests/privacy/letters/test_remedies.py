"""Each letter names the authority, the court and the time of the person's own laws."""

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from privacy.authorities import Authorities, authorities
from privacy.models import PrivacyRequest
from privacy.regimes.loader import regime_files
from privacy.regimes.places import COUNTRIES_OF
from privacy.regimes.resolver import resolve
from privacy.selectors.remedies import remedies

RECEIVED = datetime(2028, 1, 4, 12, tzinfo=UTC)


def request_from(country: str, state: str = "", *also_in: str) -> PrivacyRequest:
    """A request that was never saved: its laws are enough."""
    laws = resolve(country, state, also_in=also_in, on=date(2028, 1, 4))
    return PrivacyRequest(
        country=country,
        state=state,
        also_in=list(also_in),
        received_at=RECEIVED,
        laws={"regimes": [law.id for law in laws.of], "versions": laws.versions()},
    )


EEA = sorted({*COUNTRIES_OF["EU"], "IS", "LI", "NO"})


@pytest.mark.acceptance("RIGHT-L08")
@pytest.mark.parametrize("country", [*EEA, "GB", "CH"])
def test_in_europe_the_authority_of_the_persons_country_is_named(country: str) -> None:
    office = remedies(request_from(country)).offices[0]
    assert office.name == authorities().countries[country].name
    assert office.url.startswith("https://")
    assert "your country" not in office.name


def test_who_lives_in_two_countries_is_told_of_both_authorities() -> None:
    found = remedies(request_from("US", "CA", "DE")).offices
    names = " ".join(each.name for each in found)
    assert "California Privacy Protection Agency" in names
    assert "BfDI" in names
    assert remedies(request_from("FR", "", "DE")).offices[1].url == "https://www.bfdi.bund.de/"


@pytest.mark.acceptance("RIGHT-L08")
@pytest.mark.parametrize("regime", sorted(set(regime_files()) - {"default"}))
def test_every_law_names_who_takes_complaints_with_an_address_and_its_rule(regime: str) -> None:
    place = regime_files()[regime].places[0].replace("EU", "DE")
    country, _, state = place.partition("-")
    found = remedies(request_from(country, state)).offices
    assert found
    assert all(each.url.startswith("https://") and each.citation for each in found)


def test_who_no_law_protects_is_not_sent_to_an_authority_of_others() -> None:
    found = remedies(request_from("AR"))
    assert found.offices == ()
    assert found.courts == ()


@pytest.mark.acceptance("RIGHT-L09")
@pytest.mark.parametrize("regime", sorted(set(regime_files()) - {"default"}))
def test_where_the_law_opens_a_way_to_court_the_letter_says_where(regime: str) -> None:
    rules = regime_files()[regime]
    refusal, appeal = rules.clocks.refuse.value, rules.duties.appeal.value
    demanded = bool(refusal and "court" in refusal.must_state) or bool(appeal and appeal.court)
    assert (regime in authorities().courts) is demanded
    country, _, state = rules.places[0].replace("EU", "DE").partition("-")
    courts = remedies(request_from(country, state)).courts
    if demanded:
        assert authorities().courts[regime].where in " ".join(courts)


@pytest.mark.acceptance("RIGHT-L09")
@pytest.mark.parametrize("regime", sorted(set(regime_files()) - {"default"}))
def test_where_the_law_wants_the_time_to_complain_it_is_named(regime: str) -> None:
    rules = regime_files()[regime]
    refusal = rules.clocks.refuse.value
    if not (refusal and "time_to_complain" in refusal.must_state):
        return
    country, _, state = rules.places[0].partition("-")
    offices = remedies(request_from(country, state)).offices
    assert authorities().times[regime].within in " ".join(each.within for each in offices)


def test_the_file_of_authorities_is_checked() -> None:
    row = {"name": "", "url": "no address", "certainty": "guessed"}
    with pytest.raises(ValidationError) as caught:
        Authorities.model_validate({"countries": {"DE": row}, "courts": {}, "times": {}})
    wrong = {error["loc"][-1] for error in caught.value.errors()}
    assert wrong == {"name", "url", "certainty"}
