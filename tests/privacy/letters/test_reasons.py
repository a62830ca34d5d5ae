"""The table of reasons for a refusal: where each counts, and what it says."""

from datetime import date

import pytest

from privacy.letters import render
from privacy.letters.parts import Refused
from privacy.refusals import REASONS, Extent, Use, citation, counts, offered, problem
from privacy.regimes.loader import regime_files
from privacy.regimes.resolver import Laws, resolve
from privacy.rights import Right
from tests.privacy.letters.full import FULL, but, unfolded

ON = date(2027, 1, 4)
PLACES = {
    "EU": ("DE", ""),
    "UK": ("GB", ""),
    "California": ("US", "CA"),
    "Virginia": ("US", "VA"),
    "Colorado": ("US", "CO"),
    "Quebec": ("CA", "QC"),
    "Brazil": ("BR", ""),
    "nowhere": ("AR", ""),
}
EVERYWHERE = {code for code, row in REASONS.items() if row.everywhere}


def laws(*places: str) -> Laws:
    """The laws of somebody who lives in the first place and stays in the others."""
    country, state = PLACES[places[0]]
    also = tuple("-".join(filter(None, PLACES[each])) for each in places[1:])
    return resolve(country, state, also_in=also, on=ON)


def ids(found: Laws) -> list[str]:
    return [law.id for law in found.of]


@pytest.mark.acceptance("RIGHT-L01")
def test_there_are_33_reasons_each_with_rights_sources_and_words() -> None:
    assert len(REASONS) == 33
    for code, row in REASONS.items():
        assert row.rights, code
        assert row.sources, code
        assert row.sources[0].citation, code
        assert row.says.endswith("."), code
        assert len(code) <= 40, code


def test_each_source_names_laws_that_we_know() -> None:
    known = regime_files()
    named = {each.laws for row in REASONS.values() for each in row.sources}
    assert named - known.keys() == {"us_*"}


@pytest.mark.acceptance("RIGHT-L03")
@pytest.mark.parametrize("code", sorted(set(REASONS) - EVERYWHERE))
@pytest.mark.parametrize("right", sorted(Right.values))
def test_where_no_law_has_a_reason_it_refuses_nothing(code: str, right: str) -> None:
    ours = code in ("MANIFESTLY_UNFOUNDED", "EXCESSIVE_REPETITIVE")  # our own standard has them
    assert counts(code, right, laws("nowhere")) is ours


OF_STATES = [
    code
    for code, row in REASONS.items()
    if row.use is Use.REFUSES
    and not row.everywhere
    and all(each.laws.startswith("us_") for each in row.sources)
]


@pytest.mark.acceptance("RIGHT-L03")
@pytest.mark.parametrize("code", sorted(OF_STATES))
def test_a_reason_of_one_state_counts_for_its_people_and_never_against_the_gdpr(code: str) -> None:
    right = REASONS[code].rights[0]
    assert counts(code, right, laws("California"))
    assert not counts(code, right, laws("EU"))
    assert not counts(code, right, laws("California", "EU"))


@pytest.mark.acceptance("RIGHT-L02")
@pytest.mark.parametrize("place", sorted(PLACES))
def test_nobody_is_refused_because_of_where_they_live(place: str) -> None:
    assert "NOT_COVERED_JURISDICTION" not in offered(list(Right.values), laws(place))


@pytest.mark.acceptance("RIGHT-L02")
@pytest.mark.parametrize("place", sorted(PLACES))
def test_an_answer_is_never_written_as_a_refusal(place: str) -> None:
    found = offered(list(Right.values), laws(place))
    assert {code for code in found if REASONS[code].use is not Use.REFUSES} == set()
    assert "NO_DATA_FOUND" not in found
    assert "BACKUP_DELAYED" not in found


def test_a_law_that_lists_no_refusals_of_free_requests_allows_none() -> None:
    assert counts("EXCESSIVE_REPETITIVE", "access", laws("Virginia"))
    assert not counts("EXCESSIVE_REPETITIVE", "access", laws("Colorado"))


def test_a_law_that_wants_its_provision_named_knows_only_reasons_that_have_one() -> None:
    for code in offered(list(Right.values), laws("Quebec")):
        assert not citation(code, ["qc_law25"]).startswith("our own")


def test_a_citation_comes_from_each_law_of_the_request() -> None:
    assert citation("LEGAL_CLAIMS", ["eu_gdpr"]) == "GDPR Art. 17(3)(e), 18(2), 21(1)"
    both = citation("ID_NOT_VERIFIED", ["us_ca_ccpa", "eu_gdpr"])
    assert both == "11 CCR § 7060–7062; GDPR Art. 12(2), 12(6), 11(2)"
    virginia = citation("EXCESSIVE_REPETITIVE", ["us_va"])
    assert virginia == regime_files()["us_va"].duties.free_requests.citation


def test_without_an_article_the_letter_says_that_the_standard_is_ours() -> None:
    ours = citation("LEGAL_CLAIMS", ids(laws("nowhere")))
    assert ours == "our own standard, as in GDPR Art. 17(3)(e), 18(2), 21(1)"


@pytest.mark.acceptance("RIGHT-L04")
def test_marketing_can_not_be_gone_on_with_so_an_objection_is_never_refused_as_a_whole() -> None:
    row = REASONS["COMPELLING_GROUNDS"]
    assert row.rights == (Right.OBJECTION,)
    assert row.extent is Extent.PART
    why = problem("COMPELLING_GROUNDS", ["objection"], laws("EU"), whole=True, dated=False)
    assert "a part of a right at most" in why
    part = problem("COMPELLING_GROUNDS", ["objection"], laws("EU"), whole=False, dated=False)
    assert part == ""


def test_what_takes_a_part_leaves_the_rest_and_what_ends_names_a_day() -> None:
    whole = problem("THIRD_PARTY_RIGHTS", ["access"], laws("EU"), whole=True, dated=False)
    assert "Do the rest" in whole
    undated = problem("LEGAL_CLAIMS", ["erasure"], laws("EU"), whole=True, dated=False)
    assert "Say when" in undated
    assert problem("LEGAL_CLAIMS", ["erasure"], laws("EU"), whole=True, dated=True) == ""
    assert "doesn’t count" in problem("NO_SUCH", ["erasure"], laws("EU"), whole=True, dated=True)


@pytest.mark.acceptance("RIGHT-L01", "RIGHT-L04")
@pytest.mark.parametrize("letter", ["denied", "refused_in_part"])
@pytest.mark.parametrize("code", sorted(c for c, row in REASONS.items() if row.use is Use.REFUSES))
def test_a_letter_can_be_made_for_each_reason(code: str, letter: str) -> None:
    row = REASONS[code]
    place = next(place for place in PLACES if code in offered(list(row.rights), laws(place)))
    refused = Refused(
        right=str(row.rights[0].label),
        part=row.extent is Extent.PART,
        reason=row.says,
        citation=citation(code, ids(laws(place))),
        explanation="This is so.",
        granted="",
        until=None,
    )
    text = unfolded(render(letter, but(FULL, refused=(refused,))).text)
    assert f"{row.says} Law: {refused.citation}. In your case: This is so." in text
    assert (", a part of it" in text) is refused.part
    assert "What we do all the same" not in text
    assert "Until:" not in text
