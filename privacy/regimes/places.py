"""Where somebody says they live: ISO 3166 countries, and states that have a law of their own."""

import re

COUNTRIES_OF: dict[str, tuple[str, ...]] = {  # names for several countries
    "EU": (
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
        *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    ),
}
PLACE = re.compile(r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")


def is_place(text: str) -> bool:
    return text in COUNTRIES_OF or bool(PLACE.match(text))


def countries(places: tuple[str, ...]) -> set[str]:
    """Places with groups of countries spelled out."""
    return {each for place in places for each in COUNTRIES_OF.get(place, (place,))}


def residences(country: str, state: str = "") -> tuple[str, ...]:
    """The places that a residence is in, the nearest first: California is in the United States."""
    country, state = country.strip().upper(), state.strip().upper()
    whole = state if state.startswith(f"{country}-") else f"{country}-{state}"
    return (whole, country) if state else (country,)
