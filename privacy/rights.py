"""The rights that people have, as one table."""

from enum import StrEnum
from typing import NamedTuple

from django.db.models import TextChoices

from accounts.purposes import Purpose


class Right(TextChoices):
    ACCESS = "access", "Get a copy of my data"
    KNOW = "know", "Know which kinds of data you hold about me"
    PORTABILITY = "portability", "Take my data elsewhere"
    RECTIFICATION = "rectification", "Correct my data"
    ERASURE = "erasure", "Erase my data"
    RESTRICTION = "restriction", "Limit what you do with my data"
    OBJECTION = "objection", "Object to a use of my data"
    OPT_OUT = "opt_out", "Opt out of sale and sharing"
    OPT_OUT_PROFILING = "opt_out_profiling", "Opt out of profiling"
    LIMIT_SENSITIVE = "limit_sensitive", "Limit the use of my sensitive data"
    RECIPIENTS = "recipients", "Know who received my data"
    WITHDRAW_CONSENT = "withdraw_consent", "Take back my consent"


class Level(StrEnum):
    """How sure we must be who asks."""

    NONE = "none"
    ADDRESS = "address"  # proved control of the e-mail address


class Executor(StrEnum):
    """Who carries a right out."""

    PACKAGE = "package"  # connectors export, the package is built
    ERASE = "erase"  # connectors erase and verify
    CORRECT = "correct"  # connectors write the values that staff entered
    RESTRICT = "restrict"  # connectors and gateway stop the uses in `stops`
    BY_HAND = "by_hand"  # staff, with a step that stays open until they say what they did


class RightRow(NamedTuple):
    """One right: what it means in plain words, the law, who does it, who must approve it.

    `in_regimes` are the names under which the laws know it (`privacy.regimes`).
    """

    meaning: str
    legal_basis: str
    level: Level
    executor: Executor
    in_regimes: tuple[str, ...]
    approvers: int = 1
    stops: tuple[Purpose, ...] = ()


RIGHTS: dict[Right, RightRow] = {
    Right.ACCESS: RightRow(
        "See what we hold about you, and get a copy of it.",
        "GDPR Art. 15; Cal. Civ. Code § 1798.110",
        Level.ADDRESS,
        Executor.PACKAGE,
        ("access",),
    ),
    Right.KNOW: RightRow(
        "Learn which kinds of data we hold, why, from where, and who gets them.",
        "Cal. Civ. Code § 1798.110; 11 CCR § 7024; GDPR Art. 15(1)",
        Level.ADDRESS,
        Executor.BY_HAND,
        ("access",),
    ),
    Right.PORTABILITY: RightRow(
        "Get the data you gave us in a form that another service can read.",
        "GDPR Art. 20; Cal. Civ. Code § 1798.130(a)(3)(B)(iii)",
        Level.ADDRESS,
        Executor.BY_HAND,
        ("portability",),
    ),
    Right.RECTIFICATION: RightRow(
        "Have something put right that is wrong or out of date.",
        "GDPR Art. 16; Cal. Civ. Code § 1798.106",
        Level.ADDRESS,
        Executor.CORRECT,
        ("rectification",),
    ),
    Right.ERASURE: RightRow(
        "Have your data erased, here and at the companies that work for us.",
        "GDPR Art. 17; Cal. Civ. Code § 1798.105",
        Level.ADDRESS,
        Executor.ERASE,
        ("erasure",),
        approvers=2,
    ),
    Right.RESTRICTION: RightRow(
        "Have us keep your data but stop using it, for example while we check if it is right.",
        "GDPR Art. 18",
        Level.ADDRESS,
        Executor.RESTRICT,
        ("restriction",),
        stops=(
            Purpose.STORED_COPIES,
            Purpose.ANALYTICS,
            Purpose.MARKETING,
            Purpose.PROFILING,
            Purpose.BILLING,
        ),
    ),
    Right.OBJECTION: RightRow(
        "Tell us to stop a use of your data that rests on our own interests.",
        "GDPR Art. 21",
        Level.ADDRESS,
        Executor.RESTRICT,
        ("objection",),
        stops=(Purpose.ANALYTICS, Purpose.MARKETING, Purpose.PROFILING),
    ),
    Right.OPT_OUT: RightRow(
        "Tell us never to sell or share your data. We do neither.",
        "Cal. Civ. Code § 1798.120",
        Level.NONE,
        Executor.RESTRICT,
        ("opt_out_sale", "opt_out_ads"),
        stops=(Purpose.SALE,),
    ),
    Right.OPT_OUT_PROFILING: RightRow(
        "Tell us to predict and decide nothing about you from your data.",
        "11 CCR § 7221; Va. Code § 59.1-577(A)(5)",
        Level.NONE,
        Executor.RESTRICT,
        ("opt_out_profiling",),
        stops=(Purpose.PROFILING,),
    ),
    Right.LIMIT_SENSITIVE: RightRow(
        "Have us use sensitive data about you only for what you asked us to do.",
        "Cal. Civ. Code § 1798.121; 11 CCR § 7027",
        Level.NONE,
        Executor.RESTRICT,
        ("limit_sensitive",),
        stops=(Purpose.STORED_COPIES, Purpose.PROFILING),
    ),
    Right.RECIPIENTS: RightRow(
        "Learn which companies received your data.",
        "GDPR Art. 15(1)(c); Or. Rev. Stat. § 646A.574(1)(a)(B)",
        Level.ADDRESS,
        Executor.BY_HAND,
        ("recipients",),
    ),
    Right.WITHDRAW_CONSENT: RightRow(
        "Stop what we do only because you agreed to it, such as news by e-mail.",
        "GDPR Art. 7(3)",
        Level.NONE,
        Executor.RESTRICT,
        ("withdrawal",),
        stops=(Purpose.MARKETING,),
    ),
}


def rows(rights: list[str]) -> list[RightRow]:
    return [RIGHTS[Right(right)] for right in rights]


def executors(rights: list[str]) -> set[Executor]:
    return {row.executor for row in rows(rights)}


def approvers_needed(rights: list[str]) -> int:
    return max(row.approvers for row in rows(rights))


def stopped_purposes(rights: list[str]) -> tuple[Purpose, ...]:
    """The uses that these rights stop, each once, in the table's order."""
    wanted = {purpose for row in rows(rights) for purpose in row.stops}
    return tuple(purpose for purpose in Purpose if purpose in wanted)


def in_regimes(rights: list[str]) -> tuple[str, ...]:
    """These rights as the laws call them, each once."""
    return tuple(dict.fromkeys(name for row in rows(rights) for name in row.in_regimes))
