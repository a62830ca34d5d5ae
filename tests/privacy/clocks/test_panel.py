"""Staff see each date with the rule that it came from, and every law that lost against it."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from privacy.admin.clock_page import clock_page
from privacy.selectors.laws import laws_of
from tests.privacy.clocks.test_rows import filed
from tests.support.database import rolled_back
from tests.support.staff import member, page_url, signed_in

pytestmark = [rolled_back, pytest.mark.acceptance("RIGHT-C18")]
RECEIVED = datetime(2026, 11, 24, 12, tzinfo=UTC)


def panel(place: str, *rights: str) -> tuple[dict[str, Any], str]:
    with time_machine.travel(RECEIVED, tick=False):
        request = filed(place, *rights, received_at=RECEIVED)
        shown = signed_in(member("Viewer")).get(page_url(request)).text
        return clock_page(request), " ".join(shown.split())


def test_each_clock_names_its_law_its_rule_and_what_made_it_earlier() -> None:
    found, shown = panel("JP")
    answer = next(line for line in found["clock_lines"] if line.title == "The answer")
    assert answer.law == "Japan"
    assert "APPI" in answer.citation
    assert answer.clock.legal_due is None
    assert answer.bound == "our own promise"
    for words in (answer.citation, "Earlier by our own promise", "8 December 2026", "no date"):
        assert words in shown


def test_all_laws_that_apply_stand_below_with_their_own_dates() -> None:
    found, shown = panel("CA-QC")
    answers = [line for line in found["law_lines"] if line.title == "The answer"]
    assert [line.law for line in answers] == ["Canada", "Quebec"]
    assert {line.due.safe_due.isoformat() for line in answers} == {"2026-12-24"}
    assert "These apply, as they stood on receipt: Canada and Quebec." in shown


def test_every_date_of_a_law_has_its_citation() -> None:
    for place in ("DE", "GB", "US-CA", "US-FL", "BR", "AU", "ZA", ""):
        request = filed(place, "access", "erasure", "recipients")
        found = clock_page(request)
        assert all(line.citation for line in found["clock_lines"]), place
        assert all(line.citation for line in found["law_lines"]), place
        laws = {law.id for law in laws_of(request).of}
        assert {line.clock.regime for line in found["clock_lines"]} <= laws | {"default"}


def test_rights_with_the_same_date_and_rule_share_a_line() -> None:
    found, _ = panel("DE", "access", "erasure")
    answers = [line for line in found["clock_lines"] if line.title == "The answer"]
    assert [line.rights for line in answers] == ["access, erasure"]
