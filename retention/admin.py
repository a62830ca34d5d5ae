"""Legal holds: list, place, release. Never changed, never deleted."""

from typing import Any
from uuid import UUID

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html

from accounts.models import User
from fluxrouter.foundation.admin import ReadOnlyAdmin
from retention.models import LegalHold
from retention.services.holds import RELEASE_REASONS, HoldError, place_hold, release_hold


class DateInput(forms.DateInput):
    input_type = "date"


class PlaceHoldForm(forms.ModelForm):
    class Meta:
        model = LegalHold
        fields = ("subject_id", "ground", "citation", "review_on")
        widgets = {"review_on": DateInput(format="%Y-%m-%d")}

    def clean_subject_id(self) -> UUID:
        subject_id: UUID = self.cleaned_data["subject_id"]
        if not apps.get_model("accounts.Account").objects.filter(pk=subject_id).exists():
            raise forms.ValidationError("No account has this id.")
        return subject_id

    def clean_review_on(self) -> Any:
        review_on = self.cleaned_data["review_on"]
        if review_on <= timezone.now().date():
            raise forms.ValidationError("The review must be after today.")
        return review_on


class ReleaseForm(forms.Form):
    reason = forms.ChoiceField(
        label="Why does the hold end?",
        choices=list(RELEASE_REASONS.items()),
        widget=forms.RadioSelect,
    )


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
    list_display = ("hold", "subject_id", "ground", "citation", "made_by", "review_on", "state")
    list_filter = (ReleasedFilter, "ground")
    ordering = ("-released_at", "review_on")
    readonly_fields = ("placed", "released")
    change_form_template = "admin/retention/hold.html"

    @admin.display(description="Hold")
    def hold(self, hold: LegalHold) -> str:
        return str(hold.pk)[:8]

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
        shown = ("subject_id", "ground", "citation", "review_on")
        if obj is None:
            return shown
        return (*shown, "placed", "released")

    def save_model(self, request: Any, obj: LegalHold, form: Any, change: bool) -> None:
        """The service writes the row: it takes the lock and tells the trail."""
        placed = place_hold(actor=request.user, **form.cleaned_data)
        obj.pk, obj.placed_by, obj.placed_at = placed.pk, placed.placed_by, placed.placed_at

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.release_view)
        name = "retention_legalhold_release"
        return [path("<path:object_id>/release/", view, name=name), *super().get_urls()]

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        hold = kwargs.get("obj")
        may_release = request.user.has_perm("retention.release_legalhold")
        context["title"] = "Legal hold" if hold else "Place a legal hold"
        context["may_release"] = bool(hold and not hold.released_at and may_release)
        return super().render_change_form(request, context, *args, **kwargs)

    def release_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        hold = self.get_object(request, unquote(object_id))
        if hold is None:
            raise Http404
        if not request.user.has_perm("retention.release_legalhold"):
            raise PermissionDenied
        assert isinstance(request.user, User)  # noqa: S101  (has a permission, so is staff)
        form = ReleaseForm(request.POST if request.method == "POST" else None)
        problem = "This hold is released already." if hold.released_at else ""
        if request.method == "POST" and not problem and form.is_valid():
            try:
                release_hold(hold, actor=request.user, reason=form.cleaned_data["reason"])
            except HoldError as error:
                problem = str(error)
            else:
                messages.success(request, "The hold is released.")
                return redirect(reverse("admin:retention_legalhold_changelist"))
        return self.render_release(request, hold, form, problem)

    def render_release(
        self, request: HttpRequest, hold: LegalHold, form: ReleaseForm, problem: str
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "Release this legal hold",
            "opts": self.opts,
            "hold": hold,
            "form": form,
            "problem": problem,
        }
        status = 409 if problem else 200
        return TemplateResponse(request, "admin/retention/release.html", context, status=status)
