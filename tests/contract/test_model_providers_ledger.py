"""AI model providers in a whole erasure and a whole copy, through the ledger."""

import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from accounts.models import ProviderObject
from fluxrouter.sandbox.model_providers import ModelProviders
from privacy.connectors import registry
from privacy.connectors.base import Subject
from privacy.connectors.database import DatabaseConnector
from privacy.grounds import ACCEPTABLE
from privacy.models import FulfilmentStep, ManualTask, PrivacyRequest
from privacy.services import review
from privacy.services.fulfilment.work import work
from privacy.services.package import read
from tests.contract.model_providers import CONNECTORS, connector_of, remember
from tests.support.lives import staff
from tests.support.rows import make_account
from tests.support.staff import ANN, looked_up

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-34"),
]
State = FulfilmentStep.State


@pytest.fixture
def app(settings: Any) -> Iterator[ModelProviders]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.ERASURE_GRACE = timedelta(0)
    settings.RETRY_BASE = timedelta(0)
    made = ModelProviders()
    with registry.use(DatabaseConnector(), *(connector_of(case, made) for case in CONNECTORS)):
        yield made


def approved(app: ModelProviders, right: str, *extra: tuple[str, str, str]) -> PrivacyRequest:
    account = make_account(email=ANN, full_name="Ann Lee")
    for case in CONNECTORS:
        remember(
            str(account.pk), case.name, "files", app.add(case.name, "files", label="Zqmarker")
        )
    for each in extra:
        remember(str(account.pk), *each)
    request = looked_up(right, accounts=[str(account.pk)])
    subject = Subject(request.pk, ANN, request.refs)
    for name, connector in registry.connectors().items():
        look = connector.discover(subject).as_json()
        request.steps.filter(connector=name, action="discover").update(receipt=look)
    review.propose(
        request,
        actor=staff("first"),
        typed=request.reference,
        reason="Fine.",
        accept=[*ACCEPTABLE],
    )
    if request.status == "in_review":
        review.approve(request, actor=staff("second"), reason="Seen.")
    return request


def run(request: PrivacyRequest) -> None:
    for _ in range(30):
        work(seconds=30)
    request.refresh_from_db()


@pytest.mark.acceptance("PROC-59")
def test_an_erasure_deletes_there_first_and_our_rows_afterwards(app: ModelProviders) -> None:
    request = approved(app, "erasure")
    assert not request.steps.filter(action="freeze").exclude(connector="database").exists()
    run(request)
    assert app.objects == {}
    assert not ProviderObject.objects.exists()
    looks = request.steps.filter(action="verify").exclude(connector="mail")
    assert {step.connector: step.state for step in looks} == dict.fromkeys(
        ("database", "openai", "anthropic", "gemini"), State.DONE
    )
    deleted = request.steps.filter(action="delete_objects")
    assert {step.connector for step in deleted} == {"openai", "anthropic", "gemini"}
    assert all(step.receipt == {"erased": {"model_file": 1}} for step in deleted)
    rows = request.steps.get(connector="database", action="erase_rows")
    assert not deleted.filter(finished_at__gt=rows.finished_at).exists()


@pytest.mark.acceptance("PROC-09")
def test_a_provider_whose_key_was_rotated_halts_itself_alone(app: ModelProviders) -> None:
    request = approved(app, "erasure")
    app.keys["anthropic"] = "rotated"
    run(request)
    parked = request.steps.filter(state=State.PARKED).exclude(connector="manual")
    assert {(step.key, step.error) for step in parked} == {("anthropic:prepare", "no_permission")}
    assert {key[0] for key in app.objects} == {"anthropic"}
    assert ProviderObject.objects.exists(), "our rows stay until every object is gone"
    assert request.is_open


def test_an_object_that_no_call_fits_becomes_a_task(app: ModelProviders) -> None:
    request = approved(app, "erasure", ("openai", "assistants", "asst_1"))
    run(request)
    tasks = ManualTask.objects.filter(step__request=request)
    assert ("openai", "model_other") in {(task.processor, task.step.object) for task in tasks}
    assert request.is_open


def test_the_copy_holds_what_the_providers_hold(app: ModelProviders) -> None:
    request = approved(app, "access")
    run(request)
    package = request.package
    content = b"".join(read.read_package(package, 0, package.size))
    archive = zipfile.ZipFile(BytesIO(content))
    names = [name for name in archive.namelist() if "model_file" in name and "json" in name]
    assert len(names) == 3, archive.namelist()
    for name in names:
        assert "Zqmarker" in json.dumps(archive.read(name).decode())
