"""The connector for our own database."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.identity import accounts_of
from accounts.models import ApiKey, Restriction
from accounts.purposes import Purpose
from privacy.connectors.base import (
    Action,
    Connector,
    Described,
    Discovery,
    Outcome,
    Record,
    Residue,
    Subject,
    Task,
    Value,
)
from privacy.connectors.database import canary, correct, describe, erase, export, find
from privacy.datamap import Erase


class DatabaseConnector(Connector):
    """Tables of ours, as the data map describes them."""

    name = "database"
    title = "FluxRouter’s own database"
    # They are found by our rows, or refer to them.
    erase_after = frozenset(
        [
            "stripe",
            "chatbase",
            "resend",
            "openai",
            "anthropic",
            "gemini",
            "supabase_storage",
            "external_tables",
        ]
    )
    own_traces = frozenset({"restriction", "usagestatement"})
    restricts = frozenset(Purpose)
    corrects = frozenset(correct.COLUMNS)
    erasure = (
        Action("prepare", "Look again for rows that came since", irreversible=False),
        Action("erase_metadata", "Delete request metadata and redacted copies"),
        Action("erase_rows", "Delete the account, its keys and messages"),
    )

    def discover(self, subject: Subject) -> Discovery:
        accounts = [str(account.pk) for account in accounts_of(subject.email)]
        known = sorted({*accounts, *subject.refs.get("accounts", [])})
        discovery = Discovery(refs={"accounts": known})
        if len(known) > 1:
            discovery.blockers.append("several_accounts")
        known_subject = subject._replace(refs={**subject.refs, "accounts": known})
        for part, number in find.held(known_subject):
            note(discovery, part, number)
        return discovery

    def describe(self) -> dict[str, Described]:
        return describe.described()

    def export(self, subject: Subject, refs: dict[str, list[str]]) -> Iterator[Record]:
        return export.export_rows(subject)

    def freeze(self, task: Task) -> Outcome:
        """Deny service to the accounts and revoke their API keys, both with one time stamp.

        The stamp tells afterwards which keys this freeze took, also when it is repeated.
        """
        request_id, accounts = task.subject.request_id, task.subject.refs.get("accounts", [])
        earlier = Restriction.objects.filter(request_id=request_id, lifted_at=None).first()
        since = earlier.since if earlier else timezone.now()
        with transaction.atomic():
            stop(task, [Purpose.SERVICE], since)
            keys = ApiKey.objects.filter(account_id__in=accounts)
            keys.filter(revoked_at=None).update(revoked_at=since)
        revoked = [str(pk) for pk in keys.filter(revoked_at=since).values_list("pk", flat=True)]
        return Outcome(receipt={"keys": revoked, "revoked_at": since.isoformat()})

    def restrict(self, task: Task) -> Outcome:
        """Write down for gateway and jobs which uses must stop. The service goes on."""
        stop(task, task.purposes, timezone.now())
        return Outcome(receipt={"purposes": list(task.purposes)})

    def lift(self, task: Task) -> Outcome:
        """Give back the uses that the freeze or restriction took, and exactly its keys."""
        purposes = task.undo.get("purposes", [Purpose.SERVICE])
        with transaction.atomic():
            Restriction.objects.filter(
                request_id=task.subject.request_id, purpose__in=purposes, lifted_at=None
            ).update(lifted_at=timezone.now())
            keys = ApiKey.objects.filter(
                pk__in=task.undo.get("keys", []), revoked_at=task.undo.get("revoked_at")
            )
            restored = keys.update(revoked_at=None)
        return Outcome(receipt={"restored": restored})

    def current(self, task: Task) -> list[Value]:
        return correct.current(task)

    def correct(self, task: Task) -> Outcome:
        return Outcome(receipt={"corrected": correct.correct(task)})

    def erase(self, task: Task) -> Outcome:
        if task.action == "prepare":
            return Outcome(receipt=self.rediscover(task).as_json())
        if task.action == "erase_metadata":
            return erase.erase_partitions(task)
        return erase.erase_rows(task)

    def verify(self, subject: Subject, refs: dict[str, list[str]]) -> list[Residue]:
        return [Residue(table, left) for table, left in erase.residues(subject).items()]

    def plant(self, subject: Subject) -> dict[str, list[str]]:
        return {"accounts": [canary.plant(subject)]}


def stop(task: Task, purposes: Iterable[str], since: datetime) -> None:
    """One row per account and purpose; one that is there is left alone."""
    rows = [
        Restriction(
            account_id=account,
            purpose=purpose,
            request_id=task.subject.request_id,
            since=since,
        )
        for account in task.subject.refs.get("accounts", [])
        for purpose in purposes
    ]
    Restriction.objects.bulk_create(rows, ignore_conflicts=True)


def note(discovery: Discovery, part: find.Slice, number: int) -> None:
    """Count a slice under what will happen to it."""
    kind = part.row.collection
    discovery.found[kind] = discovery.found.get(kind, 0) + number
    if part.row.erase is Erase.DELETE:
        discovery.erase[kind] = discovery.erase.get(kind, 0) + number
    elif part.row.ground:
        kept = {"what": kind, "count": number, "ground": str(part.row.ground)}
        discovery.keep.append(kept)
