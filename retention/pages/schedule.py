"""The schedule as staff see it: each rule, its runs, what waits, and what is to come."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from fluxrouter.foundation.models import TrailEvent
from retention.dispositions import RETIRE
from retention.models import Disposition, Retirement
from retention.pages.chart import chart_of
from retention.rules import RetentionRule
from retention.schedule import RETENTION_SCHEDULE
from retention.selectors.falling import falling_due
from retention.selectors.standing import standings
from retention.services.dispose import DISPOSED_AT, RETIRED_AT, dry_run
from retention.words import name_of, then_of, time_of

DAYS = 30
LATEST = 20  # runs on a rule's page; the lists have all


def may_see(request: HttpRequest) -> None:
    if not request.user.has_perm("retention.view_disposition"):
        raise PermissionDenied


def context(model_admin: Any, request: HttpRequest, title: str) -> dict[str, Any]:
    site = model_admin.admin_site.each_context(request)
    return {**site, "title": title, "opts": model_admin.opts}


def overview(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Every rule with its last run, its next one, and what waits."""
    may_see(request)
    now = timezone.now()
    rows = [(each, in_words(each.rule), next_run(each.rule)) for each in standings(now)]
    values = {**context(model_admin, request, "Retention schedule"), "rows": rows, "now": now}
    return TemplateResponse(request, "admin/retention/schedule.html", values)


def in_words(rule: RetentionRule) -> dict[str, str]:
    return {"name": name_of(rule.model), "time": time_of(rule), "then": then_of(rule)}


def next_run(rule: RetentionRule) -> Any:
    times = RETIRED_AT if rule.dispose == RETIRE else DISPOSED_AT
    return times.next_due(timezone.now())


def rule_called(name: str) -> RetentionRule:
    for rule in RETENTION_SCHEDULE:
        if rule.name == name:
            return rule
    raise Http404


def one_rule(model_admin: Any, request: HttpRequest, name: str) -> HttpResponse:
    """One rule: what it says, its runs with their evidence, and the days to come."""
    may_see(request)
    rule, now = rule_called(name), timezone.now()
    retired = Retirement.objects.filter(rule=rule.name)
    looks = TrailEvent.objects.filter(chain_id=rule.chain, code="retention.dry_run")
    values = {
        **context(model_admin, request, name_of(rule.model)),
        "rule": rule,
        "words": in_words(rule),
        "next_run": next_run(rule),
        "standing": next(each for each in standings(now) if each.rule == rule),
        "chart": chart_of(falling_due(rule, now, DAYS), now),
        "is_estimate": rule.dispose == RETIRE,
        "runs": Disposition.objects.filter(rule=rule.name)[:LATEST],
        "retired": retired[:LATEST],
        "looks": looks.order_by("-seq")[:LATEST],
        "may_dry_run": request.user.has_perm("retention.dry_run"),
    }
    return TemplateResponse(request, "admin/retention/rule.html", values)


def dry_run_now(model_admin: Any, request: HttpRequest, name: str) -> HttpResponse:
    """Count exactly what a run would take now. Nothing goes."""
    if not request.user.has_perm("retention.dry_run"):
        raise PermissionDenied
    return counted(request, rule_called(name))


@require_POST
def counted(request: HttpRequest, rule: RetentionRule) -> HttpResponse:
    number = dry_run(rule, actor=str(request.user.pk))
    messages.success(request, f"A run would dispose of {number:,} now. Nothing was changed.")
    return redirect("admin:retention_rule", name=rule.name)


# Address, name and view.
PAGES = (
    ("schedule/", "retention_schedule", overview),
    ("schedule/<str:name>/", "retention_rule", one_rule),
    ("schedule/<str:name>/dry-run/", "retention_dry_run", dry_run_now),
)
