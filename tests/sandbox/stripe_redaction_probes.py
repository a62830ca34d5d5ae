"""Probes of the rules on redaction jobs."""

from collections.abc import Callable
from typing import Any

from fluxrouter.sandbox.stripe import SECRET_KEY, StripeSandbox
from fluxrouter.sandbox.transport import httpx_client
from tests.sandbox.stripe_probes import probe

PREVIEW = "2026-09-30.preview"
DAY = 24 * 3600
Call = Callable[..., Any]


def caller(sandbox: StripeSandbox, version: str = PREVIEW) -> Call:
    """Calls a path below the redaction jobs: the released client doesn't know them."""
    headers = {"Authorization": f"Bearer {SECRET_KEY}", "Stripe-Version": version}
    client = httpx_client(sandbox, headers=headers)

    def call(method: str, path: str = "", **data: Any) -> Any:
        where = f"/v1/privacy/redaction_jobs{path}"
        if method == "GET":
            return client.get(where, params=data)
        return client.request(method, where, data=data)

    return call


def created(sandbox: StripeSandbox, named: str, kind: str = "customers", **data: Any) -> str:
    job = caller(sandbox)("POST", **{f"objects[{kind}][]": named}, **data).json()
    return str(job["id"])


def looked_at(sandbox: StripeSandbox, job: str, times: int = 2) -> dict[str, Any]:
    """The job after some looks at it."""
    answers = [caller(sandbox)("GET", f"/{job}").json() for _ in range(times)]
    return dict(answers[-1])


def codes(sandbox: StripeSandbox, job: str) -> set[str]:
    errors = looked_at(sandbox, job, 3)["validation_errors"]["data"]
    return {error["code"] for error in errors}


def run(sandbox: StripeSandbox, job: str) -> dict[str, Any]:
    """The job after its run, however long that takes."""
    looked_at(sandbox, job)
    caller(sandbox)("POST", f"/{job}/run")
    return looked_at(sandbox, job)


def old(sandbox: StripeSandbox) -> int:
    return sandbox.store.now() - 91 * DAY


@probe
def redaction_needs_a_preview_version(sandbox: StripeSandbox, v1: Any) -> bool:
    released = caller(sandbox, "2026-10-28.endive")("GET")
    return released.status_code == 404 and caller(sandbox)("GET").status_code == 200


@probe
def redaction_takes_time(sandbox: StripeSandbox, v1: Any) -> bool:
    customer = sandbox.add("customer")["id"]
    job = caller(sandbox)("POST", **{"objects[customers][]": customer}).json()
    later = [looked_at(sandbox, job["id"], 1)["status"] for _ in range(2)]
    return [job["status"], *later] == ["created", "validating", "ready"]


@probe
def redaction_takes_ten_objects(sandbox: StripeSandbox, v1: Any) -> bool:
    ids = [sandbox.add("customer")["id"] for _ in range(11)]
    outcomes = [
        caller(sandbox)("POST", **{"objects[customers][]": ids[:number]}).status_code
        for number in (10, 11)
    ]
    return outcomes == [200, 400]


@probe
def redaction_reaches_related_objects(sandbox: StripeSandbox, v1: Any) -> bool:
    customer = sandbox.add("customer", name="Ann")["id"]
    charge = {"description": "Ann's", "created": old(sandbox)}
    sandbox.add("charge", id="ch_1", customer=customer, **charge)
    run(sandbox, created(sandbox, customer))
    return bool(v1.charges.retrieve("ch_1").description == "[redacted]")


@probe
def redaction_reaches_events(sandbox: StripeSandbox, v1: Any) -> bool:
    customer = sandbox.add("customer", name="Ann Lee")["id"]
    event = {"type": "customer.updated", "data": {"object": {**sandbox.live(customer)}}}
    sandbox.add("event", id="evt_1", **event)
    run(sandbox, created(sandbox, customer))
    return "Ann Lee" not in str(sandbox.store.tables["event"]["evt_1"])


@probe
def redaction_locks_objects(sandbox: StripeSandbox, v1: Any) -> bool:
    customer = sandbox.add("customer")["id"]
    created(sandbox, customer)
    return "locked_by_other_job" in codes(sandbox, created(sandbox, customer))


@probe
def redaction_is_canceled_before_it_runs(sandbox: StripeSandbox, v1: Any) -> bool:
    sandbox.add("privacy.redaction_job", id="prj_1", status="redacting", objects={})
    return bool(caller(sandbox)("POST", "/prj_1/cancel").status_code == 400)


@probe
def young_payments_cannot_be_redacted(sandbox: StripeSandbox, v1: Any) -> bool:
    moments = (sandbox.store.now() - 89 * DAY, old(sandbox))
    found = []
    for moment in moments:
        charge = sandbox.add("charge", created=moment)["id"]
        found.append("invalid_state" in codes(sandbox, created(sandbox, charge, "charges")))
    return found == [True, False]


@probe
def open_disputes_cannot_be_redacted(sandbox: StripeSandbox, v1: Any) -> bool:
    found = []
    for status in ("needs_response", "lost"):
        charge = sandbox.add("charge", created=old(sandbox))["id"]
        sandbox.add("dispute", charge=charge, status=status)
        found.append("invalid_state" in codes(sandbox, created(sandbox, charge, "charges")))
    return found == [True, False]


@probe
def evidence_files_cannot_be_redacted(sandbox: StripeSandbox, v1: Any) -> bool:
    customer = sandbox.add("customer")["id"]
    sandbox.add("charge", customer=customer, created=old(sandbox))
    sandbox.add("file", customer=customer)
    return "invalid_file_purpose" in codes(sandbox, created(sandbox, customer))
