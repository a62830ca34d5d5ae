"""Which admin site staff get."""

from django.contrib.admin.apps import AdminConfig


class StaffAdminConfig(AdminConfig):
    default_site = "fluxrouter.staff.StaffSite"
