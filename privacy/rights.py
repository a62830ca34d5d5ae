"""The rights that people have, as one table."""

from collections.abc import Collection, Iterable
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
    """How sure we must be who asks, least first."""

    NONE = "none"
    ADDRESS = "address"  # proved control of the e-mail address

    def reaches(self, needed: "Level") -> bool:
        order = list(Level)
        return order.index(self) >= order.index(needed)


class Executor(StrEnum):
    """Who carries a right out."""

    PACKAGE = "package"  # connectors export, the package is built
    INFORM = "inform"  # the package tells what is held, why, and who gets it
    PORT = "port"  # connectors export, the package has what the person gave us
    ERASE = "erase"  # connectors erase and verify
    CORRECT = "correct"  # connectors write the values that staff entered
    RESTRICT = "restrict"  # connectors and gateway stop the uses in `stops`
    BY_HAND = "by_hand"  # staff, with a step that stays open until they say what they did


class RightRow(NamedTuple):
    """One right: what it means in plain words, the law, who does it, who must approve it.

    `in_regimes` are the names under which the laws know it (`privacy.regimes`). `stops` are the
    uses that it ends. Those in `interim` stop by themselves from the proof of the address until
    the decision (GDPR Art. 18(1)(a), (d)); those in `absolute` are weighed against nothing, so
    that no decision lets them go on (Art. 21(3)).
    """

    meaning: str
    legal_basis: str
    level: Level
    executor: Executor
    in_regimes: tuple[str, ...]
    approvers: int = 1
    stops: tuple[Purpose, ...] = ()
    interim: tuple[Purpose, ...] = ()
    absolute: tuple[Purpose, ...] = ()


ON_OUR_INTERESTS = (
    Purpose.STORED_COPIES,
    Purpose.ANALYTICS,
    Purpose.MARKETING,
    Purpose.PROFILING,
)

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
        Executor.INFORM,
        ("access",),
    ),
    Right.PORTABILITY: RightRow(
        "Get the data you gave us in a form that another service can read.",
        "GDPR Art. 20; Cal. Civ. Code § 1798.130(a)(3)(B)(iii)",
        Level.ADDRESS,
        Executor.PORT,
        ("portability",),
    ),
    Right.RECTIFICATION: RightRow(
        "Have something put right that is wrong or out of date.",
        "GDPR Art. 16; Cal. Civ. Code § 1798.106",
        Level.ADDRESS,
        Executor.CORRECT,
        ("rectification",),
        interim=(Purpose.ANALYTICS, Purpose.MARKETING, Purpose.PROFILING),
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
        stops=ON_OUR_INTERESTS,
        interim=ON_OUR_INTERESTS,
        absolute=(Purpose.MARKETING,),
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
        Executor.INFORM,
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


# As forms and pages list them.
GROUPS: tuple[tuple[str, tuple[Right, ...]], ...] = (
    ("Copies and information", (Right.ACCESS, Right.KNOW, Right.PORTABILITY, Right.RECIPIENTS)),
    ("Changes", (Right.RECTIFICATION, Right.ERASURE)),
    ("Limits that need a confirmed address", (Right.RESTRICTION, Right.OBJECTION)),
    (
        "Limits at once, without proof",
        (Right.OPT_OUT, Right.OPT_OUT_PROFILING, Right.LIMIT_SENSITIVE, Right.WITHDRAW_CONSENT),
    ),
)


def rows(rights: list[str]) -> list[RightRow]:
    return [RIGHTS[Right(right)] for right in rights]


def executors(rights: list[str]) -> set[Executor]:
    return {row.executor for row in rows(rights)}


def approvers_needed(rights: list[str]) -> int:
    return max(row.approvers for row in rows(rights))


def in_order(purposes: Iterable[Purpose]) -> tuple[Purpose, ...]:
    """Each once, in the order of the table of purposes."""
    wanted = set(purposes)
    return tuple(purpose for purpose in Purpose if purpose in wanted)


def stopped_purposes(rights: list[str]) -> tuple[Purpose, ...]:
    """The uses that these rights stop."""
    return in_order(purpose for row in rows(rights) for purpose in row.stops)


def interim_purposes(rights: list[str]) -> tuple[Purpose, ...]:
    """The uses that stop from the proof of the address until these rights are decided."""
    return in_order(purpose for row in rows(rights) for purpose in row.interim)


def absolute_purposes(rights: list[str]) -> tuple[Purpose, ...]:
    """The uses that stop for good, whatever is decided."""
    return in_order(purpose for row in rows(rights) for purpose in row.absolute)


def needs_proof(right: str) -> bool:
    """Whether we must know who asks. What needs none only stops uses, whoever asks for it."""
    return RIGHTS[Right(right)].level is not Level.NONE


def without_proof(rights: Collection[str]) -> bool:
    """Whether something is asked for, and all of it is done at once, for whoever asks."""
    return bool(rights) and not any(needs_proof(right) for right in rights)


def in_regimes(rights: list[str]) -> tuple[str, ...]:
    """These rights as the laws call them, each once."""
    return tuple(dict.fromkeys(name for row in rows(rights) for name in row.in_regimes))
