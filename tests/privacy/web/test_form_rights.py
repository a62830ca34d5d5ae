"""The form's rights in groups, what happens when, and the questions about place and language."""

import re

import pytest
from django.test import Client

from privacy.letters import versions
from privacy.models import Draft, PrivacyRequest
from privacy.rights import GROUPS, Right, needs_proof
from privacy.selectors import restrictions
from privacy.services import lifting
from privacy.services.intake import read_answers
from privacy.web import place_forms
from privacy.web.views import check, question
from tests.support.lives import staff
from tests.support.restrictions import stopped
from tests.support.staff import ANN, Work
from tests.support.visitor import Visitor, link
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
LETTER = "What you asked us to stop is stopped"


@pytest.fixture
def in_german(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are letters in German."""
    for module in (versions, question, check):
        monkeypatch.setattr(module, "LANGUAGES", ("de", "en"))
    monkeypatch.setattr(question, "DRAFTS", ("de",))


def speaking(languages: str) -> Visitor:
    made = Visitor()
    made.client = Client(headers={"Accept-Language": languages})
    return made


@pytest.mark.acceptance("RIGHT-S18")
def test_every_right_stands_in_one_group_with_those_of_its_kind() -> None:
    grouped = [right for _, rights in GROUPS for right in rights]
    assert sorted(grouped) == sorted(Right)
    for name, rights in GROUPS:
        assert {needs_proof(right) for right in rights} == {"without proof" not in name}


@pytest.mark.acceptance("RIGHT-S18")
def test_each_group_has_its_heading_on_the_page_of_the_rights_and_on_the_first() -> None:
    seen = Visitor().get("/privacy/")
    assert all(f"<h3>{name}</h3>" in seen.page for name, _ in GROUPS)
    seen.start().answer()
    for place, (name, _) in enumerate(GROUPS, start=1):
        assert f'<h2 id="id_rights_group{place}">{name}</h2>' in seen.page
        assert f'role="group" aria-labelledby="id_rights_group{place}"' in seen.page


@pytest.mark.acceptance("RIGHT-S19")
def test_the_check_page_says_what_happens_at_once_and_what_after_a_confirmation() -> None:
    seen = Visitor().fill(ANN, "access", "opt_out")
    at_once = seen.text.index("As soon as you send it")
    later = seen.text.index("After you confirm your address")
    assert at_once < seen.text.index("Opt out of sale and sharing", at_once) < later
    assert later < seen.text.index("Get a copy of my data", later)
    assert "As soon as you send it" not in Visitor().fill(ANN, "access").text
    only = Visitor().fill(ANN, "opt_out").text
    assert "After you confirm" not in only
    assert "send a link" not in only


@pytest.mark.acceptance("RIGHT-S20")
def test_after_an_opt_out_the_page_says_that_it_is_done(world: World, run_work: Work) -> None:
    ann = world.add_person(ANN)
    seen = Visitor().fill(ANN, "opt_out").send()
    request = PrivacyRequest.objects.get()
    assert stopped(ann) == {"sale"}
    assert seen.h1 == "It is stopped"
    for words in (request.reference, "It is in effect now", "Sale or sharing", ANN):
        assert words in seen.text
    for words in ("confirm with its link", "Send the e-mail again", "look up what we hold"):
        assert words not in seen.text
    run_work()
    [letter] = world.letters(ANN)
    assert letter.subject == LETTER


@pytest.mark.acceptance("RIGHT-S20")
def test_a_mixed_request_shows_both_references(world: World) -> None:
    seen = Visitor().fill(ANN, "access", "opt_out").send()
    first = PrivacyRequest.objects.get(split_from=None)
    part = PrivacyRequest.objects.get(split_from=first)
    for words in (first.reference, part.reference, "confirm with its link", "It is in effect now"):
        assert words in seen.text
    seen.get(seen.path)
    assert PrivacyRequest.objects.count() == 2


@pytest.mark.acceptance("RIGHT-S07", "RIGHT-S20")
def test_the_page_is_the_same_for_an_address_that_we_do_not_know(world: World) -> None:
    world.add_person(ANN)
    texts = set()
    for email in (ANN, "nobody@example.org"):
        seen = Visitor().fill(email, "access", "opt_out").send()
        text = seen.text.replace(email, "")
        for request in PrivacyRequest.objects.all():
            text = text.replace(request.reference, "")
        texts.add(text)
    assert len(texts) == 1


@pytest.mark.acceptance("RIGHT-S07")
def test_sending_takes_as_long_for_every_address(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(check.time, "sleep", waits.append)
    monkeypatch.setattr(check, "STEADY", 30.0)
    Visitor().fill(ANN, "opt_out").send()
    [wait] = waits
    assert 0 < wait < 30


@pytest.mark.acceptance("RIGHT-S21")
@pytest.mark.parametrize(
    ("country", "state", "asked"),
    [
        *(("DE", "", False), ("FR", "", False), ("GB", "", False), ("BR", "", False)),
        *(("US", "CA", True), ("US", "", True), ("TR", "", True), ("CA", "QC", False)),
    ],
)
def test_only_where_no_law_surely_holds_another_place_is_asked_for(
    country: str, state: str, asked: bool
) -> None:
    given = {"country": country, "state": state, "province": state}
    assert place_forms.may_be_protected_elsewhere(given) is asked


@pytest.mark.acceptance("RIGHT-S21")
def test_the_law_of_the_place_where_one_is_counts_too() -> None:
    seen = Visitor().start().answer().answer(rights="access").answer(country="US")
    seen.answer(state="").answer(elsewhere="DE").answer(email=ANN).send()
    assert "eu_gdpr" in PrivacyRequest.objects.get().laws["regimes"]


@pytest.mark.acceptance("RIGHT-S22")
def test_quebecs_law_is_found_by_the_province() -> None:
    seen = Visitor().start().answer().answer(rights="access").answer(country="CA")
    assert seen.h1 == "In which province or territory do you live?"
    assert "Quebec" in seen.answer(province="QC").answer(email=ANN).text
    seen.send()
    assert {"qc_law25", "ca_pipeda"} <= set(PrivacyRequest.objects.get().laws["regimes"])


@pytest.mark.acceptance("RIGHT-S22")
def test_a_state_of_another_country_is_not_taken_along() -> None:
    seen = Visitor().start().answer().answer(rights="access").answer(country="US")
    seen.answer(state="CA").answer(elsewhere="").answer(email=ANN)
    seen.get(f"{seen.draft}place/?change=1").answer(country="CA")
    assert "/province/?change=1" in seen.path
    seen.answer(province="").send()
    assert PrivacyRequest.objects.get().state == ""


@pytest.mark.acceptance("RIGHT-S23")
@pytest.mark.parametrize(
    ("languages", "asked"),
    [
        *(("de", True), ("de-AT,de;q=0.9,en;q=0.8", True), ("it,de;q=0.5,en;q=0.3", True)),
        *(("en-GB,de;q=0.5", False), ("it", False), ("", False), ("xx;q=nonsense", False)),
    ],
)
def test_the_language_is_asked_for_only_where_the_browser_prefers_one_that_we_have(
    in_german: None, languages: str, asked: bool
) -> None:
    seen = speaking(languages).fill(ANN, "access")
    assert ("/language/" in seen.path) is asked


@pytest.mark.acceptance("RIGHT-S23")
@pytest.mark.parametrize(("answer", "language"), [("de", "de"), ("en", "en"), ("", "en")])
def test_letters_come_in_the_language_that_was_chosen(
    in_german: None, answer: str, language: str
) -> None:
    seen = speaking("de").fill(ANN, "access")
    assert "Deutsch" in seen.text
    assert seen.ticked == 1
    seen.answer(language=answer).send()
    assert PrivacyRequest.objects.get().language == language


@pytest.mark.acceptance("RIGHT-S23")
def test_what_the_browser_prefers_is_kept_nowhere(in_german: None) -> None:
    seen = speaking("de").start().answer(role="visitor").answer(rights="access")
    assert "/language/" in seen.answer(country="DE").answer(email=ANN).path
    assert set(read_answers(Draft.objects.get())) == {"role", "rights", "country", "email"}


@pytest.mark.acceptance("RIGHT-S07")
def test_the_status_page_of_an_opt_out_is_the_same_for_every_address(
    world: World, run_work: Work
) -> None:
    world.add_person(ANN)
    texts: dict[str, set[str]] = {"at once": set(), "done": set(), "lifted": set()}
    for email in (ANN, "nobody@example.org"):
        Visitor().fill(email, "opt_out", "withdraw_consent").send()
        request = PrivacyRequest.objects.latest("received_at")
        for stage, seen in read_in_stages(request, run_work).items():
            text = re.sub(r"\d\d:\d\d", "", seen.text)
            texts[stage].add(text.replace(request.reference, ""))
    assert len(texts["at once"]) == len(texts["done"]) == 1
    assert all("What we don’t do with your data" in each for each in texts["done"])
    assert any("What we don’t do with your data" not in each for each in texts["lifted"])


def read_in_stages(request: PrivacyRequest, run_work: Work) -> dict[str, Visitor]:
    """The status page before the ledger's work, after it, and after the uses are allowed again."""
    pages = {"at once": Visitor().get(link(request, "status"))}
    run_work()
    pages["done"] = Visitor().get(link(request, "status"))
    request.refresh_from_db()
    if restrictions.in_force(request):
        lifting.announce(request, actor=staff("second"), reason="They wrote to us.")
        run_work()
    pages["lifted"] = Visitor().get(link(request, "status"))
    return pages
