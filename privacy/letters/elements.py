"""What letters are made of, as one table. The texts are in `languages/`, a file each."""

from typing import NamedTuple


class Element(NamedTuple):
    """A thought of a letter, bound to facts: its text may use what it `needs`, and nothing else.

    With `when` it is said only if that fact holds, with `unless` only if it doesn't. Without a
    required element there is no letter; another is left out when a fact is missing.
    """

    needs: tuple[str, ...] = ()
    when: str = ""
    unless: str = ""
    required: bool = True

    @property
    def conditions(self) -> dict[str, bool]:
        """What must be true of which fact."""
        asked = {self.when: True, self.unless: False}
        return {fact: wanted for fact, wanted in asked.items() if fact}

    @property
    def facts(self) -> set[str]:
        return {*self.needs, *self.conditions}


ELEMENTS: dict[str, Element] = {
    # In many letters
    "greeting": Element(),
    "asked": Element(("rights", "reference")),
    "reference": Element(("reference",)),
    "status_page": Element(("status_url",)),
    "objecting": Element(("contact",)),
    "complaint": Element(),
    "court": Element(),
    "questions": Element(("contact",)),
    "signature": Element(("site",)),
    # Confirming a request, and following it
    "request_made": Element(("site",), unless="by_agent"),
    "request_made_for_you": Element(("site",), when="by_agent"),
    "confirm": Element(("verify_url", "verify_days", "due_on")),
    "ignore_request": Element(),
    "request_confirmed": Element(),
    "check_and_answer": Element(("due_on",)),
    "follow_or_withdraw": Element(("status_url",)),
    "keep_link": Element(("status_days",)),
    "here_is_your_link": Element(("status_url",)),
    "link_and_answer": Element(("status_days", "due_on")),
    "ignore_link": Element(),
    # Before an erasure
    "about_to_erase": Element(),
    "erase_in_hours": Element(("grace_hours",), when="grace_hours"),
    "erase_now": Element(unless="grace_hours"),
    "finish_by": Element(("due_on",)),
    "stop_erasure": Element(("stop_url",)),
    "somebody_asked": Element(("site",)),
    "account_erased_in_hours": Element(("grace_hours",), when="grace_hours"),
    "account_erased_now": Element(unless="grace_hours"),
    "stop_strangers_erasure": Element(("stop_url",)),
    "nothing_if_you": Element(),
    # The package
    "package_is_ready": Element(),
    "open_package": Element(("status_url", "code_minutes")),
    "package_form": Element(),
    "package_until": Element(("package_until",), required=False),
    "download_code": Element(("code", "code_minutes")),
    "keep_code_secret": Element(),
    # After an erasure
    "erased": Element(("searched",), when="erased"),
    "nothing_to_erase": Element(("searched",), unless="erased"),
    "kept": Element(("kept",)),
    "waiting": Element(("waiting",), when="waiting"),
    "expiring": Element(("expiring",), when="expiring"),
    "certificate": Element(("status_url",)),
    "address_kept": Element(),
    "finished": Element(("finished",)),
    "nothing_waits": Element(unless="waiting"),
    # Other endings
    "done": Element(unless="declined"),
    "declined": Element(("declined",), when="declined"),
    "denied": Element(),
    "reason": Element(("reason",)),
    "given_back": Element(when="paused"),
    "nobody_confirmed": Element(),
    "ask_again": Element(),
    "withdrawn": Element(),
    "erase_nothing": Element(when="paused"),
    "new_request": Element(),
    # Restriction and correction
    "restricted": Element(),
    "stopped": Element(("stopped",)),
    "still_allowed": Element(),
    "told_before_lifting": Element(),
    "lifting": Element(),
    "resuming": Element(("resuming", "resumes_on")),
    "object_before": Element(("contact", "resumes_on")),
    "corrected": Element(("corrected",)),
    "not_corrected": Element(("not_corrected",), when="not_corrected"),
    "names_only": Element(),
    # To a processor
    "who_we_are": Element(("site", "processor")),
    "why_you": Element(),
    "identifiers": Element(("identifiers",)),
    "please_erase": Element(),
    "erase_by": Element(("task_due_on",)),
    "evidence": Element(),
    "for_this_only": Element(),
    "answer_to": Element(("reply_to", "task_reference")),
}
