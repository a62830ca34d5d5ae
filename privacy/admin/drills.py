"""Fire drills, as evidence: read-only."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from fluxrouter.foundation.admin import ReadOnlyAdmin
from privacy.admin.words import system_title
from privacy.connectors.registry import connectors
from privacy.models import Drill
from privacy.words import kind_name


@admin.register(Drill)
class DrillAdmin(ReadOnlyAdmin):
    """What each drill planted, found and left."""

    list_display = ("started_at", "finished_at", "result", "request")
    fields = ("started_at", "finished_at", "result", "request", "seen")
    readonly_fields = fields

    @admin.display(description="Result")
    def result(self, drill: Drill) -> str:
        if drill.finished_at is None:
            return "◔ under way"
        return "✓ nothing was left" if drill.passed else "▲ failed"

    @admin.display(description="Per system")
    def seen(self, drill: Drill) -> SafeString:
        order = [*connectors(), *drill.evidence]  # JSON in PostgreSQL has an order of its own
        names = dict.fromkeys(name for name in order if name in drill.evidence)
        rows = [(system_title(name), in_words(drill.evidence[name])) for name in names]
        lines = format_html_join("", "<dt>{}</dt><dd>{}</dd>", rows)
        return format_html('<dl class="facts">{}</dl>', lines)


def in_words(part: dict[str, Any]) -> str:
    """What was planted, found and left in one system."""
    if not part["planted"]:
        return f"Not planted: {part['why'].replace('_', ' ')}."
    if "found" not in part:
        return "Planted; the erasure hasn’t ended."
    left = listed(part["left"])
    seen = f"Found: {listed(part['found']) or 'nothing'}."
    return f"{seen} Left: {left}." if left else f"{seen} Nothing is left."


def listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{kind_name(kind)} ({number})" for kind, number in counts.items())
