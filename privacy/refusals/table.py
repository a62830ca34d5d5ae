"""Why a right may be refused, as one table. What isn't here is no reason."""

from enum import StrEnum
from typing import NamedTuple

from privacy.regimes.loader import DEFAULT
from privacy.regimes.schema import Certainty
from privacy.rights import RIGHTS, Right

READ, SECOND, RECALLED = Certainty.TEXT_READ, Certainty.SECONDARY, Certainty.FROM_KNOWLEDGE


class Use(StrEnum):
    """What may be done with a reason."""

    REFUSES = "refuses"  # staff, or a rule, refuse a right with it
    ANSWERS = "answers"  # no denial: the ordinary letter says it
    NEVER = "never"  # known to laws, and not used by us


class Extent(StrEnum):
    """How much of a right a reason may take."""

    WHOLE = "whole"  # all of it, or a part
    PART = "part"  # never all of it


class Source(NamedTuple):
    """Where a law has the reason. `laws` is a regime's id, or a pattern like us_*.

    Without a citation of its own, the law's rule on the matter is cited, or the act.
    """

    laws: str
    citation: str
    certainty: Certainty


class Reason(NamedTuple):
    """One reason: what the person reads, which rights it may refuse, where the laws have it.

    Attributes:
        must: What staff must do or say besides.
        everywhere: It holds under every law, also where we know no article for it.
        dated: It ends some day, which must be named.
        rule: The duty in a regime's file on which the reason rests.
        only_if: What a law's rule on free requests must list, or the reason doesn't count.
    """

    says: str
    rights: tuple[Right, ...]
    sources: tuple[Source, ...]
    must: str = ""
    use: Use = Use.REFUSES
    extent: Extent = Extent.WHOLE
    everywhere: bool = False
    dated: bool = False
    rule: str = ""
    only_if: str = ""


ALL = tuple(Right)
COPIES = (Right.ACCESS, Right.KNOW, Right.RECIPIENTS)
COPY = (Right.ACCESS, Right.PORTABILITY)
LOOK_UPS = (*COPIES, Right.PORTABILITY)
ERASE = (Right.ERASURE,)
CORRECT = (Right.RECTIFICATION,)
STOPS = (Right.ERASURE, Right.RESTRICTION, Right.OBJECTION)
VERIFIED = tuple(right for right, row in RIGHTS.items() if row.level != "none")


def europe(article: str, certainty: Certainty = READ) -> tuple[Source, ...]:
    """An article of the GDPR and its twin in the United Kingdom."""
    return (
        Source("eu_gdpr", f"GDPR {article}", certainty),
        Source("uk_gdpr", f"UK GDPR {article}", SECOND),
    )


