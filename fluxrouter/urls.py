"""Addresses of the site."""

from django.contrib import admin
from django.urls import include, path

from fluxrouter import health

urlpatterns = [
    path("", include("privacy.web.urls")),
    path("api/v1/gateway/", include("accounts.gateway.urls")),
    path("api/v1/", include("privacy.api.urls")),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]
handler400 = "fluxrouter.errors.bad_request"
handler403 = "fluxrouter.errors.forbidden"
handler404 = "fluxrouter.errors.not_found"
handler500 = "fluxrouter.errors.server_error"
