"""What auditors read: trail, seals, runs of jobs, alarms. Nothing here can be changed."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from fluxrouter.foundation.models import Alarm, JobRun, TrailChain, TrailEvent, TrailSeal
from fluxrouter.foundation.trail.verify import verify_trail


class ReadOnlyAdmin(admin.ModelAdmin):
    """A list and a page to read. No row is added, changed or deleted here, by nobody."""

    actions = None
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ()

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        name = str(self.opts.verbose_name_plural)
        title = {"title": name[:1].upper() + name[1:]}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(TrailEvent)
class TrailEventAdmin(ReadOnlyAdmin):
    list_display = ("code", "chain_id", "seq", "at", "actor")
    list_filter = ("at",)
    ordering = ("-at", "-seq")
    fields = ("code", "chain_id", "seq", "at", "actor", "data", "digest_in_hex")
    readonly_fields = ("digest_in_hex",)
    change_list_template = "admin/foundation/trail_list.html"

    @admin.display(description="Digest")
    def digest_in_hex(self, event: TrailEvent) -> str:
        return bytes(event.digest).hex()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.verify_view)
        return [path("verify/", view, name="foundation_verify_trail"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may_verify = request.user.has_perm("foundation.verify_trail")
        return super().changelist_view(
            request, {**(extra_context or {}), "may_verify": may_verify}
        )

    def verify_view(self, request: HttpRequest) -> HttpResponse:
        """Recompute every chain and compare with the seals. Reads only."""
        if not request.user.has_perm("foundation.verify_trail"):
            raise PermissionDenied
        seal = TrailSeal.objects.order_by("-seq").first()
        context = {
            **self.admin_site.each_context(request),
            "title": "Verify the trail",
            "opts": self.opts,
            "findings": verify_trail(),
            "seal": seal,
            "head": bytes(seal.digest).hex() if seal else "",
            "chains": TrailChain.objects.count(),
            "events": TrailEvent.objects.count(),
            "at": timezone.now(),
        }
        return TemplateResponse(request, "admin/foundation/verify_trail.html", context)


@admin.register(TrailSeal)
class TrailSealAdmin(ReadOnlyAdmin):
    list_display = ("seq", "at", "digest_in_hex")
    ordering = ("-seq",)
    fields = ("seq", "at", "heads", "digest_in_hex")
    readonly_fields = ("digest_in_hex",)

    @admin.display(description="Digest")
    def digest_in_hex(self, seal: TrailSeal) -> str:
        return bytes(seal.digest).hex()


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyAdmin):
    list_display = ("job", "window", "started_at", "finished_at", "outcome")
    list_filter = ("job",)


@admin.register(Alarm)
class AlarmAdmin(ReadOnlyAdmin):
    list_display = ("code", "about", "raised_at", "mailed_at", "cleared_at")
    list_filter = ("code", ("cleared_at", admin.EmptyFieldListFilter))
