"""How long what is kept, in words: for the public page and for docs/retention-schedule.md."""

from collections.abc import Iterator
from typing import NamedTuple

from privacy.datamap import DATA_MAP, Category
from retention.rules import RetentionRule
from retention.schedule import RETENTION_SCHEDULE
from retention.words import then_of, time_of

# What has no time of its own, by the table: until when it stays, and why.
GOES_WITH: dict[str, tuple[str, str]] = {
    "accounts.ApiKey": (
        "as long as your account, also those that you revoked",
        "Your programs call the gateway with them; GDPR Art. 6(1)(b)",
    ),
    "accounts.ProviderObject": (
        "until your program deletes the object, or as long as your account",
        "To find and delete at the provider what is yours; GDPR Art. 5(1)(e), 17(1)",
    ),
    "retention.DormancyNotice": (
        "until you use your account again, or as long as your account",
        "To erase no account whose owner wasn’t told; GDPR Art. 5(2)",
    ),
}


class Kept(NamedTuple):
    """One line of the schedule in words. `then` is empty where it is simply deleted."""

    what: str
    time: str
    because: str
    then: str


class OwnItem(NamedTuple):
    """A part of a request's own data: its tables, when it is destroyed, and by which disposition.

    `destroy_key` is done by the job `destroy_keys` (`privacy.services.closing`); the others are
    those of the schedule.
    """

    what: str
    models: tuple[str, ...]
    destroyed: str
    dispose: str = "destroy_key"


KEY = (
    "With the key of your request: when the time to appeal is over, or when a restriction that "
    "you asked for ends. The key may live in a backup of its own for 7 more days"
)
PROOF = (
    "When your request is decided (11 CCR § 7060). What we refused for want of proof keeps it "
    "until the key of your request goes, as an appeal may be about it"
)
ANSWERS = f"{KEY}. What you told us to show who you are goes earlier, as such proof does"
RECORD = "24 months after your request is closed, or longer where the law of your home says so"
OWN_DATA = (
    OwnItem("Your address and what you told us", ("privacy.PrivacyRequest",), KEY),
    OwnItem("Proof that somebody may act for you", ("privacy.Authority",), PROOF),
    OwnItem("Notes of our staff", ("privacy.RequestNote",), KEY),
    OwnItem("Letters as we sent them", ("privacy.SentLetter",), KEY),
    OwnItem("Files that show what a company did", ("privacy.Evidence",), KEY),
    OwnItem("Old and new values of corrections", ("privacy.CorrectedValue",), KEY),
    OwnItem("What we asked you, and your answers", ("privacy.Question",), ANSWERS),
    OwnItem("Why we needed longer", ("privacy.Extension",), KEY),
    OwnItem("Appeals and complaints", ("privacy.Appeal",), KEY),
    OwnItem("What we refused, and why", ("privacy.Refusal",), KEY),
    OwnItem("What we passed on to a customer of ours", ("privacy.Forwarding",), KEY),
    OwnItem(
        "The package with your data",
        ("privacy.Package",),
        "30 days after it is ready, or when you delete it",
        "remove_package",
    ),
    OwnItem(
        "A form that you didn’t send",
        ("privacy.Draft",),
        "24 hours after you began",
        "delete_with_key",
    ),
    OwnItem("Mailed links and codes", ("privacy.MailToken",), "A day after they end", "delete"),
    OwnItem(
        "Mail that you wrote to our privacy address",
        ("privacy.InboundMail", "privacy.InboundFile"),
        "30 days after staff settled it, or with the key of the request that it belongs to",
        "remove_mail",
    ),
    OwnItem(
        "The record: what was asked, what was decided, what was done when",
        ("privacy.PrivacyRequest", "privacy.FulfilmentStep", "privacy.RequestClock"),
        RECORD,
        "delete_request",
    ),
    OwnItem(
        "The trail of events, in codes without your name",
        ("foundation.TrailEvent",),
        RECORD,
        "delete_request",
    ),
    OwnItem(
        "A keyed hash of who was erased, so that a restored backup doesn’t bring you back",
        ("privacy.Suppression",),
        "90 days after our oldest backup is gone",
        "delete",
    ),
)


def is_about_people(rule: RetentionRule) -> bool:
    """Of those outside: what holds nothing personal, or only about staff, isn't their concern."""
    categories = set(DATA_MAP[rule.model].categories.values())
    return bool(categories - {Category.NONE, Category.STAFF})


def kept_of_people() -> Iterator[Kept]:
    for rule in RETENTION_SCHEDULE:
        if is_about_people(rule):
            then = "" if rule.dispose == "delete" else then_of(rule)
            yield Kept(DATA_MAP[rule.model].title, time_of(rule), rule.basis, then)
    for model, (time, because) in GOES_WITH.items():
        yield Kept(DATA_MAP[model].title, time, because, "")
