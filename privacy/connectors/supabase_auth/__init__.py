"""Supabase Auth: sign-in."""

from privacy.connectors.supabase_auth.connector import SupabaseAuthConnector
from privacy.connectors.supabase_client import client_from_settings


def from_settings() -> SupabaseAuthConnector:
    return SupabaseAuthConnector(client_from_settings())


__all__ = ["SupabaseAuthConnector", "from_settings"]
