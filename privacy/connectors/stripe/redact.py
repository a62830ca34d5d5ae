"""Redaction jobs: Stripe empties what it keeps. A preview, with a version of its own.

A job goes created → validating → ready or failed; ready → redacting → succeeded; ready or failed
→ canceling → canceled. Source: docs.stripe.com/privacy/redaction, /api/privacy/redaction-job.
"""

from datetime import timedelta
from typing import Any, NoReturn
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone

from privacy.connectors.base import Outcome
from privacy.connectors.errors import (
    NeedsHumanError,
    RetryError,
    UnknownOutcomeError,
    as_code,
)
from privacy.connectors.stripe.client import GoneError, stripe_errors
from privacy.connectors.stripe.discover import newest_charge, redactable_at
from privacy.connectors.stripe.eraser import Eraser
from privacy.connectors.stripe.find import Finder, Roots
from privacy.connectors.stripe.objects import DISPUTED

PATH = "/v1/privacy/redaction_jobs"
LARGEST = 10  # identifiers that a job takes
POLL = timedelta(minutes=5)
# What a payment that is too young may be told as: of itself, or of the customer it belongs to.
TOO_YOUNG = frozenset({"invalid_state", "invalid_cascading_source"})
# Which lists of a job a guest's session fills, and from which of its fields.
GUEST = {
    "checkout_sessions": "id",
    "payment_intents": "payment_intent",
    "setup_intents": "setup_intent",
}
Job = dict[str, Any]


class Redaction:
    """One step of many months: its cursor holds the jobs, and each call moves one of them on."""

    def __init__(self, finder: Finder, eraser: Eraser, roots: Roots) -> None:
        self.finder = finder
        self.eraser = eraser
        self.roots = roots
        self.jobs: list[Job] = eraser.task.cursor.get("jobs", [])

    def go_on(self) -> Outcome:
        if "jobs" not in self.eraser.task.cursor:
            self.jobs = [
                {"objects": objects, "id": "", "round": 0, "done": False}
                for objects in split(self.identifiers())
            ]
            return self.written()
        waiting = [job for job in self.jobs if not job["done"]]
        if waiting:
            return self.advance(waiting[0])
        return Outcome(receipt={"redaction_jobs": [job["id"] for job in self.jobs]})

    def identifiers(self) -> list[tuple[str, str]]:
        """A customer takes all that hangs on it along; a guest's payment is named by itself."""
        found = [("customers", customer) for customer in self.roots.customers]
        for session in self.finder.sessions(self.roots):
            found += [(name, session[field]) for name, field in GUEST.items() if session[field]]
        return found

    def written(self) -> Outcome:
        return Outcome(more=True, cursor={"jobs": self.jobs})

    def advance(self, job: Job) -> Outcome:
        if not job["id"]:
            return self.create(job)
        status = self.status(job)
        if status == "succeeded":
            job["done"] = True
            return self.written()
        if status == "canceled":  # it can't be used again
            job |= {"id": "", "round": job["round"] + 1}
            return self.written()
        if status == "ready":
            self.call("post", self.place(job, "/run"), key=("run", job["id"]))
        elif status == "failed":
            self.give_up(job)
        elif status not in ("created", "validating", "redacting", "canceling"):
            raise UnknownOutcomeError("strange_answer")
        raise RetryError("redaction_running", after=POLL)

    def create(self, job: Job) -> Outcome:
        self.check_disputes()
        self.wait_for_age()
        key = ("job", str(self.jobs.index(job)), str(job["round"]))
        parameters = {"objects": job["objects"], "validation_behavior": "error"}
        job["id"] = str(self.call("post", PATH, key=key, **parameters)["id"])
        return self.written()

    def status(self, job: Job) -> str:
        try:
            return str(self.call("get", self.place(job)).get("status"))
        except GoneError:
            return "canceled"

    def check_disputes(self) -> None:
        """A redacted payment's dispute is lost (docs.stripe.com/privacy/redaction)."""
        for dispute in self.finder.objects("dispute", self.roots):
            if dispute.get("status") in DISPUTED:
                raise NeedsHumanError("open_dispute")

    def wait_for_age(self) -> None:
        left = redactable_at(newest_charge(self.finder, self.roots)) - timezone.now()
        if left > timedelta(0):
            raise RetryError("waits_by_law", after=left)

    def give_up(self, job: Job) -> NoReturn:
        """A failed job is cancelled, so that it holds its objects no longer. The next attempt
        makes a new one: after the wait, or when a person of ours has done what the code asks for.
        """
        codes = self.errors(job)
        self.call("post", self.place(job, "/cancel"), key=("cancel", job["id"]))
        if codes <= TOO_YOUNG:
            self.wait_for_age()
        raise NeedsHumanError(min(codes, default="strange_answer"), {"codes": sorted(codes)})

    def errors(self, job: Job) -> set[str]:
        codes: set[str] = set()
        query: dict[str, Any] = {"limit": 100}
        more = True
        while more:
            page = self.call("get", self.place(job, "/validation_errors"), **query)
            codes |= {as_code(str(error.get("code"))) for error in page["data"]}
            more = bool(page.get("has_more") and page["data"])
            query["starting_after"] = page["data"][-1]["id"] if page["data"] else ""
        return codes

    def place(self, job: Job, verb: str = "") -> str:
        return f"{PATH}/{quote(job['id'], safe='')}{verb}"

    def call(self, method: str, path: str, *, key: tuple[str, ...] = (), **parameters: Any) -> Any:
        """By the erase key: the read key may not see these jobs."""
        options = self.eraser.options(*key) if key else {}
        options["stripe_version"] = settings.STRIPE_REDACTION_VERSION
        with stripe_errors():
            return self.eraser.client.raw_request(method, path, **parameters, **options).data


def split(identifiers: list[tuple[str, str]]) -> list[dict[str, list[str]]]:
    """The objects of each job."""
    jobs = []
    for start in range(0, len(identifiers), LARGEST):
        objects: dict[str, list[str]] = {}
        for name, identifier in identifiers[start : start + LARGEST]:
            objects.setdefault(name, []).append(identifier)
        jobs.append(objects)
    return jobs
