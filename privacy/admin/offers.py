"""Optional actions as the approvers read them."""

from datetime import date
from typing import Any

from django.utils.dateformat import format as date_format

from privacy.connectors.registry import connectors


def offered(plan: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    """(`connector:action`, its words) for each optional action that makes sense for this plan."""
    return [
        (f"{name}:{action}", offer_words(name, action, day))
        for name, part in plan.items()
        for action, day in part.get("offers", {}).items()
    ]


def offer_words(name: str, action: str, day: str) -> str:
    titles = {each.name: each.title for each in connectors()[name].erasure}
    return f"{titles[action]}; earliest {date_format(date.fromisoformat(day), 'j F Y')}"
