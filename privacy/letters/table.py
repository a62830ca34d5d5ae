"""The letters that we send, as one table."""

from enum import StrEnum
from typing import NamedTuple

from privacy.letters.elements import ELEMENTS
from privacy.links import LinkKind

# The facts that are secrets.
LINKS = {
    "verify_url": LinkKind.VERIFY,
    "status_url": LinkKind.STATUS,
    "stop_url": LinkKind.STOP,
    "code": LinkKind.DOWNLOAD,
}


class Addressee(StrEnum):
    PERSON = "person"  # the address given with the request
    ON_FILE = "on_file"  # the addresses of the person's accounts, where these differ from it
    PROCESSOR = "processor"


class Letter(NamedTuple):
    """A letter: its English subject, its elements in order, and to whom it goes."""

    subject: str
    elements: tuple[str, ...]
    to: Addressee = Addressee.PERSON

    @property
    def facts(self) -> set[str]:
        return set[str]().union(*(ELEMENTS[name].facts for name in self.elements))

    @property
    def links(self) -> tuple[LinkKind, ...]:
        """The secrets that it carries."""
        return tuple(kind for fact, kind in LINKS.items() if fact in self.facts)


END = ("questions", "signature")
REMEDIES = ("objecting", "complaint", "court")

# By action of the ledger's `mail` steps.
LETTERS: dict[str, Letter] = {
    "verify": Letter(
        "Please confirm your privacy request",
        (
            *("greeting", "request_made", "request_made_for_you", "asked"),
            *("confirm", "ignore_request", *END),
        ),
    ),
    "confirmed": Letter(
        "Your privacy request is confirmed",
        (
            *("greeting", "request_confirmed", "asked", "check_and_answer"),
            *("follow_or_withdraw", "keep_link", *END),
        ),
    ),
    "erasure_approved": Letter(
        "We are about to erase your data",
        (
            *("greeting", "about_to_erase", "asked", "erase_in_hours", "erase_now"),
            *("finish_by", "stop_erasure", "status_page", *END),
        ),
    ),
    "erasure_notice": Letter(
        "Somebody asked us to erase your data",
        (
            *("greeting", "somebody_asked", "asked", "account_erased_in_hours"),
            *("account_erased_now", "stop_strangers_erasure", "nothing_if_you", *END),
        ),
        to=Addressee.ON_FILE,
    ),
    "package_ready": Letter(
        "Your data is ready to download",
        (
            *("greeting", "package_is_ready", "asked", "open_package"),
            *("package_form", "package_until", *END),
        ),
    ),
    "download_code": Letter(
        "Your download code",
        ("greeting", "download_code", "keep_code_secret", "reference", *END),
    ),
    "erased": Letter(
        "Your data is erased",
        (
            *("greeting", "erased", "nothing_to_erase", "asked", "declined", "kept", "waiting"),
            *("expiring", "certificate", "address_kept", *REMEDIES, *END),
        ),
    ),
    "deferred_done": Letter(
        "The rest of your data is erased",
        (
            *("greeting", "finished", "waiting", "nothing_waits", "reference"),
            *("certificate", *REMEDIES, *END),
        ),
    ),
    "done": Letter(
        "Your privacy request is done",
        ("greeting", "done", "declined", "asked", "status_page", *REMEDIES, *END),
    ),
    "denied": Letter(
        "Our answer to your privacy request",
        ("greeting", "denied", "asked", "reason", "given_back", *REMEDIES, "status_page", *END),
    ),
    "unconfirmed": Letter(
        "We could not confirm your privacy request",
        ("greeting", "nobody_confirmed", "asked", "ask_again", *REMEDIES, *END),
    ),
    "withdrawn": Letter(
        "Your privacy request is withdrawn",
        ("greeting", "withdrawn", "asked", "erase_nothing", "new_request", *END),
    ),
    "status_link": Letter(
        "The status of your privacy request",
        ("greeting", "here_is_your_link", "asked", "link_and_answer", "ignore_link", *END),
    ),
    "restricted": Letter(
        "We have limited the use of your data",
        (
            *("greeting", "restricted", "asked", "stopped", "still_allowed"),
            *("told_before_lifting", "status_page", *REMEDIES, *END),
        ),
    ),
    "lifting": Letter(
        "We are about to use your data again",
        (
            *("greeting", "lifting", "resuming", "object_before"),
            *("complaint", "court", "reference", *END),
        ),
    ),
    "corrected": Letter(
        "Your data is corrected",
        (
            *("greeting", "corrected", "not_corrected", "names_only", "reference"),
            *("status_page", *REMEDIES, *END),
        ),
    ),
    "processor_erasure": Letter(
        "Please erase a person’s data and confirm it to us",
        (
            *("greeting", "who_we_are", "why_you", "identifiers", "please_erase", "erase_by"),
            *("evidence", "for_this_only", "answer_to", "signature"),
        ),
        to=Addressee.PROCESSOR,
    ),
}
