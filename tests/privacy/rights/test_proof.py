"""How much proof we ask for, and what is named without being shown, against every law."""

from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from privacy.datamap import DATA_MAP, Category
from privacy.regimes.loader import in_force, regime_files
from privacy.regimes.values import Proof
from privacy.rights import RIGHTS, Level, Right
from privacy.verification_methods import METHODS, Method, proof_for, too_much_proof
from privacy.withheld import WITHHELD

TODAY = date(2026, 11, 24)
LAWS = sorted(regime_files())


@pytest.mark.acceptance("RIGHT-X19")
@pytest.mark.parametrize("law", LAWS)
def test_no_right_needs_more_proof_than_a_law_lets_us_ask(law: str) -> None:
    assert too_much_proof([in_force(law, TODAY)]) == []


@pytest.mark.acceptance("RIGHT-X19")
@pytest.mark.parametrize("right", [Right.OPT_OUT, Right.LIMIT_SENSITIVE, Right.OPT_OUT_PROFILING])
def test_asking_proof_for_an_opt_out_is_found_at_start(
    monkeypatch: pytest.MonkeyPatch, right: Right
) -> None:
    monkeypatch.setitem(RIGHTS, right, RIGHTS[right]._replace(level=Level.ADDRESS))
    with pytest.raises(SystemCheckError, match=f"{right} needs low proof"):
        call_command("check")


@pytest.mark.acceptance("RIGHT-X19")
def test_an_objection_needs_the_address_and_nothing_more() -> None:
    assert RIGHTS[Right.OBJECTION].level is Level.ADDRESS
    assert proof_for(Level.ADDRESS) is Proof.LOW
    assert proof_for(Level.NONE) is Proof.NONE


@pytest.mark.acceptance("RIGHT-X19")
def test_levels_are_ordered_and_each_can_be_reached() -> None:
    levels = list(Level)
    for place, level in enumerate(levels):
        assert [each for each in levels if each.reaches(level)] == levels[place:]
    reached = {row.level for row in METHODS.values()}
    assert {row.level for row in RIGHTS.values()} - {Level.NONE} <= reached


def test_authority_comes_on_top_of_the_mailed_link() -> None:
    assert METHODS[Method.AGENT_AUTHORITY].beside is Method.MAILED_LINK
    assert METHODS[Method.MAILED_LINK].beside is None


@pytest.mark.acceptance("RIGHT-X20")
@pytest.mark.parametrize("law", LAWS)
def test_what_a_law_withholds_has_a_row(law: str) -> None:
    rule = in_force(law, TODAY).duties.withheld
    assert set(rule.value.items if rule and rule.value else ()) <= WITHHELD.keys()


@pytest.mark.acceptance("RIGHT-X20")
def test_a_secret_that_would_be_shown_is_found_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    categories = DATA_MAP["accounts.ApiKey"].categories
    monkeypatch.setitem(categories, "digest", Category.USAGE)
    with pytest.raises(SystemCheckError, match=r"ApiKey\.digest would be shown"):
        call_command("check")


@pytest.mark.acceptance("RIGHT-X20")
def test_a_law_with_a_new_kind_is_found_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(WITHHELD, "biometrics")
    with pytest.raises(SystemCheckError, match="No row says what we hold of biometrics"):
        call_command("check")
