"""What a person can have corrected, as one table. Each system maps these to fields of its own."""

from typing import NamedTuple


class Correctable(NamedTuple):
    """A field as staff enter it. `pattern` is what a new value must match, whole; `approvers` is
    how many people must approve it. `label` is read by staff and by the person.
    """

    label: str
    longest: int
    pattern: str = r"[^\x00-\x1f\x7f]+"
    approvers: int = 1
    hint: str = ""


CORRECTABLE: dict[str, Correctable] = {
    "full_name": Correctable("Name", 200),
    "company": Correctable("Company", 200),
    # Whoever has the new address can sign in and be written to.
    "email": Correctable(
        "E-mail address", 254, r"[^\x00-\x20\x7f@]+@[^\x00-\x20\x7f@]+", approvers=2
    ),
    "phone": Correctable("Phone number", 30, r"\+?[0-9 ().-]{3,}"),
    "street": Correctable("Street and number", 200),
    "city": Correctable("Town", 100),
    "postal_code": Correctable("Postal code", 20),
    "country": Correctable("Country", 2, r"[A-Z]{2}", hint="A code of two letters, such as DE."),
}
# What no system has a field for: staff put it right by hand, with a step that waits for them.
OTHER = "other"


def label_of(field: str) -> str:
    return CORRECTABLE[field].label if field in CORRECTABLE else "Something else"
