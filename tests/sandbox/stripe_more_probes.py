"""The other probes: invoices, payments, fields, idempotency, keys."""

from typing import Any

from fluxrouter.sandbox.stripe import StripeSandbox
from tests.sandbox import stripe_billing_probes, stripe_redaction_probes
from tests.sandbox.stripe_client import client_of, refusal
from tests.sandbox.stripe_probes import PROBES, probe


@probe
def drafts_can_be_deleted(sandbox: StripeSandbox, v1: Any) -> bool:
    draft = sandbox.add("invoice", status="draft")["id"]
    paid = sandbox.add("invoice", status="paid")["id"]
    outcomes = [refusal(v1.invoices.delete, one)[0] for one in (draft, paid)]
    return outcomes == [200, 400] and refusal(v1.invoices.retrieve, draft)[0] != 200


@probe
def open_invoices_can_be_voided(sandbox: StripeSandbox, v1: Any) -> bool:
    open_ = sandbox.add("invoice", status="open")["id"]
    paid = sandbox.add("invoice", status="paid")["id"]
    outcomes = [refusal(v1.invoices.void_invoice, one)[0] for one in (open_, paid)]
    return outcomes == [200, 400] and v1.invoices.retrieve(open_).status == "void"


@probe
def unfinished_payments_can_be_canceled(sandbox: StripeSandbox, v1: Any) -> bool:
    waiting = sandbox.add("payment_intent", status="requires_action")["id"]
    paid = sandbox.add("payment_intent", status="succeeded")["id"]
    outcomes = [refusal(v1.payment_intents.cancel, one) for one in (waiting, paid)]
    return outcomes == [(200, None), (400, "payment_intent_unexpected_state")]


@probe
def detach_unlinks(sandbox: StripeSandbox, v1: Any) -> bool:
    customer = sandbox.add("customer")["id"]
    method = sandbox.add("payment_method", customer=customer)["id"]
    v1.payment_methods.detach(method)
    return not v1.customers.payment_methods.list(customer).data


@probe
def second_detach_is_refused(sandbox: StripeSandbox, v1: Any) -> bool:
    method = sandbox.add("payment_method")["id"]
    return refusal(v1.payment_methods.detach, method) == (400, None)


@probe
def tax_id_goes(sandbox: StripeSandbox, v1: Any) -> bool:
    customer = sandbox.add("customer")["id"]
    tax_id = v1.customers.tax_ids.create(customer, {"type": "eu_vat", "value": "DE123456789"})
    v1.customers.tax_ids.delete(customer, tax_id.id)
    return not v1.customers.tax_ids.list(customer).data


@probe
def empty_value_clears_field(sandbox: StripeSandbox, v1: Any) -> bool:
    customer = sandbox.add("customer", name="Ann", address={"city": "Bonn"})["id"]
    cleared = v1.customers.update(customer, {"name": "", "address": ""})
    return cleared.name is None and cleared.address is None


@probe
def empty_metadata_value_removes_key(sandbox: StripeSandbox, v1: Any) -> bool:
    customer = sandbox.add("customer", metadata={"a": "1", "b": "2"})["id"]
    changed = v1.customers.update(customer, {"metadata": {"a": ""}})
    return "a" not in changed.metadata


@probe
def empty_metadata_clears_all(sandbox: StripeSandbox, v1: Any) -> bool:
    customer = sandbox.add("customer", metadata={"a": "1"})["id"]
    return not v1.customers.update(customer, {"metadata": ""}).metadata.to_dict()


@probe
def metadata_merges(sandbox: StripeSandbox, v1: Any) -> bool:
    customer = sandbox.add("customer", metadata={"a": "1"})["id"]
    changed = v1.customers.update(customer, {"metadata": {"b": "2"}})
    return bool(changed.metadata.to_dict() == {"a": "1", "b": "2"})


@probe
def missing_has_code(sandbox: StripeSandbox, v1: Any) -> bool:
    return refusal(v1.customers.retrieve, "cus_nobody") == (404, "resource_missing")


@probe
def same_key_same_answer(sandbox: StripeSandbox, v1: Any) -> bool:
    options = {"idempotency_key": "k"}
    made = {v1.customers.create({"name": "Ann"}, options).id for _ in range(2)}
    return len(made) == 1


@probe
def errors_are_replayed(sandbox: StripeSandbox, v1: Any) -> bool:
    sandbox.faults.add("server_error")
    options = {"idempotency_key": "k"}
    statuses = [refusal(v1.customers.create, {"name": "Ann"}, options)[0] for _ in range(2)]
    return statuses == [500, 500]


@probe
def key_binds_parameters(sandbox: StripeSandbox, v1: Any) -> bool:
    options = {"idempotency_key": "k"}
    v1.customers.create({"name": "Ann"}, options)
    return refusal(v1.customers.create, {"name": "Bea"}, options)[0] == 400


@probe
def rate_limit_is_429(sandbox: StripeSandbox, v1: Any) -> bool:
    sandbox.faults.add("rate_limited")
    return refusal(v1.customers.list) == (429, "rate_limit")


@probe
def unknown_key_is_401(sandbox: StripeSandbox, v1: Any) -> bool:
    return refusal(client_of(sandbox, "sk_test_other").v1.customers.list)[0] == 401


@probe
def missing_permission_is_403(sandbox: StripeSandbox, v1: Any) -> bool:
    reader = client_of(sandbox, sandbox.allow("rk_test_reader", {"customers": "read"})).v1
    customer = sandbox.add("customer")["id"]
    allowed = refusal(reader.customers.retrieve, customer)[0]
    return (allowed, refusal(reader.customers.delete, customer)[0]) == (200, 403)


# The probes are complete once all these modules are loaded.
MODULES = (stripe_billing_probes, stripe_redaction_probes)
ALL_PROBES = PROBES
