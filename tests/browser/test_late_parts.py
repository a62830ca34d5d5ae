"""What of an erasure waits, expires or is done by people, as the person sees it in a browser."""

import pytest

from privacy.connectors import registry
from privacy.grounds import ACCEPTABLE
from privacy.models import ManualTask, PrivacyRequest
from privacy.services import review
from privacy.services.evidence import add_evidence
from tests.browser.conftest import Open
from tests.browser.test_following import see
from tests.support import staff, tasks
from tests.support.vault import Vault
from tests.support.visitor import link
from tests.support.world import World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
]


def approve(request: PrivacyRequest) -> None:
    """With the optional part of a system that may erase it only months later."""
    review.propose(
        request,
        actor=staff.member("Handler", "hanna"),
        typed=request.reference,
        reason="Fine.",
        accept=[*ACCEPTABLE],
        chosen=["vault:redact"],
    )
    review.approve(request, actor=staff.member("Approver", "april"), reason="Seen.")


def close_task(task: ManualTask) -> None:
    hanna = staff.member("Handler", "hans")
    add_evidence(task, tasks.pdf(), actor=hanna)
    review.close_by_hand(task.step, actor=hanna, reason="Gone.")


@pytest.mark.acceptance("UX-P33", "PROC-59")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_waits_what_expires_and_what_people_did_is_open_to_everybody(
    open_site: Open, world: World, run_work: staff.Work, scheme: str
) -> None:
    world.add_person(staff.ANN)
    world.add("chatbase", object="lead", email=staff.ANN)
    with registry.use(*registry.connectors().values(), Vault()):
        request = staff.reviewed(world, run_work, "erasure")
        approve(request)
        run_work()
        site, status = open_site(color_scheme=scheme), link(request, "status")
        see(site, status, "Your privacy request")
        assert "It isn’t done yet." in site.page.get_by_role("main").inner_text()
        close_task(ManualTask.objects.get())
        run_work()
        for path, heading in (
            (status, "Your privacy request"),
            (f"{status}certificate/", "Certificate of erasure"),
        ):
            see(site, path, heading)
            said = site.page.get_by_role("main").inner_text()
            assert "What still has to wait" in said
            assert "Logs against abuse: until" in said
            assert "Deleted by hand on" in said
        letter = " ".join(world.letters(staff.ANN)[0].text.split())
        assert "OpenAI: Logs against abuse, until" in letter
