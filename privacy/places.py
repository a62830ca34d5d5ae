"""Countries and states for the form: names from the CLDR, by way of Babel."""

from functools import cache

from babel import Locale

# CLDR territories that are groups or reserved codes rather than places one can live in.
NOT_PLACES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
US_STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia",
    "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois",
    "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada",
    "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York",
    "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon",
    "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota",
    "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia",
    "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip

PROVINCES = {
    "AB": "Alberta", "BC": "British Columbia", "MB": "Manitoba", "NB": "New Brunswick",
    "NL": "Newfoundland and Labrador", "NT": "Northwest Territories", "NS": "Nova Scotia",
    "NU": "Nunavut", "ON": "Ontario", "PE": "Prince Edward Island", "QC": "Quebec",
    "SK": "Saskatchewan", "YT": "Yukon",
}  # fmt: skip
# Countries whose states or provinces have privacy laws of their own. No code is in two of them.
STATES: dict[str, dict[str, str]] = {"US": US_STATES, "CA": PROVINCES}


@cache
def countries(language: str = "en") -> list[tuple[str, str]]:
    """(ISO 3166-1 code, name), by name."""
    names = Locale(language).territories
    found = [
        (code, name)
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and code not in NOT_PLACES
    ]
    return sorted(found, key=lambda pair: pair[1])


def language_name(language: str) -> str:
    """A language's name in itself."""
    return str(Locale(language).get_display_name()).capitalize()


def place_name(country: str, state: str = "") -> str:
    name = dict(countries()).get(country, country)
    states = STATES.get(country, {})
    return f"{states[state]}, {name}" if state in states else name
