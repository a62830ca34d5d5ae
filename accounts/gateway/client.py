"""What a gateway may still do: reference client of the enforcement feed. Standard library only.

Copy this file into the gateway, or import it: it needs nothing else of this project. Call `sync`
before the first call is served, keep `run` going in a thread, and ask before each use.

It fails safe. A denial that was heard once holds, with or without contact, until the feed itself
takes it back; what was erased or removed never comes back. When the feed was last read to its end
longer ago than `stale_after`, every use but the service counts as stopped, for everybody.
"""

import http.client
import json
import os
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

SERVICE = "service"
FOR_EVER = ("erased", "removed")  # ids are never used twice
# Of the network, of HTTP, of a broken answer, of the disk.
ERRORS = (OSError, http.client.HTTPException, ValueError, KeyError, TypeError)
LONGEST_PAUSE = 15.0  # seconds between two tries

Fetch = Callable[[str | None, int], dict[str, Any]]


class StartAgain(Exception):  # noqa: N818  (an answer, not an error)
    """The cursor is of no use any more (HTTP 410)."""


@dataclass(frozen=True)
class Cache:
    """What the feed told. `entries`: by account or key its state and stopped uses."""

    cursor: str | None = None
    generation: str = ""
    as_of: float = 0.0  # when the feed was last read to its end
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)

    def with_changes(self, changes: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """The entries after these changes. Each names a whole state, so repeating is harmless."""
        entries = dict(self.entries) if changes else self.entries
        for each in changes:
            subject = each.get("key") or each["account"]
            if entries.get(subject, {}).get("state") in FOR_EVER:
                continue
            entries[subject] = {"state": each["state"], "stopped": each.get("stopped", [])}
            if each["state"] == "active" and not each.get("stopped"):
                del entries[subject]
        return entries


class Restrictions:
    """What is stopped, for one process of the gateway. `cache` is a file of its own."""

    def __init__(
        self,
        url: str,
        key: str,
        cache: Path,
        *,
        stale_after: float = 60.0,
        wait: int = 20,
        fetch: Fetch | None = None,
    ) -> None:
        self._fetch = fetch or over_http(url, key)
        self._file = cache
        self._stale_after = stale_after
        self._wait = wait
        self._cache = self._saved = load(cache)
        self._read_at: float | None = None  # as `as_of`, by a clock that nobody sets
        # While reading from the beginning: who was named so far.
        self._named: set[str] | None = None if self._cache.cursor else set()

    @property
    def is_fresh(self) -> bool:
        """Whether the feed was read to its end lately, by either clock."""
        age = time.time() - self._cache.as_of
        steady = time.monotonic() - self._read_at if self._read_at is not None else age
        return 0 <= age <= self._stale_after and steady <= self._stale_after

    def is_allowed(self, account: object, purpose: str) -> bool:
        """Whether this use of the account's data may go on (purposes: docs/gateway-feed.md)."""
        entry = self._cache.entries.get(str(account), {"state": "active", "stopped": []})
        if entry["state"] != "active" or purpose in entry["stopped"]:
            return False
        return purpose == SERVICE or self.is_fresh

    def key_allowed(self, key: object) -> bool:
        """Whether this API key, by its id, was neither revoked nor removed."""
        return str(key) not in self._cache.entries

    def sync(self) -> None:
        """Read to the feed's end, without waiting for news. Raises one of ERRORS."""
        while self.poll(0)["more"]:
            pass

    def run(self, stop: threading.Event) -> None:
        """Keep reading until `stop` is set. Errors mean trying again: `is_fresh` tells."""
        pause = 1.0
        while not stop.is_set():
            try:
                stop.wait(self.poll(self._wait).get("poll_after", 0))
                pause = 1.0
            except ERRORS:
                stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    def poll(self, wait: int) -> dict[str, Any]:
        """One question; what it changes is obeyed at once. Raises one of ERRORS."""
        asked, steady = time.time(), time.monotonic()
        try:
            body = self._fetch(self._cache.cursor, wait)
        except StartAgain:
            if self._cache.cursor is None:
                raise ValueError("the feed refuses to begin") from None
            self._named, self._cache = set(), replace(self._cache, cursor=None)
            return {"more": True}
        entries = self._cache.with_changes(body["changes"])
        self._cache = replace(self._cache, cursor=body["cursor"], entries=entries)
        if self._named is not None:
            self._named |= {each.get("key") or each["account"] for each in body["changes"]}
        if not body["more"]:
            self._cache = replace(self._freed(body["generation"]), as_of=asked)
            self._named, self._read_at = None, steady
            self._save()
        return body

    def _freed(self, generation: str) -> Cache:
        """After reading from the beginning, who wasn't named is free again.

        But not in another generation: a restored database may have forgotten what we were told.
        """
        told, named = self._cache, self._named
        if named is None or generation != told.generation:
            return replace(told, generation=generation)
        entries = {
            subject: entry
            for subject, entry in told.entries.items()
            if subject in named or entry["state"] in FOR_EVER
        }
        return replace(told, entries=entries)

    def _save(self) -> None:
        """All or nothing, whenever the process dies: then the same pages are asked for again."""
        if replace(self._cache, as_of=self._saved.as_of) == self._saved:
            return
        text = json.dumps(vars(self._cache))
        handle, temporary = tempfile.mkstemp(dir=self._file.parent, prefix=f".{self._file.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as target:
                target.write(text)
                target.flush()
                os.fsync(target.fileno())
            Path(temporary).replace(self._file)
            self._saved = self._cache
        finally:
            Path(temporary).unlink(missing_ok=True)


def load(file: Path) -> Cache:
    """The cache, or an empty one: then the feed is read from the beginning."""
    try:
        return Cache(**json.loads(file.read_text(encoding="utf-8")))
    except ERRORS:
        return Cache()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """The key must not travel to another address."""

    def redirect_request(self, *args: Any, **options: Any) -> None:
        return None


def over_http(url: str, key: str) -> Fetch:
    """How the feed is asked. The key goes over TLS only, or to this machine."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise ValueError("the feed's address must begin with https://")
    opener = urllib.request.build_opener(NoRedirect)

    def fetch(cursor: str | None, wait: int) -> dict[str, Any]:
        query = urllib.parse.urlencode({"cursor": cursor or "", "wait": wait})
        address = f"{url.rstrip('/')}/api/v1/gateway/restrictions?{query}"
        asked = urllib.request.Request(  # noqa: S310  (https, checked above)
            address, headers={"Authorization": f"Bearer {key}"}
        )
        try:
            with opener.open(asked, timeout=wait + 10) as response:
                return dict(json.load(response))
        except urllib.error.HTTPError as error:
            if error.code == 410:
                raise StartAgain from None
            raise

    return fetch
