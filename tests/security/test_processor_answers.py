"""A processor that answers garbage, or with somebody else's objects, gets nobody hurt."""

from typing import Any

import pytest

from privacy.connectors.base import Subject
from privacy.connectors.errors import ConnectorError, PermanentError, UnknownOutcomeError
from privacy.connectors.registry import connectors
from privacy.services.fulfilment import work as working
from privacy.services.fulfilment.context import context_of
from tests.support.staff import ANN
from tests.support.steps import add_step, bare_request, claimed
from tests.support.world import Planted, World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
BOB = "bob@example.org"


def subject_of(person: Planted) -> Subject:
    refs = {
        "accounts": [str(person.account.pk)],
        "auth_users": [str(person.user.id)],
        "customers": [person.customer],
    }
    return Subject(person.account.pk, person.account.email, refs)


@pytest.mark.parametrize("code", ["ann@example.org is no customer", "x" * 500, "no\x1b[31m", ""])
def test_a_processors_code_is_kept_only_when_it_is_a_code(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = bare_request()
    step = add_step(request)

    def refuse(*args: Any) -> None:
        raise PermanentError(code)

    monkeypatch.setattr(working, "execute", refuse)
    working.run_step(claimed(), context_of(request.pk))
    step.refresh_from_db()
    assert (step.state, step.error) == ("parked", "strange_code")
    assert ConnectorError("charge_exceeds-limit.v2").code == "charge_exceeds-limit.v2"


def test_customers_that_a_look_up_by_address_should_not_have_given_stop_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An old proxy, or a filter that Stripe ignores: the list is everybody's."""
    ann = world.add_person(ANN)
    world.add_person(BOB)
    world.add("stripe", object="customer", email="eve@example.org")
    stripe: Any = connectors()["stripe"]
    ask = stripe.finder.get

    def ignore_the_filter(path: str, **query: Any) -> Any:
        query.pop("email", None)
        return ask(path, **query)

    monkeypatch.setattr(stripe.finder, "get", ignore_the_filter)
    with pytest.raises(UnknownOutcomeError, match="wrong_object"):
        connectors()["stripe"].discover(subject_of(ann))


def test_another_customers_objects_are_never_exported(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = world.add_person(ANN), world.add_person(BOB)
    stripe: Any = connectors()["stripe"]
    ask = stripe.finder.get

    def mistake_the_customer(path: str, **query: Any) -> Any:
        mistaken = {"customer": bob.customer} if path == "/v1/invoices" else {}
        return ask(path, **query | mistaken)

    monkeypatch.setattr(stripe.finder, "get", mistake_the_customer)
    with pytest.raises(UnknownOutcomeError, match="wrong_object"):
        list(stripe.export(subject_of(ann), {"customers": [ann.customer]}))


def test_another_users_profile_is_never_exported(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = world.add_person(ANN), world.add_person(BOB)
    auth: Any = connectors()["supabase_auth"]
    right = auth.admin.get_user_by_id
    monkeypatch.setattr(auth.admin, "get_user_by_id", lambda user: right(str(bob.user.id)))
    with pytest.raises(UnknownOutcomeError, match="wrong_object"):
        list(auth.export(subject_of(ann), {"auth_users": [str(ann.user.id)]}))


def test_an_account_whose_sign_in_has_another_address_waits_for_a_person(world: World) -> None:
    """The account's row may be old: who signs in now hasn't proved anything to us."""
    ann = world.add_person(ANN)
    auth: Any = connectors()["supabase_auth"]
    assert auth.discover(subject_of(ann)).blockers == []
    with world.connect() as connection:
        connection.execute(
            "UPDATE auth.users SET email = 'new.owner@example.org' WHERE id = %s", [ann.user.id]
        )
    assert auth.discover(subject_of(ann)).blockers == ["other_sign_in"]
