"""What our own tables hold, in words for the person: the data map and the retention schedule."""

from privacy.connectors.base import Described
from privacy.datamap import SUBJECT_ROWS, Category, Row
from privacy.grounds import GROUNDS
from privacy.processors import WHILE_ACTIVE
from privacy.words import data_words
from retention.schedule import RETENTION_SCHEDULE
from retention.words import time_of


def described() -> dict[str, Described]:
    return {row.collection: describe(row) for row in SUBJECT_ROWS}


def describe(row: Row) -> Described:
    shown = dict(row.exported())
    return Described(
        title=row.title,
        data=data_words(shown.values()),
        purpose=row.purpose,
        basis=row.basis,
        source=row.source,
        recipients=row.recipients,
        kept=kept(row),
        withheld=tuple(name for name, kind in shown.items() if kind is Category.CREDENTIAL),
    )


def kept(row: Row) -> str:
    """How long, or what it depends on (GDPR Art. 15(1)(d)): a rule, a ground, or the account."""
    rules = [rule for rule in RETENTION_SCHEDULE if rule.model == row.model]
    if rules:
        return "; ".join(time_of(rule) for rule in rules)
    return GROUNDS[row.ground].until.capitalize() if row.ground else WHILE_ACTIVE
