"""Legal holds: list, place, keep, release. And the schedule with what it disposed of."""

from functools import partial
from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.dateformat import format as date_format
from django.utils.html import format_html

from fluxrouter.foundation.admin import ReadOnlyAdmin
from retention.models import Disposition, LegalHold, Retirement, RollupCell
from retention.pages import numbers, schedule
from retention.pages.holds import SHOWN, STEPS, PlaceHoldForm, ReviewForm, Step, in_words
from retention.services.holds import HoldError, place_hold


class ReleasedFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "In force"), ("released", "Released")]

    def queryset(self, request: Any, queryset: Any) -> Any:
        if self.value() in ("open", "released"):
            return queryset.filter(released_at__isnull=self.value() == "open")
        return queryset


def request_words(hold: LegalHold) -> str:
    """The reference of the request that made a hold. A request may be gone before its hold."""
    rows = apps.get_model("privacy.PrivacyRequest").objects
    found = rows.filter(pk=hold.request_id) if hold.request_id else rows.none()
    reference = found.values_list("reference", flat=True).first()
    return f"request {reference}" if reference else "a request that is gone"


@admin.register(LegalHold)
class LegalHoldAdmin(ReadOnlyAdmin):
    form = PlaceHoldForm
    list_display = (
        *("hold", "covers", "ground", "citation", "told", "made_by", "review_on", "state"),
    )
    list_filter = (ReleasedFilter, "ground", "secrecy")
    ordering = ("-released_at", "review_on")
    readonly_fields = ("covers", "told", "placed", "released")
    change_form_template = "admin/retention/hold.html"

    @admin.display(description="Hold")
    def hold(self, hold: LegalHold) -> str:
        return str(hold.pk)[:8]

    @admin.display(description="Covers")
    def covers(self, hold: LegalHold) -> str:
        return in_words(hold)

    @admin.display(description="Is the person told?")
    def told(self, hold: LegalHold) -> str:
        return str(hold.get_secrecy_display()) if hold.secrecy else "Yes"

    @admin.display(description="State")
    def state(self, hold: LegalHold) -> str:
        shape, word = ("○", "Released") if hold.released_at else ("●", "In force")
        return format_html('<span aria-hidden="true">{}</span> {}', shape, word)

    @admin.display(description="Placed")
    def placed(self, hold: LegalHold) -> str:
        return f"{date_format(hold.placed_at, 'j F Y')} by {self.made_by(hold)}"

    @admin.display(description="Made by")
    def made_by(self, hold: LegalHold) -> str:
        """Who placed it, or the request that made it: such a hold ends by itself."""
        return hold.placed_by.get_username() if hold.placed_by else request_words(hold)

    @admin.display(description="Released")
    def released(self, hold: LegalHold) -> str:
        if hold.released_at is None:
            return "No"
        who = hold.released_by.get_username() if hold.released_by else "itself: its time was over"
        return f"{date_format(hold.released_at, 'j F Y')} by {who}"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("retention.add_legalhold")

    def get_fields(self, request: HttpRequest, obj: LegalHold | None = None) -> Any:
        if obj is None:
            return SHOWN
        return ("covers", "ground", "citation", "told", "review_on", "placed", "released")

    def save_model(self, request: Any, obj: LegalHold, form: Any, change: bool) -> None:
        """The service writes the row: it takes the lock and tells the trail."""
        placed = place_hold(actor=request.user, **form.cleaned_data)
        obj.pk, obj.placed_by, obj.placed_at = placed.pk, placed.placed_by, placed.placed_at

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(partial(self.step_view, step=step)),
                name=f"retention_legalhold_{name}",
            )
            for name, step in STEPS.items()
        ]
        return [*own, *super().get_urls()]

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        hold = kwargs.get("obj")
        context["title"] = "Legal hold" if hold else "Place a legal hold"
        context["steps"] = [
            (reverse(f"admin:retention_legalhold_{name}", args=[hold.pk]), step.button)
            for name, step in STEPS.items()
            if hold and not hold.released_at and request.user.has_perm(step.permission)
            if not (step.form is ReviewForm and hold.request_id)
        ]
        return super().render_change_form(request, context, *args, **kwargs)

    def step_view(self, request: HttpRequest, object_id: str, *, step: Step) -> HttpResponse:
        hold = self.get_object(request, unquote(object_id))
        if hold is None:
            raise Http404
        if not request.user.has_perm(step.permission):
            raise PermissionDenied
        form = step.form(request.POST if request.method == "POST" else None)
        problem = "This hold is released already." if hold.released_at else ""
        if request.method == "POST" and not problem and form.is_valid():
            try:
                step.work(hold, actor=request.user, **form.cleaned_data)
            except HoldError as error:
                problem = str(error)
            else:
                messages.success(request, step.done)
                return redirect(reverse("admin:retention_legalhold_changelist"))
        return self.render_step(request, hold, step, form, problem)

    def render_step(
        self, request: HttpRequest, hold: LegalHold, step: Step, form: Any, problem: str
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": step.title,
            "opts": self.opts,
            "hold": hold,
            "step": step,
            "covers": in_words(hold),
            "placed": self.placed(hold),
            "form": form,
            "problem": problem,
        }
        status = 409 if problem else 200
        return TemplateResponse(request, "admin/retention/step.html", context, status=status)


@admin.register(Disposition)
class DispositionAdmin(ReadOnlyAdmin):
    """What runs of the schedule disposed of: counts only. The schedule itself stands beside it."""

    list_display = ("rule", "at", "rows")
    list_filter = ("rule", "at")
    change_list_template = "admin/retention/disposals.html"

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(where, self.admin_site.admin_view(partial(view, self)), name=name)
            for where, name, view in schedule.PAGES
        ]
        return [*own, *super().get_urls()]


@admin.register(Retirement)
class RetirementAdmin(ReadOnlyAdmin):
    """Days that went as a whole: how many rows, from when to when, with which checksum."""

    list_display = ("day", "model", "state", "rows", "kept", "dropped_at")
    list_filter = ("state", "model", "day")


@admin.register(RollupCell)
class RollupCellAdmin(ReadOnlyAdmin):
    """Sums of many accounts that stay of days that went."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.csv_view)
        return [path("csv/", view, name="retention_numbers_csv"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.may_see(request)
        return numbers.page(self, request, self.admin_site.each_context(request))

    def csv_view(self, request: HttpRequest) -> HttpResponseBase:
        self.may_see(request)
        return numbers.save(request)

    def may_see(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied
