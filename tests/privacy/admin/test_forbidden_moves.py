"""State × action: what the table of states forbids has no button, and its direct POST fails."""

import pytest
from django.apps import apps

from accounts.models import User
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.states import TRANSITIONS, Status
from tests.support import staff

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.acceptance("MAIN-24"),
]
DECISIONS = ("propose", "approve", "deny", "refuse_part", "look_again", "withdraw")
ANSWERS = {"reason": "Because I say so."}
# What the table allows is still the machine's alone: nobody refuses what nobody confirmed.
REVIEW = {"propose", "deny", "refuse_part", "look_again"}


def due(status: Status) -> set[str]:
    found = {"withdraw"} if Status.WITHDRAWN in TRANSITIONS[status] else set()
    if status == Status.APPROVED:  # a hold may turn up in the pause
        found |= {"deny"}
    return found | REVIEW if status == Status.IN_REVIEW else found


def rows() -> dict[str, int]:
    ours = ("accounts", "privacy", "retention", "foundation")
    models = [model for label in ours for model in apps.get_app_config(label).get_models()]
    return {model._meta.label: model._default_manager.count() for model in models}


@pytest.mark.parametrize("status", Status)
def test_an_approver_has_the_buttons_of_the_state_and_no_post_gets_further(status: Status) -> None:
    request = staff.looked_up("erasure")
    PrivacyRequest.objects.filter(pk=request.pk).update(status=status)
    client = staff.signed_in(staff.member("Approver"))
    page = client.get(staff.page_url(request)).text
    shown = {name for name in DECISIONS if f'href="{staff.do_url(request, name)}"' in page}
    assert shown == due(status)
    before = rows()
    for name in set(DECISIONS) - due(status):
        typed = {**ANSWERS, "typed": request.reference}
        assert client.post(staff.do_url(request, name), typed).status_code == 409
    request.refresh_from_db()
    assert request.status == status
    assert rows() == before


@pytest.mark.parametrize("state", FulfilmentStep.State)
def test_only_a_parked_step_has_a_button(state: str) -> None:
    request = staff.looked_up("access")
    step = staff.parked(request, "mail:confirmed")
    FulfilmentStep.objects.filter(pk=step.pk).update(state=state)
    client = staff.signed_in(staff.member("Approver"))
    page = client.get(staff.page_url(request)).text
    url = staff.do_url(request, "retry", step)
    assert (f'href="{url}"' in page) is (state == "parked")
    if state != "parked":
        assert client.post(url).status_code == 409
        step.refresh_from_db()
        assert step.state == state


@pytest.mark.acceptance("MAIN-20")
@pytest.mark.parametrize("name", ["propose", "approve", "deny", "refuse_part"])
@pytest.mark.parametrize("reason", ["", "  \n "])
def test_no_decision_without_a_reason(name: str, reason: str) -> None:
    other: User = staff.member("Handler", "hanna")
    request = (
        staff.proposed_by(other, "erasure") if name == "approve" else staff.looked_up("erasure")
    )
    client = staff.signed_in(staff.member("Approver"))
    before = rows()
    form = {
        **staff.REFUSED_FOR,
        "reason": reason,
        "typed": request.reference,
        "rights": request.rights,
        "whole": "whole",
    }
    answer = client.post(staff.do_url(request, name), form)
    assert answer.status_code == 200
    assert "<title>Error: " in answer.text
    request.refresh_from_db()
    assert request.status == "in_review"
    assert rows() == before
