"""The secrets that letters carry, by what they open."""

from django.db.models import TextChoices


class LinkKind(TextChoices):
    VERIFY = "verify", "Confirm the address"
    STATUS = "status", "See the status"
    STOP = "stop", "This wasn't me"
    DOWNLOAD = "download", "Download code"
    AUTHORITY = "authority", "Show that one may act for somebody"
