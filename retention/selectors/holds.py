"""Which rows legal holds cover."""

from datetime import date

from psycopg import sql

from retention.models import LegalHold


def held_rows(model: str, day: date) -> sql.Composable | None:
    """A condition on a partition's rows; None when no hold covers any of them."""
    holds = LegalHold.objects.using("owner").filter(released_at=None)
    accounts = sorted({str(hold.subject_id) for hold in holds})
    if not accounts:
        return None
    return sql.SQL("account_id = ANY({}::uuid[])").format(sql.Literal(accounts))
