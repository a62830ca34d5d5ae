"""What a person can have corrected, as one table. Each system maps these to fields of its own."""

from typing import NamedTuple


class Correctable(NamedTuple):
    """A field as staff enter it. `pattern` is what a new value must match, whole."""

    label: str
    longest: int
    pattern: str = r"[^\x00-\x1f\x7f]+"


CORRECTABLE: dict[str, Correctable] = {
    "full_name": Correctable("Name", 200),
    "company": Correctable("Company", 200),
    "email": Correctable("E-mail address", 254),
    "phone": Correctable("Phone number", 30, r"\+?[0-9 ().-]{3,}"),
    "street": Correctable("Street and number", 200),
    "city": Correctable("Town", 100),
    "postal_code": Correctable("Postal code", 20),
    "country": Correctable("Country, as a code of two letters", 2, r"[A-Z]{2}"),
}
# What no system has a field for: staff put it right by hand, with a step that waits for them.
OTHER = "other"
