"""The connector for Supabase Storage."""

from base64 import b64encode
from collections.abc import Iterator
from itertools import chain
from uuid import uuid4

from django.conf import settings
from supabase import Client

from privacy.connectors.base import (
    Action,
    Connector,
    Discovery,
    Outcome,
    Record,
    Residue,
    Subject,
    Task,
)
from privacy.connectors.errors import NeedsHumanError, PermanentError, UnknownOutcomeError
from privacy.connectors.pulse import heartbeat
from privacy.connectors.supabase_client import GoneError
from privacy.connectors.supabase_storage import tables
from privacy.connectors.supabase_storage.client import PAGE, PIECE, Files
from privacy.connectors.supabase_storage.tables import Stored
from privacy.connectors.supabase_users import users_of


class SupabaseStorageConnector(Connector):
    """Files: those that a person owns, and those in the folder `<auth user id>/` of a bucket."""

    name = "supabase_storage"
    title = "Supabase Storage (files)"
    erase_after = frozenset({"stripe"})
    freezes = False  # who may not sign in can't reach files; the ban is Auth's
    erasure = (
        Action("prepare", "Look again", irreversible=False),
        Action("remove_files", "Remove the person’s files, 1,000 a call"),
    )

    def __init__(self, client: Client, buckets: list[str]) -> None:
        self.files = Files(client)
        self.buckets = buckets

    def discover(self, subject: Subject) -> Discovery:
        tables.check_readable()
        tables.check_buckets(self.buckets)
        users = users_of(subject)
        discovery = Discovery(refs={"auth_users": users})
        counts = dict.fromkeys(("stored_file", "file_content"), 0)
        for file in self._stored(users):
            counts["stored_file"] += 1
            counts["file_content"] += parts_of(file)
            if file.bucket not in self.buckets and "unlisted_bucket" not in discovery.blockers:
                discovery.blockers.append("unlisted_bucket")
        counts["unfinished_upload"] = len(tables.unfinished(users))
        found = {kind: number for kind, number in counts.items() if number}
        discovery.found.update(found)
        discovery.erase.update(found)
        return discovery

    def _names(self, users: list[str]) -> Iterator[tuple[str, list[str]]]:
        """Buckets with names: the folders by Storage's API, what is owned elsewhere by SQL."""
        for bucket in self.buckets:
            for user in users:
                for names in self.files.names_under(bucket, f"{user}/"):
                    if names:
                        yield bucket, names
        if users:
            yield from tables.owned_elsewhere(users, self.buckets, PAGE)

    def _stored(self, users: list[str]) -> Iterator[Stored]:
        for bucket, names in self._names(users):
            heartbeat()
            yield from tables.stored(bucket, names)

    def export(self, subject: Subject, refs: dict[str, list[str]]) -> Iterator[Record]:
        """Rows, then contents in pieces that fit into memory, then uploads that never ended."""
        users = refs.get("auth_users", [])
        for file in self._stored(users):
            yield Record("stored_file", file.json)
        for file in self._stored(users):
            yield from self._content(file)
        for text in tables.unfinished(users):
            yield Record("unfinished_upload", text)

    def _content(self, file: Stored) -> Iterator[Record]:
        """A file that went meanwhile has no content; one that breaks off is read again."""
        pieces, size, part = self.files.pieces(file.bucket, file.name), 0, 0
        try:
            # An empty file has no piece, and yet must be in the package.
            for part, piece in enumerate(chain(pieces, [b""]), start=1):
                heartbeat()
                size += len(piece)
                if piece or part == 1:
                    text = b64encode(piece).decode()
                    yield Record(
                        "file_content",
                        tables.content_record(file, part, parts_of(file), text),
                    )
        except GoneError:
            return
        if file.size not in (None, size):
            raise UnknownOutcomeError("no_answer")

    def erase(self, task: Task) -> Outcome:
        if task.action == "prepare":
            return Outcome(receipt=self.rediscover(task).as_json())
        return Outcome(receipt={"erased": {"stored_file": self._remove_all(task)}})

    def _remove_all(self, task: Task) -> int:
        """Remove the first names that a new look finds, until it finds none.

        Storage says nothing of what it didn't remove. One call without effect may be another
        worker's doing; a second one after a new look is a refusal.
        """
        users = task.refs.get("auth_users", [])
        removed, idle = 0, 0
        while idle < 2:
            bucket, names = next(self._names(users), ("", []))
            if not names:
                return removed
            gone = self.files.remove(bucket, names)
            removed += gone
            idle = 0 if gone else idle + 1
            task.heartbeat()
        raise NeedsHumanError("not_removed", {"stored_file": len(names)})

    def verify(self, subject: Subject, refs: dict[str, list[str]]) -> list[Residue]:
        """Counts rows by SQL in every bucket; the removal went over Storage's API."""
        tables.check_readable()
        users = refs.get("auth_users", [])
        looks = [
            Residue("stored_file", tables.left(users)),
            # Ending an upload takes S3's own keys, which we don't hold.
            Residue("unfinished_upload", len(tables.unfinished(users)), by_hand=True),
        ]
        return [residue for residue in looks if residue.number]

    def plant(self, subject: Subject) -> dict[str, list[str]]:
        """A small file in the person's folder. Supabase has no test mode, so a setting says it."""
        if not settings.SUPABASE_DRILL:
            raise PermanentError("no_test_mode")
        users = subject.refs.get("auth_users") or [str(uuid4())]
        self.files.upload(self.buckets[0], f"{users[0]}/drill.txt", subject.email.encode())
        return {"auth_users": users}


def parts_of(file: Stored) -> int:
    """Into how many pieces a file is exported; an empty one is one piece."""
    return max(1, -(-(file.size or 0) // PIECE))
