"""Where the laws of a request have what a letter tells of it, as facts of letters.

A letter cites the laws of whoever reads it. Where none of them has the right, we do it by our own
promise, and no law is named.
"""

from privacy.models import DownstreamNotice, PrivacyRequest
from privacy.regimes.loader import DEFAULT
from privacy.selectors.laws import laws_of
from privacy.services import downstream

Kind = DownstreamNotice.Kind
# By letter the right that it is about, as the laws call it.
RIGHT_OF = {"restricted": "restriction", "lifting": "restriction", "corrected": "rectification"}
# By law: which changes others must hear of, and where that stands. What isn't here, we tell by our
# own promise, or by our contracts.
TOLD_BY_LAW: dict[str, dict[str, str]] = {
    "eu_gdpr": dict.fromkeys(Kind, "GDPR Art. 19"),
    "uk_gdpr": dict.fromkeys(Kind, "UK GDPR Art. 19"),
    "ch_fadp": dict.fromkeys(Kind, "FADP Art. 32(4)"),
    "br_lgpd": dict.fromkeys(Kind, "LGPD Art. 18 § 6"),
    "us_ca_ccpa": {
        Kind.ERASURE: "Cal. Code Regs. tit. 11, § 7022(b)(2)-(3),(c)",
        Kind.CORRECTION: "Cal. Code Regs. tit. 11, § 7023(c)",
    },
    "za_popia": dict.fromkeys((Kind.CORRECTION, Kind.ERASURE), "POPIA s. 24(3)"),
    "ca_pipeda": {Kind.CORRECTION: "PIPEDA Sch. 1 cl. 4.9.5"},
    "qc_law25": {Kind.CORRECTION: "Civil Code of Quebec, art. 40"},
    "au_privacy": {Kind.CORRECTION: "APP 13.2"},
    "sg_pdpa": {Kind.CORRECTION: "PDPA s. 22(2)(b)"},
    "kr_pipa": {Kind.CORRECTION: "PIPA, ED Art. 43(2)"},
}


def right_laws(request: PrivacyRequest, letter: str) -> tuple[str, ...]:
    """Where the laws of the request grant what the letter is about."""
    if letter not in RIGHT_OF:
        return ()
    laws = [law.written for law in laws_of(request).of if law.id != DEFAULT]
    rules = [getattr(law.rights, RIGHT_OF[letter]) for law in laws]
    cited = [rule.citation for rule in rules if rule.value and rule.value.granted]
    return tuple(dict.fromkeys(cited))


def telling_laws(request: PrivacyRequest, letter: str) -> tuple[str, ...]:
    """Where the laws of the request have us tell others of what the letter is about."""
    kind = downstream.LETTERS.get(letter)
    cited = [TOLD_BY_LAW.get(law.id, {}).get(str(kind), "") for law in laws_of(request).of]
    return tuple(dict.fromkeys(filter(None, cited)))


def telling_laws_here(request: PrivacyRequest, letter: str) -> tuple[str, ...]:
    """The same, where the letter names anybody as told."""
    return telling_laws(request, letter) if downstream.informed(request, letter) else ()
