"""The main job, through the services: from a form's answers to the package and the certificate."""

import io
import zipfile
from collections.abc import Callable

import pytest

from accounts.models import Account, User
from fluxrouter.foundation.crypto import read_range
from fluxrouter.foundation.keystore import keystore
from privacy.grounds import ACCEPTABLE
from privacy.models import FulfilmentStep, Package, PrivacyRequest
from privacy.services import intake, review, tokens, verification
from privacy.services.fulfilment import plan
from privacy.services.package import build, parts
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])

ANN = "ann.lee@example.org"


def staff(name: str) -> User:
    return User.objects.create_user(username=name, is_staff=True)


def reviewed(world: World, run_work: Callable[[], int], *rights: str) -> PrivacyRequest:
    """A request whose address is confirmed and whose plan is complete."""
    draft = intake.start_draft("cookie")
    answers = intake.Answers(role="account_holder", rights=list(rights), country="DE", email=ANN)
    request = intake.submit_draft(draft, answers)
    run_work()
    secret = world.link(ANN, "verify").strip("/").split("/")[-1]
    verification.confirm(tokens.find(secret, "verify"))
    run_work()
    request.refresh_from_db()
    return request


def unpacked(request: PrivacyRequest) -> zipfile.ZipFile:
    package = Package.objects.get(request=request)
    path = parts.folder(package.pk) / build.ARCHIVE
    with path.open("rb") as file:
        key = keystore().get(package.pk)
        content = b"".join(read_range(file, key, package.size, 0, package.size))
    return zipfile.ZipFile(io.BytesIO(content))


def test_an_access_request_ends_with_a_package(world: World, run_work: Callable[[], int]) -> None:
    world.add_person(ANN)
    request = reviewed(world, run_work, "access")
    assert plan.is_complete(plan.current_plan(request), request)
    review.propose(
        request,
        actor=staff("first"),
        typed=request.reference,
        reason="Fine.",
        accept=[*ACCEPTABLE],
    )
    run_work()
    request.refresh_from_db()
    assert request.status == "completed", list(
        request.steps.values_list("connector", "action", "state", "error")
    )
    names = unpacked(request).namelist()
    assert "index.html" in names
    assert "stripe/customer.json" in names


def test_an_erasure_ends_with_nothing_left(world: World, run_work: Callable[[], int]) -> None:
    world.add_person(ANN)
    bob = world.add_person("Ann_Lee@example.org")
    request = reviewed(world, run_work, "erasure")
    review.propose(
        request,
        actor=staff("first"),
        typed=request.reference,
        reason="Fine.",
        accept=[*ACCEPTABLE],
    )
    review.approve(request, actor=staff("second"), reason="Seen.")
    run_work()
    request.refresh_from_db()
    steps = [str(s) + s.state + s.error for s in request.steps.exclude(state="done")]
    assert request.status == "completed", steps
    assert set(Account.objects.values_list("pk", flat=True)) == {bob.account.pk}
    open_steps = request.steps.exclude(state=FulfilmentStep.State.DONE)
    assert {step.connector for step in open_steps} == {"expiry"}
