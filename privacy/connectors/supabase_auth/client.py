"""Auth's errors in the ledger's words."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from pydantic import ValidationError
from supabase_auth.errors import AuthApiError, AuthError

from privacy.connectors.errors import ConnectorError, PermanentError, UnknownOutcomeError
from privacy.connectors.supabase_client import by_status

# PostgreSQL's integrity violations come through as 500 (supabase/auth:
# internal/utilities/postgres.go): trying again can't help.
INTEGRITY = "23"
# Another user has this address or phone number: as the database says it, and as Auth does.
TAKEN = frozenset({"23505", "email_exists", "phone_exists"})


def translate(error: AuthApiError) -> ConnectorError:
    """Auth's answer as one of the ledger's kinds; its text, which may name people, is dropped."""
    code, status = str(error.code or error.status), error.status
    if code in TAKEN:
        return PermanentError("already_taken")
    if code.startswith(INTEGRITY) and len(code) == 5:
        return PermanentError("foreign_key")
    return by_status(status, code)


@contextmanager
def auth_errors() -> Iterator[None]:
    """Turns the client's errors into ConnectorErrors, without their text."""
    try:
        yield
    except AuthApiError as error:
        raise translate(error) from None
    except (AuthError, httpx.HTTPError, ValidationError, ValueError):
        # No answer, or one in no known shape (a gateway's HTML page, a field that is missing).
        raise UnknownOutcomeError("no_answer") from None
