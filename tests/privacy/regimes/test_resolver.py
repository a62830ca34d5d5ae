"""Which laws apply, from what people declare; and what they say together."""

import inspect
from datetime import UTC, date, datetime

import pytest

from privacy.datamap import DATA_MAP
from privacy.deadlines import Facts, dues, earliest
from privacy.regimes.loader import text_of
from privacy.regimes.resolver import as_frozen, changed_since, resolve
from privacy.regimes.roles import PROCESSED_FOR_CUSTOMERS, Role, split
from privacy.regimes.schema import Rights
from privacy.regimes.values import Proof

TODAY = date(2026, 11, 24)


def found(country: str = "", state: str = "", *, on: date = TODAY, also: str = "") -> list[str]:
    laws = resolve(country, state, also_in=(also,) if also else (), on=on)
    return [law.id for law in laws.of]


@pytest.mark.acceptance("RIGHT-R04")
@pytest.mark.parametrize(
    ("country", "state", "ids"),
    [
        ("DE", "", ["eu_gdpr"]),
        ("no", "", ["eu_gdpr"]),
        ("GB", "", ["uk_gdpr"]),
        ("US", "CA", ["us_ca_ccpa", "default"]),
        ("US", "US-VA", ["us_va", "default"]),
        ("US", "WY", ["default"]),
        ("US", "", ["default"]),
        ("CA", "QC", ["ca_pipeda", "qc_law25"]),
        ("CA", "ON", ["ca_pipeda"]),
        ("AU", "", ["au_privacy", "default"]),
        ("XX", "", ["default"]),
        ("", "", ["default"]),
    ],
)
def test_the_declared_residence_finds_the_laws(country: str, state: str, ids: list[str]) -> None:
    assert found(country, state) == ids


@pytest.mark.acceptance("RIGHT-R04")
def test_an_address_of_the_internet_is_no_residence() -> None:
    assert set(inspect.signature(resolve).parameters) == {"country", "state", "also_in", "on"}


def test_somebody_in_two_places_has_both_laws() -> None:
    assert found("US", "CA", also="DE") == ["eu_gdpr", "us_ca_ccpa"]


def test_a_law_counts_from_its_first_day() -> None:
    assert found("IN", on=date(2027, 5, 12)) == ["default"]
    assert found("IN", on=date(2027, 5, 13)) == ["in_dpdp"]


@pytest.mark.acceptance("RIGHT-R04")
@pytest.mark.parametrize("right", [*Rights.model_fields])
@pytest.mark.parametrize(
    ("country", "state"), [("US", "IA"), ("US", "CA"), ("DE", ""), ("SG", "")]
)
def test_every_right_is_granted_to_everybody(country: str, state: str, right: str) -> None:
    assert resolve(country, state, on=TODAY).granting(right)


@pytest.mark.acceptance("RIGHT-R04")
def test_never_more_proof_than_the_strictest_law_allows() -> None:
    laws = resolve("US", "CA", also_in=("DE",), on=TODAY)
    assert laws.most_proof("access") is Proof.SUBSTANTIAL  # the GDPR's ceiling
    assert laws.most_proof("opt_out_sale") is Proof.NONE
    assert resolve(on=TODAY).most_proof("access") is Proof.HIGH


@pytest.mark.acceptance("RIGHT-R03")
def test_a_request_keeps_the_version_of_every_law_and_of_default() -> None:
    versions = resolve("DE", on=TODAY).versions()
    assert set(versions) == {"eu_gdpr", "default"}
    assert all(len(version) == 64 for version in versions.values())


@pytest.mark.acceptance("RIGHT-R03")
def test_a_later_file_is_told_and_moves_no_date_of_an_earlier_request() -> None:
    laws = resolve("KR", on=TODAY)
    texts = {identifier: text_of(identifier) for identifier in laws.versions()}
    facts = Facts(datetime(2026, 11, 24, 12, tzinfo=UTC))
    assert changed_since(laws.versions()) == ()
    assert dues(as_frozen(["kr_pipa"], texts, TODAY), "access", facts) == dues(
        laws, "access", facts
    )
    before = texts["kr_pipa"].replace("amount: 10, unit: days", "amount: 9, unit: days")
    frozen = as_frozen(["kr_pipa"], {**texts, "kr_pipa": before}, TODAY)
    assert changed_since(frozen.versions()) == ("kr_pipa",)
    answer = earliest(dues(frozen, "access", facts))["respond"]
    assert answer.safe_due == date(2026, 12, 3)
    assert answer.source.version == frozen.versions()["kr_pipa"]


@pytest.mark.acceptance("RIGHT-R05")
def test_an_end_users_content_goes_to_the_customer_and_the_rest_is_ours() -> None:
    parts = split(DATA_MAP, asks_as_end_user=True)
    assert parts[Role.PROCESSOR] == ("accounts.GatewayBody",)
    assert "accounts.Account" in parts[Role.CONTROLLER]
    assert split(DATA_MAP, asks_as_end_user=False)[Role.PROCESSOR] == ()


def test_what_is_processed_for_customers_is_in_the_data_map() -> None:
    assert set(PROCESSED_FOR_CUSTOMERS) <= set(DATA_MAP)
