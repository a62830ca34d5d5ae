"""Whom Supabase Auth knows under an address, for connectors that find things by its ids."""

from django.db import connections

from fluxrouter.foundation.crypto import fold_address
from privacy.connectors.base import Subject


def users_of(subject: Subject) -> list[str]:
    """Ids of the users that our accounts name, and of those with exactly this address."""
    known = subject.refs.get("auth_users", [])
    with connections["supabase"].cursor() as cursor:
        cursor.execute(
            'SELECT id::text FROM auth.users WHERE lower(email COLLATE "C") = %(email)s::text',
            {"email": fold_address(subject.email)},
        )
        return sorted({*known, *(identifier for (identifier,) in cursor.fetchall())})
