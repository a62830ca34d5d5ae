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
    "appeal": Element(("appeal_until",)),
    "appeal_by_mail": Element(("contact", "appeal_until")),
    "appeal_later": Element(),
    "complaint": Element(("offices",), when="offices"),
    "complaint_anywhere": Element(("contact",), unless="offices"),
    "court": Element(("courts",), when="courts"),
    "understanding": Element(("contact",)),
    "record_kept": Element(("record",)),
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
    "nothing_to_copy": Element(("searched",), unless="found"),
    "open_package": Element(("status_url", "code_minutes")),
    "package_form": Element(),
    "package_until": Element(("package_until",), required=False),
    "download_code": Element(("code", "code_minutes")),
    "keep_code_secret": Element(),
    # After an erasure
    "erased": Element(("searched", "erased_on"), when="erased"),
    "nothing_to_erase": Element(("searched",), unless="erased"),
    "backups": Element(("backups_until",), when="erased"),
    "kept": Element(("kept",)),
    "waiting": Element(("waiting",), when="waiting"),
    "expiring": Element(("expiring",), when="expiring"),
    "certificate": Element(("status_url",)),
    "address_kept": Element(),
    "finished": Element(("finished",)),
    "nothing_waits": Element(unless="waiting"),
    # When a legal hold keeps it
    "held_for_now": Element(("held",), when="held"),
    "held_no_more": Element(unless="held"),
    "when_nothing_holds": Element(("due_on",), when="held"),
    # Other endings
    "done": Element(unless="declined"),
    "declined": Element(("declined",), when="declined"),
    "denied": Element(),
    "refused_in_part": Element(),
    "refused": Element(("refused",)),
    "stops_anyway": Element(("stops_anyway",), when="stops_anyway"),
    "not_ours": Element(when="not_ours"),
    "rest_goes_on": Element(("rest", "due_on")),
    "refused_before": Element(("refused",), when="was_refused"),
    "given_back": Element(when="paused"),
    "nobody_confirmed": Element(("proof_citation",)),
    "ask_again": Element(),
    "told_to_everybody": Element(("practices_url",), when="asked_for_copy"),
    "withdrawn": Element(),
    "erase_nothing": Element(when="paused"),
    "new_request": Element(),
    # Restriction and correction
    "restricted": Element(),
    "right_by_law": Element(("right_laws",), when="right_laws"),
    "stopped": Element(("stopped",)),
    "stopped_meanwhile": Element(("stopped_meanwhile",), when="stopped_meanwhile"),
    "still_allowed": Element(),
    "told_before_lifting": Element(),
    "lifting": Element(),
    "resuming": Element(("resuming", "resumes_on")),
    "object_before": Element(("contact", "resumes_on")),
    "corrected": Element(("corrected",)),
    "not_corrected": Element(("not_corrected",), when="not_corrected"),
    "names_only": Element(),
    # What needs no proof
    "opted_out": Element(),
    "no_account_said": Element(),
    "opted_out_elsewhere": Element(),
    "opt_out_costs_nothing": Element(),
    "opt_in_again": Element(("contact", "reference")),
    # Who else was told of a change
    "recipients_told": Element(("recipients_told",), when="recipients_told"),
    "telling_by_law": Element(("telling_laws",), when="telling_laws"),
    # A request that goes to a customer of ours
    "end_user_asked": Element(("site",)),
    "end_user_address": Element(("person_address",)),
    "end_user_confirmed": Element(when="address_confirmed"),
    "customer_answers": Element(),
    "how_we_help": Element(("contact", "help_days")),
    "passed_on": Element(("customer_name", "forwarded_on")),
    "service_decides": Element(),
    "service_reaches_you": Element(),
    "not_passed_on": Element(("site",)),
    "whom_to_turn_to": Element(("contact",)),
    "we_answer_for_ours": Element(),
    # Who acts for somebody else
    "agent_has_asked": Element(("site",)),
    "person_confirms": Element(unless="by_guardian"),
    "show_permission": Element(("proof_url", "proof_days"), unless="by_guardian"),
    "show_guardianship": Element(("proof_url", "proof_days"), when="by_guardian"),
    "agent_may_act": Element(("site",)),
    "answer_goes_to_person": Element(unless="by_guardian"),
    "proof_problem": Element(("proof_problem",)),
    "agent_request_closed": Element(("site",)),
    "answer_is_with_person": Element(),
    # A child's data
    "child_report_here": Element(("site",)),
    "child_report_next": Element(),
    "child_report_done": Element(),
    "child_report_silence": Element(),
    # When we need longer, or something of the person
    "need_longer": Element(("extended_from", "extended_until", "extension_days")),
    "need_longer_for_appeal": Element(("extended_from", "extended_until", "extension_days")),
    "longer_because": Element(("extension_reasons", "extension_text")),
    "longer_by_law": Element(("extension_citations",), when="extension_citations"),
    "work_goes_on": Element(),
    "against_longer": Element(),
    "have_question": Element(),
    "what_is_missing": Element(("question_missing",)),
    "why_needed": Element(("question_why",)),
    "nothing_else_needed": Element(),
    "answer_on_page": Element(("status_url", "status_days")),
    "send_no_secrets": Element(),
    "answer_stops_clock": Element(("pause_citations",), when="pause_citations"),
    "answer_moves_nothing": Element(("due_on",), unless="pause_citations"),
    "without_answer": Element(),
    "answer_kept": Element(),
    # Appeals and complaints
    "appeal_here": Element(when="is_appeal"),
    "complaint_here": Element(unless="is_appeal"),
    "others_decide": Element(),
    "appeal_answer_by": Element(("answer_on",)),
    "take_back": Element(("status_url",)),
    "outcome_upheld": Element(when="upheld"),
    "outcome_partly": Element(when="partly_upheld"),
    "outcome_rejected": Element(when="rejected"),
    "decision": Element(("decision",)),
    "done_after_all": Element(("follow_up",), when="follow_up"),
    "taken_up": Element(("first_reference",)),
    # When nobody uses an account
    "nobody_uses": Element(("site", "quiet_since", "dormant_ends_on")),
    "keep_unused": Element(("dormant_ends_on",)),
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
