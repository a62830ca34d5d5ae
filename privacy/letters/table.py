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
    "proof_url": LinkKind.AUTHORITY,
}


class Addressee(StrEnum):
    PERSON = "person"  # the address given with the request
    ON_FILE = "on_file"  # the addresses of the person's accounts, where these differ from it
    PROCESSOR = "processor"
    CUSTOMER = "customer"  # the account of ours that a request is passed on to
    REPRESENTATIVE = "representative"  # who acts for the person, at their own address


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
ELSEWHERE = ("complaint", "complaint_anywhere", "court")
# In a letter that closes a request and has the link to its status page.
REMEDIES = ("appeal", *ELSEWHERE)

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
            *("stopped_meanwhile", "follow_or_withdraw", "keep_link", *END),
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
    "held": Letter(
        "Your data has to stay for now",
        (
            *("greeting", "held_for_now", "held_no_more", "asked", "when_nothing_holds"),
            *("status_page", "objecting", *ELSEWHERE, *END),
        ),
    ),
    "package_ready": Letter(
        "Your data is ready to download",
        (
            *("greeting", "package_is_ready", "nothing_to_copy", "asked", "refused_before"),
            *("open_package", "package_form", "package_until", *ELSEWHERE, *END),
        ),
    ),
    "download_code": Letter(
        "Your download code",
        ("greeting", "download_code", "keep_code_secret", "reference", *END),
    ),
    "erased": Letter(
        "Your data is erased",
        (
            *("greeting", "erased", "nothing_to_erase", "asked", "declined", "refused_before"),
            *("recipients_told", "telling_by_law", "kept", "waiting", "expiring", "backups"),
            *("certificate", "address_kept", "record_kept", *REMEDIES, *END),
        ),
    ),
    "deferred_done": Letter(
        "The rest of your data is erased",
        (
            *("greeting", "finished", "recipients_told", "telling_by_law", "waiting"),
            *("nothing_waits", "reference", "certificate", "objecting", *ELSEWHERE, *END),
        ),
    ),
    "done": Letter(
        "Your privacy request is done",
        (
            *("greeting", "done", "declined", "refused_before", "asked", "status_page"),
            *(*REMEDIES, *END),
        ),
    ),
    "denied": Letter(
        "Our answer to your privacy request",
        (
            *("greeting", "denied", "asked", "refused", "stops_anyway", "not_ours", "given_back"),
            *("record_kept", "understanding", *REMEDIES, "status_page", *END),
        ),
    ),
    "refused_in_part": Letter(
        "Our answer to a part of your privacy request",
        (
            *("greeting", "refused_in_part", "asked", "refused", "stops_anyway", "not_ours"),
            *("rest_goes_on", "record_kept", "understanding", "appeal_later", *ELSEWHERE),
            *("status_page", *END),
        ),
    ),
    "unconfirmed": Letter(
        "We could not confirm your privacy request",
        (
            *("greeting", "nobody_confirmed", "asked", "ask_again", "told_to_everybody"),
            *("record_kept", "understanding", "appeal_by_mail", *ELSEWHERE, *END),
        ),
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
            *("greeting", "restricted", "right_by_law", "asked", "stopped", "refused_before"),
            *("recipients_told", "telling_by_law"),
            *("still_allowed", "told_before_lifting", "status_page", *REMEDIES, *END),
        ),
    ),
    "opted_out": Letter(
        "What you asked us to stop is stopped",
        (
            *("greeting", "opted_out", "asked", "stopped", "no_account_said"),
            *("opted_out_elsewhere", "opt_out_costs_nothing", "opt_in_again"),
            *("status_page", *END),
        ),
    ),
    "lifting": Letter(
        "We are about to use your data again",
        (
            *("greeting", "lifting", "right_by_law", "resuming", "object_before"),
            *(*ELSEWHERE, "reference", *END),
        ),
    ),
    "corrected": Letter(
        "Your data is corrected",
        (
            *("greeting", "corrected", "right_by_law", "not_corrected", "refused_before"),
            *("recipients_told", "telling_by_law"),
            *("names_only", "reference", "status_page", *REMEDIES, *END),
        ),
    ),
    "forwarded_request": Letter(
        "A person who uses your service has asked for their data rights",
        (
            *("greeting", "end_user_asked", "asked", "end_user_address", "end_user_confirmed"),
            *("customer_answers", "how_we_help", *END),
        ),
        to=Addressee.CUSTOMER,
    ),
    "forwarded": Letter(
        "We have passed your privacy request on",
        (
            *("greeting", "passed_on", "asked", "service_decides", "service_reaches_you"),
            *("we_answer_for_ours", "status_page", *ELSEWHERE, *END),
        ),
    ),
    "not_forwarded": Letter(
        "Whom to ask about your data",
        (
            *("greeting", "not_passed_on", "asked", "whom_to_turn_to", "service_decides"),
            *("we_answer_for_ours", "status_page", *ELSEWHERE, *END),
        ),
    ),
    "agent_received": Letter(
        "We have your request for somebody else",
        (
            *("greeting", "agent_has_asked", "person_confirms", "show_permission"),
            *("show_guardianship", "answer_goes_to_person", "reference", *END),
        ),
        to=Addressee.REPRESENTATIVE,
    ),
    "agent_proof": Letter(
        "Please show us again that you may act",
        (
            *("greeting", "agent_has_asked", "proof_problem", "person_confirms"),
            *("show_permission", "show_guardianship", "reference", *END),
        ),
        to=Addressee.REPRESENTATIVE,
    ),
    "agent_accepted": Letter(
        "Somebody may act for you in a privacy request",
        (
            *("greeting", "agent_may_act", "asked", "check_and_answer", "follow_or_withdraw"),
            *("keep_link", *END),
        ),
    ),
    "agent_decided": Letter(
        "We have answered the request that you made for somebody",
        ("greeting", "agent_request_closed", "answer_is_with_person", "reference", *END),
        to=Addressee.REPRESENTATIVE,
    ),
    "child_report_received": Letter(
        "We have your report about a child’s data",
        (
            *("greeting", "child_report_here", "child_report_next", "child_report_silence"),
            *("reference", *END),
        ),
    ),
    "child_report_closed": Letter(
        "Your report about a child’s data is closed",
        (
            *("greeting", "child_report_done", "child_report_silence", "complaint"),
            *("complaint_anywhere", "reference", *END),
        ),
    ),
    "extension": Letter(
        "We need longer for your privacy request",
        (
            *("greeting", "need_longer", "asked", "longer_because", "longer_by_law"),
            *("work_goes_on", "against_longer", "objecting", *ELSEWHERE, "status_page", *END),
        ),
    ),
    "question": Letter(
        "We have a question about your privacy request",
        (
            *("greeting", "have_question", "asked", "what_is_missing", "why_needed"),
            *("nothing_else_needed", "answer_on_page", "send_no_secrets", "answer_stops_clock"),
            *("answer_moves_nothing", "without_answer", "answer_kept", *END),
        ),
    ),
    "appeal_received": Letter(
        "We have your appeal or complaint",
        (
            *("greeting", "appeal_here", "complaint_here", "asked", "others_decide"),
            *("appeal_answer_by", "take_back", *ELSEWHERE, *END),
        ),
    ),
    "appeal_extension": Letter(
        "We need longer for your appeal",
        (
            *("greeting", "need_longer_for_appeal", "asked", "longer_because", "longer_by_law"),
            *("work_goes_on", "against_longer", "objecting", *ELSEWHERE, "status_page", *END),
        ),
    ),
    "appeal_decision": Letter(
        "Our decision on your appeal or complaint",
        (
            *("greeting", "outcome_upheld", "outcome_partly", "outcome_rejected", "asked"),
            *("decision", "done_after_all", *ELSEWHERE, "status_page", *END),
        ),
    ),
    "taken_up_again": Letter(
        "We do what we had refused",
        (
            *("greeting", "taken_up", "asked", "check_and_answer"),
            *("follow_or_withdraw", "keep_link", *END),
        ),
    ),
    # The schedule sends it: there is no request yet, nor a language that somebody chose.
    "account_unused": Letter(
        "Your unused account will be erased",
        ("greeting", "nobody_uses", "keep_unused", "objecting", "signature"),
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
