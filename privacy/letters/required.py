"""What each letter must say, and the law that demands it: for tests and `docs/letters.md`.

An element named here is required: without its text or its facts there is no letter.
"""

WHO_ELSE = {
    "complaint": "GDPR Art. 12(4) and 77; Va. Code § 59.1-577(C)",
    "complaint_anywhere": "GDPR Art. 12(4)",
    "court": "GDPR Art. 12(4) and 79",
}
ANSWER = {"appeal": "Va. Code § 59.1-577(B)-(C); DPA 2018 s. 164A", **WHO_ELSE}
REFUSAL = {
    "refused": "GDPR Art. 12(4); 11 CCR § 7022(f); CQLR c. P-39.1 s. 34: reason and provision",
    "stops_anyway": "GDPR Art. 21(3)",
    "not_ours": "LGPD Art. 18 § 4 I",
    "record_kept": "11 CCR § 7022(f) and 7101",
    "understanding": "CQLR c. P-39.1 s. 34: help to understand the refusal",
    **WHO_ELSE,
}

REQUIRED: dict[str, dict[str, str]] = {
    "verify": {
        "asked": "11 CCR § 7021(a): that it was received",
        "confirm": "11 CCR § 7021(a): how we verify and work on it, when to expect an answer",
    },
    "confirmed": {"check_and_answer": "GDPR Art. 12(3); 11 CCR § 7021(a)"},
    "held": {"held_for_now": "GDPR Art. 12(4); 11 CCR § 7022(f)", **WHO_ELSE},
    "package_ready": {
        "package_is_ready": "GDPR Art. 12(3)",
        "nothing_to_copy": "GDPR Art. 15(1)",
        "refused_before": "GDPR Art. 12(4)",
        "complaint": "GDPR Art. 15(1)(f)",
        "complaint_anywhere": "GDPR Art. 15(1)(f)",
    },
    "erased": {
        "erased": "GDPR Art. 12(3)",
        "nothing_to_erase": "GDPR Art. 12(3)",
        "declined": "GDPR Art. 12(4)",
        "refused_before": "GDPR Art. 12(4)",
        "recipients_told": "GDPR Art. 19; 11 CCR § 7022(b)(2)-(3)",
        "kept": "GDPR Art. 17(3); 11 CCR § 7022(f)",
        "waiting": "GDPR Art. 12(4)",
        "expiring": "GDPR Art. 12(4)",
        "backups": "11 CCR § 7022(d)",
        "record_kept": "11 CCR § 7022(e) and 7101",
        **ANSWER,
    },
    "deferred_done": {
        "finished": "GDPR Art. 12(3)",
        "waiting": "GDPR Art. 12(4)",
        "objecting": "GDPR Art. 12(2)",
        **WHO_ELSE,
    },
    "done": {"declined": "GDPR Art. 12(4)", "refused_before": "GDPR Art. 12(4)", **ANSWER},
    "denied": {
        "denied": "GDPR Art. 12(4)",
        "appeal": "Va. Code § 59.1-577(B)-(C); DPA 2018 s. 164A",
        **REFUSAL,
    },
    "refused_in_part": {
        "refused_in_part": "GDPR Art. 12(4)",
        "rest_goes_on": "GDPR Art. 12(3); 11 CCR § 7022(f): do the rest",
        "appeal_later": "Va. Code § 59.1-577(B)-(C); DPA 2018 s. 164A",
        **REFUSAL,
    },
    "unconfirmed": {
        "nobody_confirmed": "GDPR Art. 12(2) and (6); 11 CCR § 7022(a)",
        "ask_again": "GDPR Art. 12(2)",
        "told_to_everybody": "11 CCR § 7024(a)-(b)",
        "record_kept": "11 CCR § 7101",
        "understanding": "CQLR c. P-39.1 s. 34",
        "appeal_by_mail": "Va. Code § 59.1-577(B)-(C); DPA 2018 s. 164A",
        **WHO_ELSE,
    },
    "restricted": {
        "stopped": "GDPR Art. 18(1)",
        "still_allowed": "GDPR Art. 18(2)",
        "told_before_lifting": "GDPR Art. 18(3)",
        "refused_before": "GDPR Art. 12(4)",
        **ANSWER,
    },
    "opted_out": {
        "opted_out": "11 CCR § 7026(g): how to see that it is processed",
        "stopped": "11 CCR § 7026(f) and 7027(g)",
        "opt_in_again": "11 CCR § 7028",
    },
    "lifting": {"resuming": "GDPR Art. 18(3)", "object_before": "GDPR Art. 18(3)", **WHO_ELSE},
    "corrected": {
        "corrected": "GDPR Art. 16",
        "not_corrected": "GDPR Art. 12(4)",
        "refused_before": "GDPR Art. 12(4)",
        **ANSWER,
    },
    "forwarded_request": {
        "end_user_asked": "GDPR Art. 28(3)(e)",
        "end_user_address": "GDPR Art. 12(1)",
        "how_we_help": "GDPR Art. 28(3)(e); Cal. Civ. Code § 1798.130(a)(3)(A)",
    },
    "agent_accepted": {"check_and_answer": "GDPR Art. 12(3)"},
    "forwarded": {
        "passed_on": "GDPR Art. 28(3)(e)",
        "service_decides": "LGPD Art. 18 § 4 I",
        **WHO_ELSE,
    },
    "not_forwarded": {
        "whom_to_turn_to": "LGPD Art. 18 § 4 I",
        "service_decides": "LGPD Art. 18 § 4 I",
        **WHO_ELSE,
    },
    "appeal_received": {
        "appeal_answer_by": "C.R.S. § 6-1-1306(3)(b); DPA 2018 s. 164A",
        **WHO_ELSE,
    },
    "account_unused": {"nobody_uses": "GDPR Art. 5(1)(a)"},
    "appeal_extension": {
        "need_longer_for_appeal": "C.R.S. § 6-1-1306(3)(b); Minn. Stat. § 325M.14 subd. 5",
        "longer_because": "C.R.S. § 6-1-1306(3)(b): the reasons, within 45 days",
        **WHO_ELSE,
    },
    "appeal_decision": {
        "outcome_rejected": "C.R.S. § 6-1-1306(3)(b)",
        "decision": "C.R.S. § 6-1-1306(3)(b); Va. Code § 59.1-577(C)",
        "done_after_all": "C.R.S. § 6-1-1306(3)(b): any action taken",
        **WHO_ELSE,
    },
    "taken_up_again": {"check_and_answer": "GDPR Art. 12(3)"},
    "extension": {
        "need_longer": "GDPR Art. 12(3); Utah Code § 13-61-203(2)(b): the length, and by when",
        "longer_because": "GDPR Art. 12(3); 11 CCR § 7021(b)",
        "against_longer": "PIPEDA s. 8(4): the right to complain about the extension",
        **WHO_ELSE,
    },
    "question": {
        "what_is_missing": "GDPR Art. 12(6)",
        "why_needed": "GDPR Art. 5(1)(c) and 12(6)",
        "answer_on_page": "GDPR Art. 32(1)",
        "answer_kept": "GDPR Art. 5(1)(e) and 13(2)(a)",
    },
    "processor_erasure": {
        "who_we_are": "GDPR Art. 28(3)",
        "why_you": "GDPR Art. 17(1) and 28(3)(e)",
        "identifiers": "GDPR Art. 28(3)(a)",
        "please_erase": "GDPR Art. 28(3)(a) and (4)",
        "erase_by": "GDPR Art. 12(3)",
        "evidence": "GDPR Art. 28(3)(h)",
        "answer_to": "GDPR Art. 28(3)(h)",
    },
}

