"""Facts from which every letter can be made, and where they are the other way round."""

from dataclasses import replace
from datetime import date
from typing import Any

from privacy.grounds import GROUNDS, Ground
from privacy.letters import LETTERS, Facts
from privacy.letters.elements import ELEMENTS
from privacy.letters.facts import (
    Corrected,
    Declined,
    Finished,
    Identifier,
    NotCorrected,
    StoppedUse,
    Waiting,
)
from privacy.letters.texts import FOLDER

LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
PAGE = "https://privacy.example.org/privacy"

FULL = Facts(
    site="Acme Gateway",
    contact="help@example.org",
    reference="FR-ABCD-1234",
    due_on=date(2027, 3, 14),
    rights=("Erase my data", "Correct my data"),
    by_agent=True,
    verify_url=f"{PAGE}/verify/v3r1fy-s3cr3t-of-32-characters-in-all/",
    status_url=f"{PAGE}/status/st4tus-s3cr3t-of-32-characters-in-all/",
    stop_url=f"{PAGE}/stop/st0p-s3cr3t-of-32-characters-in-all/",
    code="13572468",
    verify_days=71,
    status_days=182,
    code_minutes=16,
    grace_hours=73,
    paused=True,
    package_until=date(2027, 4, 2),
    reason="Somebody else owns this account.",
    declined=(Declined("Correct my data", "It is right as it stands."),),
    searched=("Payments at Stripe", "Our own database"),
    erased=("Our own database",),
    kept=(GROUNDS[Ground.TAX], GROUNDS[Ground.MAIL_LOG]),
    waiting=(Waiting("Stripe", "Past payments", "They may be disputed.", date(2027, 6, 1)),),
    expiring=(Waiting("OpenAI", "Logs against abuse", "It goes by itself.", date(2027, 8, 8)),),
    finished=(Finished("Supabase", "Old sign-ins", date(2027, 5, 3)),),
    stopped=(
        StoppedUse("Analytics", "Your use is left out of our statistics.", "Metering for bills."),
    ),
    resuming=("Analytics", "News and offers by e-mail"),
    resumes_on=date(2027, 7, 9),
    corrected=(Corrected("Stripe", ("Name", "Town")),),
    not_corrected=(NotCorrected("Past invoices", "Company", "An invoice can’t be changed."),),
    processor="Chatbase",
    identifiers=(Identifier("E-mail address", "ann@example.org"), Identifier("Lead", "ld_5Tz")),
    task_reference="T-77QX",
    task_due_on=date(2027, 2, 20),
    reply_to="answers@example.org",
)
CONTRARY = replace(
    FULL,
    by_agent=False,
    grace_hours=0,
    paused=False,
    declined=(),
    erased=(),
    waiting=(),
    expiring=(),
    not_corrected=(),
)
IN_LETTERS = [(letter, name) for letter, row in LETTERS.items() for name in row.elements]


def facts_for(name: str) -> Facts:
    """Facts under which this element is said."""
    return CONTRARY if ELEMENTS[name].unless else FULL


def but(facts: Facts, **changes: Any) -> Facts:
    return replace(facts, **changes)


def unfolded(text: str) -> str:
    """Without the line breaks, so that a sentence can be found."""
    return " ".join(text.split())