REASONS: dict[str, Reason] = {
    "ID_NOT_VERIFIED": Reason(
        "We could not make sure that the request came from you.",
        VERIFIED,
        (
            *europe("Art. 12(2), 12(6), 11(2)"),
            Source("us_ca_ccpa", "11 CCR § 7060–7062", READ),
            Source("qc_law25", "CQLR c. P-39.1 s. 30", RECALLED),
            Source("za_popia", "POPIA s. 23(1)", RECALLED),
            Source("us_*", "", SECOND),
        ),
        "Say what would cure it. Where a copy was asked for, tell which kinds of data we hold, "
        "or what we tell everybody (11 CCR § 7024(a)–(b)).",
        everywhere=True,
        rule="verification",
    ),
    "NO_DATA_FOUND": Reason(
        "We looked, and found no data about you.",
        (*LOOK_UPS, Right.ERASURE, Right.RECTIFICATION),
        (*europe("Art. 15(1)"), Source("us_ca_ccpa", "11 CCR § 7022(f)", READ)),
        "This is an answer: carry the request out, and its letter says so.",
        Use.ANSWERS,
        everywhere=True,
    ),
    "NOT_CONTROLLER": Reason(
        "We hold this data only for one of our customers, who decides what happens with it.",
        ALL,
        (
            *europe("Art. 28(3)(e)"),
            Source("br_lgpd", "LGPD Art. 18 § 4 I", READ),
            Source("us_ca_ccpa", "11 CCR § 7050", RECALLED),
        ),
        "Pass the request on to the customer first. Name the customer where you may.",
        everywhere=True,
    ),
    "NOT_COVERED_JURISDICTION": Reason(
        "Where you live, no law gives this right.",
        ALL,
        (Source("us_*", "The act’s definition of a resident", RECALLED),),
        "Never used: we grant every right wherever somebody lives.",
        Use.NEVER,
    ),
    "MANIFESTLY_UNFOUNDED": Reason(
        "The request is manifestly unfounded.",
        ALL,
        (
            *europe("Art. 12(5)"),
            Source("ch_fadp", "FADP Art. 26(1)(c)", READ),
            Source("us_ca_ccpa", "Cal. Civ. Code § 1798.145(h)(3)", READ),
            Source("us_*", "", SECOND),
            Source(DEFAULT, "our own standard, as in GDPR Art. 12(5)", READ),
        ),
        "Keep the evidence: we must prove it. Have a lawyer look at it first.",
        rule="free_requests",
        only_if="manifestly_unfounded",
    ),
    "EXCESSIVE_REPETITIVE": Reason(
        "The request is excessive, or repeats an earlier one.",
        ALL,
        (
            *europe("Art. 12(5)"),
            Source("us_ca_ccpa", "Cal. Civ. Code § 1798.145(h)(3)", READ),
            Source("us_*", "", SECOND),
            Source(DEFAULT, "our own standard, as in GDPR Art. 12(5)", READ),
        ),
        "Keep the evidence: we must prove it, also that a first request was meant to abuse the "
        "right (CJEU, C-526/24). Have a lawyer look at it first.",
        rule="free_requests",
        only_if="excessive",
    ),
    "SUSPECTED_FRAUD": Reason(
        "We have good reason to believe that the request is fraudulent.",
        ALL,
        (
            *europe("Art. 12(2), 12(5)–(6)", RECALLED),
            Source("us_or", "ORS 646A.576(5)(e)(B)", READ),
            Source("us_mn", "Minn. Stat. § 325M.14 subd. 4(h)", READ),
            Source("us_ca_ccpa", "11 CCR § 7020–7026", RECALLED),
        ),
        "Write down what the belief rests on, and tell the person.",
        everywhere=True,
    ),
    "AGENT_UNAUTHORISED": Reason(
        "Whoever asked for you did not show that you allowed it.",
        ALL,
        (
            Source("us_ca_ccpa", "11 CCR § 7063", RECALLED),
            Source("us_*", "", RECALLED),
        ),
        "Say that the person can ask us directly, or sign a permission.",
        rule="agents",
    ),
    "FREE_EXPRESSION": Reason(
        "Somebody’s freedom of expression and information needs this data.",
        ERASE,
        (
            *europe("Art. 17(3)(a)"),
            Source("us_ca_ccpa", "Cal. Civ. Code § 1798.105(d)(4)", RECALLED),
        ),
    ),
    "LEGAL_OBLIGATION": Reason(
        "A law makes us keep this data.",
        STOPS,
        (
            *europe("Art. 17(3)(b)"),
            Source("br_lgpd", "LGPD Art. 16 I", READ),
            Source("in_dpdp", "DPDP Act s. 12(3)", READ),
            Source("us_ca_ccpa", "Cal. Civ. Code § 1798.105(d)(8), 1798.145(a)", RECALLED),
            Source("us_*", "", RECALLED),
        ),
        "Name that law. Under the GDPR only law of the Union or a member state counts: for a "
        "duty under law of the United States use the reason of legal claims.",
        everywhere=True,
        dated=True,
    ),
    "LEGAL_CLAIMS": Reason(
        "We need this data to raise, carry on or answer a legal claim.",
        STOPS,
        (
            *europe("Art. 17(3)(e), 18(2), 21(1)"),
            Source("us_ca_ccpa", "Cal. Civ. Code § 1798.145(a)(1)(D)", RECALLED),
            Source("us_*", "", RECALLED),
        ),
        "Note the matter, and the day on which you look at it again.",
        everywhere=True,
        dated=True,
    ),
    "LITIGATION_HOLD": Reason(
        "A court, an authority or a legal dispute forbids us to delete this data now.",
        ERASE,
        (
            *europe("Art. 17(3)(e)"),
            Source("ca_pipeda", "PIPEDA s. 8(8)", READ),
            Source("sg_pdpa", "PDPA s. 22A", SECOND),
            Source("us_*", "Fed. R. Civ. P. 37(e)", RECALLED),
        ),
        "It puts the erasure off and doesn’t end it: place the hold, and erase when it is over.",
        everywhere=True,
        dated=True,
    ),
    "PUBLIC_HEALTH": Reason(
        "Public health needs this data.",
        ERASE,
        europe("Art. 17(3)(c), 9(2)(h)–(i), 9(3)"),
    ),
    "ARCHIVE_RESEARCH": Reason(
        "An archive, research or statistics in the public interest need this data, and erasing "
        "it would make them impossible or harm them badly.",
        ERASE,
        (
            *europe("Art. 17(3)(d), 89(1)"),
            Source("us_ca_ccpa", "Cal. Civ. Code § 1798.105(d)(6)", RECALLED),
        ),
    ),
    "COMPLETE_TRANSACTION": Reason(
        "We need this data to finish what you ordered, or to do what we agreed with you.",
        ERASE,
        (
            Source("us_ca_ccpa", "Cal. Civ. Code § 1798.105(d)(1)", RECALLED),
            Source("us_*", "", RECALLED),
        ),
        "An open balance, credit or refund, for example. Name it, and when it ends.",
        dated=True,
    ),
    "SECURITY_INTEGRITY": Reason(
        "We need this data to keep our service secure, and no more of it than that takes.",
        ERASE,
        (
            Source("us_ca_ccpa", "Cal. Civ. Code § 1798.105(d)(2)", RECALLED),
            Source("us_*", "", RECALLED),
        ),
        extent=Extent.PART,
    ),
    "DEBUGGING": Reason(
        "We need this data to find and repair an error in our service.",
        ERASE,
        (Source("us_ca_ccpa", "Cal. Civ. Code § 1798.105(d)(3)", RECALLED),),
        "At most 90 days.",
        extent=Extent.PART,
        dated=True,
    ),
    "CALECPA": Reason(
        "California’s law on electronic communications makes us keep this data.",
        ERASE,
        (Source("us_ca_ccpa", "Cal. Civ. Code § 1798.105(d)(5)", RECALLED),),
        extent=Extent.PART,
    ),
    "INTERNAL_EXPECTED_USE": Reason(
        "We use this data only inside our company, as you would expect from what you do with us.",
        ERASE,
        (Source("us_ca_ccpa", "Cal. Civ. Code § 1798.105(d)(7)", RECALLED),),
        "It is narrow. Have a lawyer look at it first.",
        extent=Extent.PART,
    ),
    "THIRD_PARTY_RIGHTS": Reason(
        "It would show you data about somebody else. We leave that part out.",
        COPY,
        (
            *europe("Art. 15(4), 20(4)"),
            Source("ca_pipeda", "PIPEDA s. 9(1)", READ),
            Source("ch_fadp", "FADP Art. 26(1)(b)", READ),
            Source("sg_pdpa", "PDPA s. 21(3)(c)–(d)", READ),
        ),
        "Leave that part out and give all the rest.",
        extent=Extent.PART,
        everywhere=True,
    ),
    "TRADE_SECRET": Reason(
        "It would give away a trade secret or somebody’s intellectual property. We leave that "
        "part out.",
        COPY,
        (
            *europe("Art. 15(4); recital 63"),
            Source("ca_pipeda", "PIPEDA s. 9(3)(b)", READ),
            Source("br_lgpd", "LGPD Art. 19 II, 20 § 1", READ),
        ),
        "Leave that part out and give all the rest.",
        extent=Extent.PART,
        everywhere=True,
    ),
    "SECURITY_RISK_DATA": Reason(
        "We hold data of this kind, but showing it could put you at risk.",
        (Right.ACCESS,),
        (
            Source("us_ca_ccpa", "11 CCR § 7024(d)", READ),
            Source("us_mn", "Minn. Stat. § 325M.14 subd. 4(i)", READ),
            Source("us_mt", "Mont. SB 297 of 2025", SECOND),
            Source("us_ct", "Conn. Public Act 25-113", SECOND),
        ),
        "Describe the kind so exactly that the person knows what it is.",
        extent=Extent.PART,
    ),
    "PRIVILEGE": Reason(
        "It is part of a confidential exchange with a lawyer.",
        COPIES,
        (
            Source("eu_gdpr", "GDPR Art. 23(1)(i), with the law of your country", RECALLED),
            Source("uk_gdpr", "DPA 2018 Sch. 2 para. 19", READ),
            Source("ca_pipeda", "PIPEDA s. 9(3)(a)", READ),
            Source("us_ca_ccpa", "Cal. Civ. Code § 1798.145(b)", RECALLED),
        ),
        extent=Extent.PART,
        everywhere=True,
    ),
    "CRIME_PREVENTION": Reason(
        "A law restricts what we may tell you about this.",
        COPIES,
        (
            Source("eu_gdpr", "GDPR Art. 23(1)(d)", READ),
            Source("uk_gdpr", "DPA 2018 Sch. 2 para. 2", READ),
        ),
        "Explain no more than you may: the letter must warn nobody. Have a lawyer look at it.",
    ),
    "NOT_SEARCHED_COMPLIANCE_ARCHIVE": Reason(
        "We did not search archives that we keep only because of a law, can’t be searched, and "
        "are never sold or used for business.",
        (Right.ACCESS, Right.KNOW),
        (Source("us_ca_ccpa", "11 CCR § 7024(c)", READ),),
        "All four conditions must hold. Describe the kinds of records that were not searched.",
        extent=Extent.PART,
    ),
    "ACCURATE_AS_RECORDED": Reason(
        "From all that we know, the data is more likely right than wrong.",
        CORRECT,
        (
            *europe("Art. 16, 18(1)(a)"),
            Source("ch_fadp", "FADP Art. 32(3)", READ),
            Source("sg_pdpa", "PDPA s. 22(5)", READ),
            Source("za_popia", "POPIA s. 24(2)(d)", READ),
            Source("au_privacy", "APP 13.4", READ),
            Source("us_ca_ccpa", "11 CCR § 7023(b)", READ),
        ),
        "Offer to note beside the data that the person disputes it, in their words.",
        everywhere=True,
    ),
    "CORRECT_BY_DELETION": Reason(
        "We deleted the data that you dispute, as that does you no harm.",
        CORRECT,
        (Source("us_ca_ccpa", "11 CCR § 7023(d)(1)", RECALLED),),
        "Delete it first.",
    ),
    "COMPELLING_GROUNDS": Reason(
        "We have compelling reasons to go on with this use, which weigh more than yours.",
        (Right.OBJECTION,),
        europe("Art. 21(1)"),
        "Say which use, and weigh both sides. Never for news, offers and other marketing: that "
        "stops in any case (GDPR Art. 21(3)).",
        extent=Extent.PART,
    ),
    "PORTABILITY_NOT_APPLICABLE": Reason(
        "This right is only for data that you gave us, and that we use by machine with your "
        "consent or for our contract with you.",
        (Right.PORTABILITY,),
        europe("Art. 20(1)"),
        "Give it as a copy all the same (GDPR Art. 15).",
    ),
    "DISPROPORTIONATE_EFFORT": Reason(
        "It would take an effort out of all proportion.",
        (*COPIES, Right.ERASURE, Right.RECTIFICATION),
        (
            Source("uk_gdpr", "UK GDPR Art. 15(1A)", READ),
            Source("us_ca_ccpa", "11 CCR § 7001, 7022(b)(3), (c)(4)", RECALLED),
        ),
        "Explain in detail, with facts. That we lack the systems for it is no excuse.",
        extent=Extent.PART,
    ),
    "BACKUP_DELAYED": Reason(
        "It is gone from all that we work with. Copies in our backups go by themselves, and "
        "nobody uses them until then.",
        ERASE,
        (Source("us_ca_ccpa", "11 CCR § 7022(d)", RECALLED),),
        "This is an answer: carry the erasure out, and its letter names the day.",
        Use.ANSWERS,
        everywhere=True,
        dated=True,
    ),
    "DEIDENTIFIED": Reason(
        "What is left can’t be linked to you or anybody any more.",
        (Right.ACCESS, Right.KNOW, Right.ERASURE),
        (
            Source("eu_gdpr", "GDPR, recital 26", READ),
            Source("uk_gdpr", "UK GDPR, recital 26", SECOND),
            Source("us_ca_ccpa", "Cal. Civ. Code § 1798.140(m), 1798.148", RECALLED),
        ),
        "Pseudonymised data doesn’t count. Never link it again to answer.",
        extent=Extent.PART,
        everywhere=True,
    ),
    "UNIDENTIFIABLE_ART11": Reason(
        "We can’t tell which of this data is yours. Tell us more, and we look again.",
        (Right.ACCESS, Right.KNOW, Right.ERASURE, Right.PORTABILITY),
        europe("Art. 11(1)–(2)"),
        "Say what the person could tell us to be found.",
    ),
}