COMPLAIN = ("complaint", "complaint_anywhere")
NOTHING: tuple[str, ...] = ()

# By rule of a regime, and by letter: each word of its `must_state`, and the elements that say it.
MUST_STATE: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {
    "clocks.acknowledge": {
        "verify": {
            "how_processed": ("confirm",),
            "verification": ("confirm",),
            "answer_by": ("confirm",),
        }
    },
    "clocks.refuse": {
        "denied": {
            "decision": ("denied",),
            "reasons": ("refused",),
            "citation": ("refused",),
            "controller": ("not_ours",),
            "help": ("understanding",),
            "appeal": ("appeal",),
            "complaint_to_us": ("appeal",),
            "authority": COMPLAIN,
            "time_to_complain": ("complaint",),
            "court": ("court",),
        },
        "refused_in_part": {
            "decision": ("refused_in_part",),
            "reasons": ("refused",),
            "citation": ("refused",),
            "controller": ("not_ours",),
            "help": ("understanding",),
            "appeal": ("appeal_later",),
            "complaint_to_us": ("appeal_later",),
            "authority": COMPLAIN,
            "time_to_complain": ("complaint",),
            "court": ("court",),
        },
        "unconfirmed": {
            "decision": ("nobody_confirmed",),
            "reasons": ("nobody_confirmed",),
            "citation": ("nobody_confirmed",),
            "controller": NOTHING,  # without proof nobody learns whose data we hold
            "help": ("understanding",),
            "appeal": ("appeal_by_mail",),
            "complaint_to_us": ("appeal_by_mail",),
            "authority": COMPLAIN,
            "time_to_complain": ("complaint",),
            "court": ("court",),
        },
    },
    "clocks.appeal": {
        "appeal_decision": {
            "action": ("outcome_upheld", "outcome_partly", "outcome_rejected", "done_after_all"),
            "reasons": ("decision",),
        }
    },
    "extensions.respond": {
        "extension": {
            "reasons": ("longer_because",),
            "new_date": ("need_longer",),
            "length": ("need_longer",),
            "authority": COMPLAIN,
            "court": ("court",),
        }
    },
    "extensions.appeal": {"appeal_extension": {"reasons": ("longer_because",)}},
    "duties.appeal": {"appeal_decision": {"authority": COMPLAIN}},
    "duties.appeal_refused": {
        "appeal_decision": {"reasons": ("decision",), "authority": COMPLAIN}
    },
}
