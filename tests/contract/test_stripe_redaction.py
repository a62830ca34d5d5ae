"""Having Stripe redact what it keeps: months in which nothing may be lost or hurried."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from privacy.connectors.errors import NeedsHumanError, RetryError
from tests.support.billing import add_customer, add_guest, life_of, served, stored
from tests.support.lives import Clock
from tests.support.redaction import Step
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
]
JOBS = "/v1/privacy/redaction_jobs"
CODES = (
    "invalid_cascading_source",
    "invalid_file_purpose",
    "invalid_state",
    "locked_by_other_job",
    "too_many_objects",
)


def an_old_payment(world: World, customer: str, days: int = 200) -> str:
    made = int((timezone.now() - timedelta(days=days)).timestamp())
    details = {"name": "Ann Lee"}
    fields = {"created": made, "customer": customer, "billing_details": details}
    return str(world.stripe.add("charge", **fields)["id"])


def test_redaction_is_offered_only_where_it_is_switched_on(world: World, settings: Any) -> None:
    life = life_of(world, add_customer(world))
    settings.STRIPE_REDACTION = True
    assert life.look().offers == {"redact": timezone.now().date().isoformat()}
    settings.STRIPE_REDACTION = False
    assert life.look().offers == {}


@pytest.mark.acceptance("PROC-16")
def test_the_offer_names_the_first_day_that_the_newest_payment_allows(
    world: World, settings: Any
) -> None:
    settings.STRIPE_REDACTION = True
    customer = add_customer(world)
    an_old_payment(world, customer)
    an_old_payment(world, customer, days=10)
    first = (timezone.now() + timedelta(days=80)).date()
    assert life_of(world, customer).look().offers == {"redact": first.isoformat()}


def test_nobody_is_redacted_unless_an_approver_chose_it(world: World) -> None:
    life = life_of(world, add_customer(world))
    life.look()
    life.erase()
    assert served(world, "POST", JOBS) == []


def test_what_stripe_keeps_is_redacted_and_then_the_customer_goes(world: World) -> None:
    customer = add_customer(world)
    charge = an_old_payment(world, customer)
    step = Step(life_of(world, customer))
    wound_down = step.life.connector.erase(step.life._task("wind_down", "", {}, 0))
    assert wound_down.spawn == []
    outcome = step.until_done()
    assert stored(world, "charge", charge)["billing_details"]["name"] == "[redacted]"
    assert outcome.spawn == [("delete_customer", customer)]
    assert len(outcome.receipt["redaction_jobs"]) == 1
    assert set(step.waits) == {"redaction_running"}


@pytest.mark.acceptance("PROC-16")
def test_a_young_payment_is_waited_for_by_law(world: World, clock: Clock) -> None:
    customer = add_customer(world)
    an_old_payment(world, customer, days=89)
    step = Step(life_of(world, customer))
    step.go_on()
    with pytest.raises(RetryError, match="waits_by_law") as wait:
        step.go_on()
    assert wait.value.after is not None
    assert timedelta(hours=23) < wait.value.after <= timedelta(days=1)
    assert served(world, "POST", JOBS) == []
    step.until_done(clock)
    assert step.waits[0] == "waits_by_law"


@pytest.mark.acceptance("PROC-15")
def test_an_open_dispute_stops_a_redaction(world: World) -> None:
    customer = add_customer(world)
    an_old_payment(world, customer)
    dispute = world.stripe.add("dispute", customer=customer, status="needs_response")
    step = Step(life_of(world, customer))
    assert "open_dispute" in step.life.look().blockers
    step.life.approved["chosen"] = ["redact"]
    step.go_on()
    with pytest.raises(NeedsHumanError, match="open_dispute"):
        step.go_on()
    assert served(world, "POST", JOBS) == []
    world.stripe.store.save({**stored(world, "dispute", dispute["id"]), "status": "won"})
    step.until_done()


@pytest.mark.acceptance("PROC-17")
@pytest.mark.parametrize("code", CODES)
def test_a_job_that_fails_stops_for_a_person_and_is_made_anew_after(
    world: World, code: str
) -> None:
    customer = add_customer(world)
    an_old_payment(world, customer)
    world.stripe.forced_errors.append(code)
    step = Step(life_of(world, customer))
    with pytest.raises(NeedsHumanError) as stop:
        step.until_done()
    assert stop.value.code == code
    assert stop.value.found == {"codes": [code]}
    assert served(world, "POST", JOBS + "/<job>/cancel") == [200]
    step.until_done()
    assert served(world, "POST", JOBS) == [200, 200]


@pytest.mark.acceptance("PROC-17")
def test_a_payment_that_came_meanwhile_makes_a_failed_job_wait(world: World, clock: Clock) -> None:
    customer = add_customer(world)
    step = Step(life_of(world, customer))
    step.go_on()
    step.go_on()
    an_old_payment(world, customer, days=0)
    step.until_done(clock)
    assert "waits_by_law" in step.waits


@pytest.mark.acceptance("PROC-18")
def test_more_than_ten_objects_are_split_into_jobs(world: World) -> None:
    customers = [add_customer(world) for _ in range(12)]
    outcome = Step(life_of(world, *customers)).until_done()
    assert served(world, "POST", JOBS) == [200, 200]
    assert len(set(outcome.receipt["redaction_jobs"])) == 2
    assert world.stripe.redacted >= set(customers)


def test_a_guests_payment_is_redacted_by_its_own_name(world: World) -> None:
    session, charge = add_guest(world)
    for kind, identifier in (("charge", charge), ("checkout.session", session)):
        old = int((timezone.now() - timedelta(days=200)).timestamp())
        world.stripe.store.save({**stored(world, kind, identifier), "created": old})
    intent = stored(world, "charge", charge)["payment_intent"]
    world.stripe.store.save({**stored(world, "payment_intent", intent), "created": old})
    Step(life_of(world)).until_done()
    assert stored(world, "charge", charge)["receipt_email"] == "[redacted]"
    assert stored(world, "checkout.session", session)["customer_details"]["email"] == "[redacted]"


@pytest.mark.acceptance("PROC-19")
def test_a_job_is_only_cancelled_where_stripe_allows_it(world: World) -> None:
    """Ours are cancelled when they failed; what runs is left to run."""
    customer = add_customer(world)
    world.stripe.forced_errors.append("too_many_objects")
    step = Step(life_of(world, customer))
    with pytest.raises(NeedsHumanError):
        step.until_done()
    step.until_done()
    assert served(world, "POST", JOBS + "/<job>/cancel") == [200]


@pytest.mark.acceptance("PROC-19")
def test_a_job_that_somebody_cancelled_is_made_anew(world: World) -> None:
    step = Step(life_of(world, add_customer(world)))
    step.go_on()
    step.go_on()
    job = stored(world, "privacy.redaction_job", step.cursor["jobs"][0]["id"])
    world.stripe.store.save({**job, "status": "canceled"})
    outcome = step.until_done()
    assert outcome.receipt["redaction_jobs"] != [job["id"]]
    assert served(world, "POST", JOBS) == [200, 200]


@pytest.mark.parametrize("path", [JOBS, JOBS + "/"])
@pytest.mark.parametrize("kind", ["reply_lost", "unavailable", "rate_limited"])
def test_a_call_without_an_answer_makes_no_second_job(world: World, path: str, kind: str) -> None:
    world.stripe.faults.add(kind, method="POST", path_prefix=path)
    step = Step(life_of(world, add_customer(world)))
    step.until_done()
    assert len(world.stripe.dump()["privacy.redaction_job"]) == 1


def test_a_cursor_holds_nothing_personal(world: World) -> None:
    customer = add_customer(world, name="Ann Lee")
    step = Step(life_of(world, customer))
    step.go_on()
    assert "ann" not in str(step.cursor).lower().replace(customer.lower(), "")
