"""Supabase Storage: files."""

from django.conf import settings

from privacy.connectors.supabase_client import client_from_settings
from privacy.connectors.supabase_storage.connector import SupabaseStorageConnector


def from_settings() -> SupabaseStorageConnector | None:
    """None when no bucket is named: the project keeps no files of people."""
    if not settings.SUPABASE_STORAGE_BUCKETS:
        return None
    return SupabaseStorageConnector(client_from_settings(), settings.SUPABASE_STORAGE_BUCKETS)


__all__ = ["SupabaseStorageConnector", "from_settings"]
