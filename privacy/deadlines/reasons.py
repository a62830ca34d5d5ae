"""Reasons for which a law may give more time, as one table.

How many requests others make, and how few people we are, is no reason: the law looks at this
person's request (GDPR Art. 12(3): “taking into account the complexity and number of the
requests”), so there is no row for it.
"""

from typing import NamedTuple


class ReasonRow(NamedTuple):
    """`label` is for staff; `says` is read by the person, before what staff explain."""

    label: str
    says: str


# The codes are those of `grounds` in privacy/regimes/*.yaml.
REASONS: dict[str, ReasonRow] = {
    "complexity": ReasonRow(
        "This request is complex", "Your request is complex, and takes us longer to answer."
    ),
    "number_of_requests": ReasonRow(
        "This person made many requests",
        "You made several requests, and together they take us longer to answer.",
    ),
    "volume_of_requests": ReasonRow(
        "This person’s requests ask for very much",
        "Your requests ask for very much data, which takes us longer to collect.",
    ),
    "consultations": ReasonRow(
        "We must consult others before we can answer",
        "We have to ask others before we can answer you.",
    ),
    "unreasonable_interference": ReasonRow(
        "To answer in time would unreasonably disturb our work",
        "To answer you in the usual time would unreasonably disturb our other work.",
    ),
    "search_elsewhere": ReasonRow(
        "We must search in another place",
        "We have to search in another place, and can’t do that in the usual time.",
    ),
    "format_conversion": ReasonRow(
        "The data must be put into another form",
        "We have to put your data into another form first.",
    ),
    "person_agrees": ReasonRow(
        "The person agreed to it in writing", "You agreed that we may take longer."
    ),
}
