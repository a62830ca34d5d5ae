"""Who has no link and no code learns nothing."""

import re
from collections.abc import Callable

import pytest
from django.apps import apps

from accounts.models import Account
from privacy.models import FulfilmentStep, PrivacyRequest
from tests.support.staff import ANN, Work, looked_up
from tests.support.visitor import Visitor
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("SEC-09"),
]
NOBODY = "xyz.abc@example.org"  # as long as Ann's
REFERENCE = re.compile(r"FR-\w{4}-\w{4}")
LINK = re.compile(r"/privacy/verify/\S+/")


def rows() -> dict[str, int]:
    """How many rows each of our tables has."""
    ours = ("accounts", "privacy", "retention", "foundation")
    models = [model for label in ours for model in apps.get_app_config(label).get_models()]
    return {model._meta.label: model._default_manager.count() for model in models}


def added(job: Callable[[], None]) -> dict[str, int]:
    before = rows()
    job()
    return {name: count - before[name] for name, count in rows().items() if count != before[name]}


@pytest.mark.acceptance("MAIN-12")
def test_every_page_and_row_is_the_same_for_an_address_that_we_know(world: World) -> None:
    world.add_person(ANN)
    Visitor().fill("first@example.org").send()  # a law's text is kept once, for the first of all
    told = []
    for email in (ANN, NOBODY):
        pages: list[str] = []

        def go(email: str = email, pages: list[str] = pages) -> None:
            seen = Visitor().fill(email, "access", "erasure")
            pages.append(seen.text)
            seen.send()
            pages.append(seen.text)
            seen.post(f"{seen.draft}sent/again/")
            pages.append(re.sub(r"\d+ seconds?", "", seen.text))

        counted = added(go)
        told.append(([REFERENCE.sub("", page.replace(email, "")) for page in pages], counted))
    assert told[0] == told[1]
    assert told[0][1]["privacy.FulfilmentStep"] == 1


@pytest.mark.acceptance("MAIN-12")
def test_the_letter_and_its_cost_are_the_same_for_an_address_that_we_know(
    world: World, run_work: Work
) -> None:
    world.add_person(ANN)
    told = []
    for email in (ANN, NOBODY):
        Visitor().fill(email, "erasure").send()
        steps = run_work()
        asked = sum(world.stripe.calls.values()) + sum(world.auth.calls.values())
        [letter] = world.letters(email)
        text = LINK.sub("", REFERENCE.sub("", letter.text))
        told.append((letter.subject, text, steps, asked))
    assert told[0] == told[1]
    assert told[0][3] == 0  # before the address is confirmed, no system is asked about anybody


def test_links_that_were_never_mailed_look_all_the_same() -> None:
    request = looked_up("access")
    guesses = ("nothing", request.reference, str(request.pk), "A" * 32)
    for kind in ("verify", "status", "stop"):
        seen = [Visitor().get(f"/privacy/{kind}/{guess}/") for guess in guesses]
        assert {each.status for each in seen} == {404}
        assert len({each.text for each in seen}) == 1
        assert seen[0].h1 == "This link does not work"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_requests_reference_or_id_opens_nothing(method: str) -> None:
    request = looked_up("access")
    before = (rows(), list(FulfilmentStep.objects.values_list("state", flat=True)))
    paths = ["status/{}/", "status/{}/certificate/", "status/{}/withdraw/", "status/{}/code/"]
    paths += ["status/{}/code/send/", "status/{}/package/delete/", "stop/{}/", "verify/{}/"]
    paths += ["verify/{}/again/", "download/{}/", "request/{}/sent/", "request/{}/check/"]
    for name in (request.reference, str(request.pk)):
        for path in paths:
            seen = getattr(Visitor(), method)("/privacy/" + path.format(name))
            assert seen.status in (403, 404), path
            assert ANN not in seen.page
            assert "Being checked" not in seen.page
    assert before == (rows(), list(FulfilmentStep.objects.values_list("state", flat=True)))


def test_who_is_not_signed_in_sees_the_same_for_a_request_that_exists() -> None:
    request = looked_up("access")
    base = "/admin/privacy/privacyrequest/"
    answers = []
    for pk in (str(request.pk), "5e7a3c1e-0000-4000-8000-000000000000"):
        seen = Visitor().get(f"{base}{pk}/change/")
        answers.append((seen.status, seen.h1, seen.text, seen.path.replace(pk, "")))
    assert answers[0] == answers[1]
    assert "/admin/login/" in answers[0][3]
    assert PrivacyRequest.objects.count() == 1
    assert not Account.objects.exists()
