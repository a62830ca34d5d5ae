"""The Stripe sandbox through the vendor's own client: what the table of rules doesn't say."""

from typing import Any

import pytest

from fluxrouter.sandbox.stripe import StripeSandbox
from tests.sandbox.stripe_client import Clock, client_of, refusal

pytestmark = pytest.mark.acceptance("SBX-01")


@pytest.fixture
def sandbox() -> StripeSandbox:
    return StripeSandbox(clock=Clock(), seed=1)


@pytest.fixture
def v1(sandbox: StripeSandbox) -> Any:
    return client_of(sandbox).v1


def test_a_deleted_customer_shows_nothing_but_its_id(sandbox: StripeSandbox, v1: Any) -> None:
    customer = sandbox.add("customer", email="ann@example.org")["id"]
    v1.customers.delete(customer)
    gone = v1.customers.retrieve(customer)
    assert gone.to_dict() == {"id": customer, "object": "customer", "deleted": True}
    assert refusal(v1.customers.update, customer, {"name": "Ann"}) == (404, "resource_missing")


def test_deleting_a_customer_leaves_charges_listed(sandbox: StripeSandbox, v1: Any) -> None:
    customer = sandbox.add("customer")["id"]
    sandbox.add("charge", customer=customer, receipt_email="ann@example.org")
    v1.customers.delete(customer)
    assert v1.charges.list({"customer": customer}).data[0].receipt_email == "ann@example.org"


def test_another_persons_objects_stay_untouched(sandbox: StripeSandbox, v1: Any) -> None:
    ann, bea = sandbox.add("customer")["id"], sandbox.add("customer")["id"]
    method = sandbox.add("payment_method", customer=bea)["id"]
    v1.customers.delete(ann)
    assert v1.payment_methods.retrieve(method).customer == bea


def test_lists_are_newest_first_and_go_both_ways(sandbox: StripeSandbox, v1: Any) -> None:
    ids = [sandbox.add("customer")["id"] for _ in range(5)][::-1]
    first = v1.customers.list({"limit": 2})
    assert ([one.id for one in first.data], first.has_more) == (ids[:2], True)
    second = v1.customers.list({"limit": 2, "starting_after": ids[1]})
    assert [one.id for one in second.data] == ids[2:4]
    back = v1.customers.list({"limit": 2, "ending_before": ids[2]})
    assert [one.id for one in back.data] == ids[:2]


def test_lists_can_be_bounded_in_time(sandbox: StripeSandbox, v1: Any) -> None:
    old, new = (sandbox.add("charge", created=moment)["id"] for moment in (100, 200))
    listed = v1.charges.list({"created": {"gte": 150}}).data
    assert [one.id for one in listed] == [new]
    assert [one.id for one in v1.charges.list({"created": {"lt": 150}}).data] == [old]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"limit": 101}, "parameter_invalid_integer"),
        ({"limit": "many"}, "parameter_invalid_integer"),
        ({"colour": "red"}, "parameter_unknown"),
        ({"starting_after": "cus_nobody"}, "resource_missing"),
    ],
)
def test_a_list_refuses_what_it_does_not_know(v1: Any, params: dict[str, Any], code: str) -> None:
    assert refusal(v1.customers.list, params) == (400, code)


def test_a_list_of_a_stranger_is_refused(v1: Any) -> None:
    for service in (v1.subscriptions, v1.invoices, v1.charges, v1.payment_intents):
        assert refusal(service.list, {"customer": "cus_nobody"}) == (400, "resource_missing")


def test_an_unknown_parameter_changes_nothing(sandbox: StripeSandbox, v1: Any) -> None:
    customer = sandbox.add("customer", name="Ann")["id"]
    assert refusal(v1.customers.update, customer, {"name": "Bea", "age": 7})[0] == 400
    assert v1.customers.retrieve(customer).name == "Ann"


def test_an_address_that_is_no_address_is_refused(v1: Any) -> None:
    assert refusal(v1.customers.create, {"email": "ann"}) == (400, "email_invalid")


def test_metadata_has_limits(v1: Any) -> None:
    for metadata in ({"k" * 41: "v"}, {"k": "v" * 501}, {f"k{n}": "v" for n in range(51)}):
        assert refusal(v1.customers.create, {"metadata": metadata})[0] == 400


def test_a_cancelled_subscription_keeps_its_comment(sandbox: StripeSandbox, v1: Any) -> None:
    customer = sandbox.add("customer")["id"]
    sandbox.add("subscription", id="sub_1", customer=customer)
    ended = v1.subscriptions.cancel("sub_1", {"cancellation_details": {"comment": "moving"}})
    assert (ended.status, ended.cancellation_details.comment) == ("canceled", "moving")
    assert ended.canceled_at == int(Clock.now)
    assert refusal(v1.subscriptions.update, "sub_1", {"description": "x"})[0] == 400
    assert v1.subscriptions.update("sub_1", {"metadata": {"a": "b"}}).metadata["a"] == "b"


