"""Supabase Auth: sign-in."""

from privacy.connectors.supabase_auth.client import client_from_settings
from privacy.connectors.supabase_auth.connector import SupabaseAuthConnector


def from_settings() -> SupabaseAuthConnector:
    return SupabaseAuthConnector(client_from_settings())


__all__ = ["SupabaseAuthConnector", "from_settings"]
