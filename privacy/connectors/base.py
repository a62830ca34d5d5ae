"""What every system that holds personal data must be able to do for a data subject.

A connector translates between the ledger's actions and its system. It keeps no state, retries
nothing and writes nothing of ours: the ledger does (docs/adr/0004-ledger.md).
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from privacy.connectors.errors import NeedsHumanError, PermanentError


class Subject(NamedTuple):
    """The data subject, as far as a connector needs to know them.

    `refs` are ids per system, as known when the request was verified: the keys `accounts`,
    `auth_users` and `customers`.
    """

    request_id: UUID
    email: str
    refs: dict[str, list[str]]


class Record(NamedTuple):
    """One exported record: the collection it belongs to, and JSON text."""

    collection: str
    json: str


class Described(NamedTuple):
    """What a kind of record is, in words for the person: what GDPR Art. 15(1) asks for.

    `withheld` names fields that are never shown.
    """

    title: str
    data: tuple[str, ...]
    purpose: str
    basis: str
    source: str
    recipients: tuple[str, ...]
    kept: str
    withheld: tuple[str, ...] = ()


class Action(NamedTuple):
    """One step of an erasure. `spawned` actions get a row per object once these are known."""

    name: str
    title: str
    irreversible: bool = True
    spawned: bool = False
    # Done only when the approver chose it: `title` is what they tick. See `Discovery.offers`.
    optional: bool = False
    # May have to wait for months by law. It and what follows it don't hold up the answer: the
    # request closes in part, and a letter of its own tells when this is done.
    deferred: bool = False


class Value(NamedTuple):
    """What a correctable field holds at a system. Personal: sealed wherever it is kept."""

    object: str
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a system holds on a subject: ids, counts and codes; nothing personal.

    `erase` counts by kind what erasure removes, `keep` lists what stays:
    {"what": kind, "count": n, "ground": a code of `privacy.grounds`}, n being 0 where nobody can
    count it. `offers` names optional actions that make sense here, each with the earliest day on
    which it can be done (ISO 8601).
    """

    refs: dict[str, list[str]] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    erase: dict[str, int] = field(default_factory=dict)
    keep: list[dict[str, Any]] = field(default_factory=list)
    blockers: list[str] = field(default_factory=list)
    offers: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Outcome:
    """What became of a step. `receipt` outlives the data: codes, ids, counts.

    `spawn` lists (action, object) rows to add; `more` keeps the step running with a new cursor.
    `by_hand` names what only people can do there: each becomes a manual task of this system.
    """

    receipt: dict[str, Any] = field(default_factory=dict)
    spawn: list[tuple[str, str]] = field(default_factory=list)
    more: bool = False
    cursor: dict[str, Any] = field(default_factory=dict)
    by_hand: list[str] = field(default_factory=list)


class Residue(NamedTuple):
    """Something that the last look still found.

    `by_hand`: the system has no call for it, so that it becomes a manual task.
    """

    what: str
    number: int
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """One claimed step, as its connector sees it."""

    action: str
    subject: Subject
    object: str = ""
    refs: dict[str, list[str]] = field(default_factory=dict)  # of the latest discovery here
    approved: dict[str, Any] = field(default_factory=dict)  # this system's part of the plan
    cursor: dict[str, Any] = field(default_factory=dict)
    undo: dict[str, Any] = field(default_factory=dict)  # receipt of the freeze or restriction
    purposes: tuple[str, ...] = ()  # the uses to stop, for `restrict`
    patch: dict[str, str] = field(default_factory=dict)  # new values by field, for `correct`
    epoch: int = 0
    heartbeat: Callable[[], None] = lambda: None

    def idempotency_key(self, *parts: str) -> str:
        """Names this call and nobody: a hash of ids. A new epoch makes a new key."""
        text = "|".join([str(self.subject.request_id), self.action, str(self.epoch), *parts])
        return hashlib.sha256(text.encode()).hexdigest()


class Connector:
    """Base of all connectors: finds the method for an action, and knows plan drift."""

    name: ClassVar[str]
    title: ClassVar[str]
    # Connectors whose records need ours to be found: they are erased before.
    erase_after: ClassVar[frozenset[str]] = frozenset()
    erasure: ClassVar[tuple[Action, ...]] = ()
    # Kinds that the freeze itself may add: no surprise to anybody.
    own_traces: ClassVar[frozenset[str]] = frozenset()
    freezes: ClassVar[bool] = True  # False: nothing is in use there that a freeze could stop
    # The purposes that `restrict` stops here, and the fields that `correct` writes here.
    restricts: ClassVar[frozenset[str]] = frozenset()
    corrects: ClassVar[frozenset[str]] = frozenset()

    def discover(self, subject: Subject) -> Discovery:
        """What is held. A stranger is no error: an empty Discovery."""
        raise NotImplementedError(f"{type(self).__name__} must implement discover")

    def describe(self) -> dict[str, Described]:
        """What its kinds are, where a table says so; of others the processor's row is told."""
        return {}

    def export(self, subject: Subject, refs: dict[str, list[str]]) -> Iterator[Record]:
        """Every record held, collection by collection."""
        raise NotImplementedError(f"{type(self).__name__} must implement export")

    def freeze(self, task: Task) -> Outcome:
        """Stop use and change at once; the receipt holds what `lift` needs to undo it exactly."""
        raise NotImplementedError(f"{type(self).__name__} must implement freeze")

    def restrict(self, task: Task) -> Outcome:
        """Stop the uses `task.purposes` that this system serves; the receipt is as `freeze`'s.

        Its `before` holds what stood there: nothing in it means that nothing was stopped.
        """
        raise NotImplementedError(f"{type(self).__name__} must implement restrict")

    def lift(self, task: Task) -> Outcome:
        """Undo exactly the freeze or restriction whose receipt is `task.undo`."""
        raise NotImplementedError(f"{type(self).__name__} must implement lift")

    def current(self, task: Task) -> list[Value]:
        """What stands now in the fields of `task.patch`, object by object. Changes nothing."""
        raise NotImplementedError(f"{type(self).__name__} must implement current")

    def correct(self, task: Task) -> Outcome:
        """Write `task.patch` where a field differs. The receipt counts by field."""
        raise NotImplementedError(f"{type(self).__name__} must implement correct")

    def erase(self, task: Task) -> Outcome:
        """Carry out one action of `erasure`. Nothing left to erase is success."""
        raise NotImplementedError(f"{type(self).__name__} must implement erase")

    def verify(self, subject: Subject, refs: dict[str, list[str]]) -> list[Residue]:
        """What is still there, looked up on another path than `erase` took."""
        raise NotImplementedError(f"{type(self).__name__} must implement verify")

    def plant(self, subject: Subject) -> dict[str, list[str]]:
        """Put a canary person in, for the fire drill: only where the key is a test mode's.

        Returns the refs that a request would know. PermanentError("no_test_mode") elsewhere.
        """
        raise PermanentError("no_test_mode")

    def rediscover(self, task: Task) -> Discovery:
        """Look again before the first irreversible action.

        More of a kind that the approver saw is taken in. A new kind or a new blocker goes back
        to a person: NeedsHumanError.
        """
        discovery = self.discover(task.subject)
        expected = {*task.approved.get("found", {}), *self.own_traces}
        if discovery.found.keys() - expected:
            raise NeedsHumanError("new_kind", discovery.as_json())
        for blocker in discovery.blockers:
            if blocker not in task.approved.get("accepted", []):
                raise NeedsHumanError(blocker, discovery.as_json())
        return discovery