def test_a_last_invoice_is_made_when_asked_for(sandbox: StripeSandbox, v1: Any) -> None:
    customer = sandbox.add("customer", name="Ann")["id"]
    for wanted in (False, True):
        subscription = sandbox.add("subscription", customer=customer)["id"]
        v1.subscriptions.cancel(subscription, {"invoice_now": wanted})
        assert len(v1.invoices.list({"customer": customer}).data) == int(wanted)
    assert v1.invoices.list().data[0].customer_name == "Ann"


def test_a_pause_needs_a_behavior_that_exists(sandbox: StripeSandbox, v1: Any) -> None:
    sandbox.add("subscription", id="sub_1")
    for pause in ({"behavior": "stop"}, {"resumes_at": 5}):
        assert refusal(v1.subscriptions.update, "sub_1", {"pause_collection": pause})[0] == 400


def test_a_finalised_invoice_takes_only_notes(sandbox: StripeSandbox, v1: Any) -> None:
    invoice = sandbox.add("invoice", status="draft")["id"]
    v1.invoices.update(invoice, {"footer": "thanks"})
    assert v1.invoices.finalize_invoice(invoice).status == "open"
    refused = refusal(v1.invoices.update, invoice, {"footer": "bye"})
    assert refused == (400, "invoice_not_editable")
    assert v1.invoices.update(invoice, {"metadata": {"a": "b"}}).footer == "thanks"


def test_an_invoice_shows_the_tax_ids_of_its_time(sandbox: StripeSandbox, v1: Any) -> None:
    customer = sandbox.add("customer")["id"]
    v1.customers.tax_ids.create(customer, {"type": "eu_vat", "value": "DE123456789"})
    invoice = sandbox.add("invoice", customer=customer, status="paid")["id"]
    v1.customers.delete(customer)
    assert v1.invoices.retrieve(invoice).customer_tax_ids[0].value == "DE123456789"


def test_a_tax_id_belongs_to_one_customer(sandbox: StripeSandbox, v1: Any) -> None:
    ann, bea = sandbox.add("customer")["id"], sandbox.add("customer")["id"]
    tax_id = v1.customers.tax_ids.create(ann, {"type": "eu_vat", "value": "DE123456789"}).id
    assert refusal(v1.customers.tax_ids.delete, bea, tax_id) == (404, "resource_missing")
    assert v1.customers.tax_ids.retrieve(ann, tax_id).country == "DE"


def test_a_payment_method_can_be_attached_once(sandbox: StripeSandbox, v1: Any) -> None:
    customer, method = sandbox.add("customer")["id"], sandbox.add("payment_method")["id"]
    assert v1.payment_methods.attach(method, {"customer": customer}).customer == customer
    assert refusal(v1.payment_methods.attach, method, {"customer": customer})[0] == 400


def test_what_is_asked_for_is_filled_in(sandbox: StripeSandbox, v1: Any) -> None:
    customer = sandbox.add("customer")["id"]
    v1.customers.tax_ids.create(customer, {"type": "eu_vat", "value": "DE123456789"})
    charge = sandbox.add("charge", customer=customer)["id"]
    sandbox.add("payment_intent", customer=customer, latest_charge=charge)
    listed = v1.payment_intents.list({"customer": customer, "expand": ["data.latest_charge"]})
    assert listed.data[0].latest_charge.id == charge
    full = v1.customers.retrieve(customer, {"expand": ["tax_ids", "subscriptions"]})
    assert (len(full.tax_ids.data), len(full.subscriptions.data)) == (1, 0)
    assert refusal(v1.customers.retrieve, customer, {"expand": ["friends"]})[0] == 400


def test_search_knows_a_customer_only_after_a_while(v1: Any, sandbox: StripeSandbox) -> None:
    sandbox.search_lag = 60
    sandbox.add("customer", email="Ann@example.org", metadata={"supabase_user_id": "u'1"})
    query = {"query": "metadata['supabase_user_id']:'u\\'1' AND email:'ann@example.org'"}
    assert not v1.customers.search(query).data
    sandbox.search_lag = 0
    assert len(v1.customers.search(query).data) == 1
    assert refusal(v1.customers.search, {"query": "everybody"})[0] == 400


def test_only_who_asks_sees_the_address_that_taxes_were_reckoned_by(
    sandbox: StripeSandbox, v1: Any
) -> None:
    customer = sandbox.add("customer", tax={"ip_address": "192.0.2.7"})["id"]
    assert "tax" not in v1.customers.retrieve(customer).to_dict()
    asked = v1.customers.retrieve(customer, {"expand": ["tax"]})
    assert asked.tax.ip_address == "192.0.2.7"
    v1.customers.update(customer, {"tax": {"ip_address": ""}})
    assert v1.customers.retrieve(customer, {"expand": ["tax"]}).tax.ip_address is None
