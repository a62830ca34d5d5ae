"""Optional actions: offered with a day, chosen by the first, seen and confirmed by the second."""

from typing import Any

import pytest

from privacy.connectors import registry
from privacy.models import PrivacyRequest
from privacy.services import review
from tests.support import staff
from tests.support.vault import Vault

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(autouse=True)
def vault() -> Any:
    with registry.use(Vault()):
        yield


def offered(*rights: str) -> PrivacyRequest:
    found = Vault().look().as_json()
    return staff.looked_up(*(rights or ("erasure",)), vault=found)


def form(request: PrivacyRequest, *chosen: str) -> dict[str, Any]:
    return {"typed": request.reference, "reason": "Fine.", "chosen": list(chosen)}


def propose(request: PrivacyRequest, *chosen: str) -> Any:
    client = staff.signed_in(staff.member("Handler"))
    return client.post(staff.do_url(request, "propose"), form(request, *chosen))


def actions(request: PrivacyRequest) -> set[str]:
    return set(request.steps.filter(connector="vault").values_list("action", flat=True))


def test_the_form_offers_it_with_its_earliest_day() -> None:
    client = staff.signed_in(staff.member("Handler"))
    page = client.get(staff.do_url(offered(), "propose")).text
    assert "Have Vault redact what it keeps; earliest 22 February 2027" in page
    assert 'value="vault:redact"' in page
    assert "checked" not in page


def test_a_right_that_erases_nothing_is_not_offered_it() -> None:
    client = staff.signed_in(staff.member("Approver"))
    assert "vault:redact" not in client.get(staff.do_url(offered("access"), "propose")).text


@pytest.mark.parametrize("chosen", [(), ("vault:redact",)])
def test_the_second_sees_what_was_chosen_and_only_that_is_planned(chosen: tuple[str, ...]) -> None:
    request = offered()
    assert propose(request, *chosen).status_code == 302
    client = staff.signed_in(staff.member("Approver"))
    page = client.get(staff.do_url(request, "approve")).text
    assert ("Chosen besides: Have Vault redact what it keeps" in page) is bool(chosen)
    assert client.post(staff.do_url(request, "approve"), {"reason": "Yes."}).status_code == 302
    request.refresh_from_db()
    assert request.plan["vault"]["chosen"] == [each.split(":")[1] for each in chosen]
    assert ("redact" in actions(request)) is bool(chosen)
    assert "delete" in actions(request)


def test_what_is_not_offered_can_not_be_chosen() -> None:
    request = offered()
    assert propose(request, "vault:delete").status_code == 200
    request.refresh_from_db()
    assert request.proposed_by is None
    review.propose(
        request,
        actor=staff.member("Approver"),
        typed=request.reference,
        reason="Fine.",
        chosen=["vault:delete"],
    )
    assert request.plan["vault"]["chosen"] == []


def test_an_offer_that_is_gone_voids_the_proposal() -> None:
    request = offered()
    propose(request, "vault:redact")
    look = request.steps.get(action="discover")
    look.receipt["offers"] = {}
    look.save()
    client = staff.signed_in(staff.member("Approver"))
    answer = client.post(staff.do_url(request, "approve"), {"reason": "Yes."})
    assert answer.status_code == 409
    assert "The plan changed" in answer.text


def test_what_is_taken_in_later_keeps_what_was_chosen() -> None:
    request = offered()
    propose(request, "vault:redact")
    request.refresh_from_db()
    step = staff.parked(request, "vault:prepare", "new_kind")
    step.cursor = {"found": {"found": {"record": 2, "note": 1}, "blockers": [], "keep": []}}
    step.save()
    review.accept_found(step, actor=staff.member("Approver"), reason="Yes.")
    request.refresh_from_db()
    assert request.plan["vault"]["chosen"] == ["redact"]
    assert request.steps.get(action="prepare").state == "ready"


def test_the_trail_says_what_was_chosen() -> None:
    request = offered()
    propose(request, "vault:redact")
    page = staff.signed_in(staff.member("Viewer")).get(staff.page_url(request)).text
    assert "chosen besides: Have Vault redact what it keeps" in page
