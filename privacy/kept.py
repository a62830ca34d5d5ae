"""How long what is kept, in words: for the public page and for docs/retention-schedule.md."""

from collections.abc import Iterator
from typing import NamedTuple

from privacy.datamap import DATA_MAP, Category
from retention.rules import RetentionRule
from retention.schedule import RETENTION_SCHEDULE

# What becomes of what is over, by the code of the disposition.
THEN: dict[str, str] = {
    "retire": "Take the day out of the table, sum it up, delete it as a whole",
    "erase_subject": "Erase the person in every system, as if they had asked",
    "erase_dormant": "Tell the owner 60 and 14 days before, then erase the person in every system",
    "delete": "Delete the rows",
    "delete_request": "Delete the record with its trail; its seal stays",
    "delete_with_key": "Delete the rows and their data key; a draft’s key stays if it became a "
    "request",
    "remove_mail": "Delete the rows, their files and their data key",
    "remove_package": "Delete the files and their data key; the row stays and says when",
}
# What the time is counted from, by the clock.
FROM: dict[str, str] = {
    "id": "the day of the call",
    "closed_at": "closing",
    "last_active_at": "the last use",
    "received_at": "receipt",
    "issued_on": "the invoice",
    "day": "the day of the calls",
    "released_at": "the release",
    "last_on": "the last visit",
    "settled_at": "the day on which staff settled it",
    "changed_at": "the last change",
    "action_time": "the deed",
    "created_at": "the start",
    "expires_at": "its end",
    "expire_date": "its end",
    "window": "the run",
}


class Kept(NamedTuple):
    """One line of the schedule in words. `then` is empty where it is simply deleted."""

    what: str
    time: str
    because: str
    then: str


class OwnItem(NamedTuple):
    """A part of a request's own data: its tables, and when it is destroyed."""

    what: str
    models: tuple[str, ...]
    destroyed: str


KEY = (
    "With the key of your request: when the time to appeal is over, or when a restriction that "
    "you asked for ends. The key may live in a backup of its own for 7 more days"
)
RECORD = "24 months after your request is closed, or longer where the law of your home says so"
OWN_DATA = (
    OwnItem("Your address and what you told us", ("privacy.PrivacyRequest",), KEY),
    OwnItem("Proof that somebody may act for you", ("privacy.Authority",), KEY),
    OwnItem("Notes of our staff", ("privacy.RequestNote",), KEY),
    OwnItem("Letters as we sent them", ("privacy.SentLetter",), KEY),
    OwnItem("Files that show what a company did", ("privacy.Evidence",), KEY),
    OwnItem("Old and new values of corrections", ("privacy.CorrectedValue",), KEY),
    OwnItem("What we asked you, and your answers", ("privacy.Question",), KEY),
    OwnItem("Why we needed longer", ("privacy.Extension",), KEY),
    OwnItem("Appeals and complaints", ("privacy.Appeal",), KEY),
    OwnItem("What we refused, and why", ("privacy.Refusal",), KEY),
    OwnItem("What we passed on to a customer of ours", ("privacy.Forwarding",), KEY),
    OwnItem(
        "The package with your data",
        ("privacy.Package",),
        "30 days after it is ready, or when you delete it",
    ),
    OwnItem("A form that you didn’t send", ("privacy.Draft",), "24 hours after you began"),
    OwnItem("Mailed links and codes", ("privacy.MailToken",), "A day after they end"),
    OwnItem(
        "Mail that you wrote to our privacy address",
        ("privacy.InboundMail", "privacy.InboundFile"),
        "30 days after staff settled it, or with the key of the request that it belongs to",
    ),
    OwnItem(
        "The record: what was asked, what was decided, what was done when",
        ("privacy.PrivacyRequest", "privacy.FulfilmentStep", "privacy.RequestClock"),
        RECORD,
    ),
    OwnItem("The trail of events, in codes without your name", ("foundation.TrailEvent",), RECORD),
    OwnItem(
        "A keyed hash of who was erased, so that a restored backup doesn’t bring you back",
        ("privacy.Suppression",),
        "90 days after our oldest backup is gone",
    ),
)


def time_of(rule: RetentionRule) -> str:
    """“90 days after the day of the call”, “until its end”."""
    length, start = rule.period, FROM[rule.clock]
    return f"until {start}" if length == "until then" else f"{length} after {start}"


def is_about_people(rule: RetentionRule) -> bool:
    """Of those outside: what holds nothing personal, or only about staff, isn't their concern."""
    categories = set(DATA_MAP[rule.model].categories.values())
    return bool(categories - {Category.NONE, Category.STAFF})


def kept_of_people() -> Iterator[Kept]:
    for rule in RETENTION_SCHEDULE:
        if is_about_people(rule):
            title = DATA_MAP[rule.model].title
            then = "" if rule.dispose == "delete" else THEN[rule.dispose]
            yield Kept(title, time_of(rule), rule.basis, then)
