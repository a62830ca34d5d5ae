"""The connector for Supabase Auth."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from supabase import Client
from supabase_auth.types import AdminUserAttributes

from privacy.connectors.base import (
    Action,
    Connector,
    Discovery,
    Outcome,
    Record,
    Residue,
    Subject,
    Task,
    Value,
)
from privacy.connectors.errors import PermanentError, UnknownOutcomeError
from privacy.connectors.supabase_auth import correct, tables
from privacy.connectors.supabase_auth.client import auth_errors
from privacy.connectors.supabase_client import GoneError

FOR_GOOD = "876000h"  # a hundred years: Auth has no ban without an end


class SupabaseAuthConnector(Connector):
    """Users, identities, sessions, factors, and the audit rows that outlive them."""

    name = "supabase_auth"
    title = "Supabase Auth (sign-in)"
    # Its id is the key to the rest, so it goes last.
    erase_after = frozenset(
        ["stripe", "chatbase", "resend", "supabase_storage", "external_tables", "database"]
    )
    # The freeze is logged, and so is every attempt of the person to sign in meanwhile.
    own_traces = frozenset({"audit_log_entry", "flow_state", "mfa_challenge", "one_time_token"})
    corrects = correct.FIELDS
    erasure = (
        Action("prepare", "Look again, and at what refers to the user", irreversible=False),
        Action("delete_user", "Delete the user, with identities, sessions and factors"),
        Action("purge_audit", "Delete the sign-in log’s rows about the person"),
    )

    def __init__(self, client: Client) -> None:
        self.admin = client.auth.admin

    def discover(self, subject: Subject) -> Discovery:
        tables.check_readable()
        users = tables.users_of(subject)
        # A user who was deleted before us is still named in the sign-in log.
        known = sorted({*users, *subject.refs.get("auth_users", [])})
        discovery = Discovery(refs={"auth_users": known})
        counts = {"user": len(users), **self._counts(subject, known)}
        for kind, number in counts.items():
            if number:
                discovery.found[kind] = discovery.erase[kind] = number
        if len(users) > 1:
            discovery.blockers.append("several_users")
        if tables.other_sign_ins(subject, users):
            discovery.blockers.append("other_sign_in")
        if users and tables.blocking_keys():
            discovery.blockers.append("foreign_key")
        return discovery

    def _counts(self, subject: Subject, users: list[str]) -> dict[str, int]:
        found = tables.rows(subject, users)
        counts = {collection: len(lines) for collection, lines in found.items()}
        counts["factor"] = sum(len(self._factors(user)) for user in users)
        return counts

    def _factors(self, user: str) -> list[Any]:
        try:
            with auth_errors():
                return list(self.admin.mfa.list_factors({"user_id": user}))
        except GoneError:
            return []

    def _user(self, user: str) -> Any | None:
        try:
            with auth_errors():
                found = self.admin.get_user_by_id(user).user
        except GoneError:
            return None
        if found.id != user:
            raise UnknownOutcomeError("wrong_object")
        return found

    def export(self, subject: Subject, refs: dict[str, list[str]]) -> Iterator[Record]:
        users = refs.get("auth_users", [])
        for user in users:
            if found := self._user(user):
                yield Record("user", found.model_dump_json(exclude={"identities", "factors"}))
        for collection, lines in tables.rows(subject, users).items():
            for line in lines:
                yield Record(collection, line)
        for user in users:
            for factor in self._factors(user):
                yield Record("factor", factor.model_dump_json())

    def freeze(self, task: Task) -> Outcome:
        """Ban, and end all sessions. What stood there before is written down first."""
        users = task.approved.get("refs", {}).get("auth_users", [])
        if "before" not in task.cursor:
            return Outcome(more=True, cursor={"before": {user: self._ban(user) for user in users}})
        for user in users:
            self._set_ban(user, FOR_GOOD)
        ended = tables.end_sessions(users) if users else 0
        return Outcome(receipt={**task.cursor, "sessions": ended})

    def _ban(self, user: str) -> str:
        """Until when the user was banned before us, in ISO 8601, or ""."""
        rows = tables.query(
            "SELECT banned_until FROM auth.users WHERE id = %(user)s::uuid", {"user": user}
        )
        return rows[0][0].isoformat() if rows and rows[0][0] else ""

    def _set_ban(self, user: str, duration: str) -> None:
        self._update(user, {"ban_duration": duration})

    def _update(self, user: str, attributes: AdminUserAttributes) -> None:
        try:
            with auth_errors():
                self.admin.update_user_by_id(user, attributes)
        except GoneError:
            return

    def lift(self, task: Task) -> Outcome:
        """Unban, or give back the ban that was there. Ended sessions need a new sign-in."""
        before = task.undo.get("before", {})
        for user, until in before.items():
            self._set_ban(user, remaining(until) if until else "none")
        return Outcome(receipt={"restored": len(before)})

    def current(self, task: Task) -> list[Value]:
        return [value for user in self._users(task) for value in correct.values(user, task.patch)]

    def correct(self, task: Task) -> Outcome:
        counts: dict[str, int] = {}
        for user in self._users(task):
            if new := correct.differing(user, task.patch):
                self._correct(user, new)
            for field in new:
                counts[field] = counts.get(field, 0) + 1
        return Outcome(receipt={"corrected": counts})

    def _correct(self, user: Any, new: dict[str, str]) -> None:
        """An address that another user has and a passing failure look alike (500)."""
        try:
            self._update(user.id, correct.attributes(user, new))
        except UnknownOutcomeError:
            if tables.is_taken(user.id, new):
                raise PermanentError("already_taken") from None
            raise

    def _users(self, task: Task) -> list[Any]:
        found = (self._user(user) for user in task.refs.get("auth_users", []))
        return [user for user in found if user]

    def erase(self, task: Task) -> Outcome:
        users = task.refs.get("auth_users", [])
        if task.action == "prepare":
            return Outcome(receipt=self.rediscover(task).as_json())
        if task.action == "purge_audit":
            return Outcome(receipt={"erased": tables.purge(task.subject, users)})
        return Outcome(receipt={"erased": {"user": sum(self._delete(user) for user in users)}})

    def _delete(self, user: str) -> int:
        """Hard: a soft deletion leaves a hash that a guessed address confirms.

        A refusal by a foreign key and a passing failure look alike (500): the catalogue tells.
        """
        try:
            with auth_errors():
                self.admin.delete_user(user, should_soft_delete=False)
        except GoneError:
            return 0
        except UnknownOutcomeError:
            if tables.blocking_keys():
                raise PermanentError("foreign_key") from None
            raise
        return 1

    def verify(self, subject: Subject, refs: dict[str, list[str]]) -> list[Residue]:
        """Reads every table of Auth for the id and the address; the deletion went over its API."""
        tables.check_readable()
        left = tables.traces(subject, refs.get("auth_users", []))
        return [Residue(table, number) for table, number in left.items()]

    def plant(self, subject: Subject) -> dict[str, list[str]]:
        """Supabase has no test mode: a setting says that this project may have a canary."""
        if not settings.SUPABASE_DRILL:
            raise PermanentError("no_test_mode")
        with auth_errors():
            user = self.admin.create_user({"email": subject.email, "email_confirm": True}).user
        return {"auth_users": [user.id]}


def remaining(until: str) -> str:
    """A ban that ends at `until`, as the duration that Auth's API takes (Go's notation)."""
    seconds = (datetime.fromisoformat(until) - datetime.now(UTC)).total_seconds()
    return f"{int(seconds)}s" if seconds > 0 else "none"
