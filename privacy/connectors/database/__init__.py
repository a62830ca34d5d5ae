"""Our own database, by the data map."""

from privacy.connectors.database.connector import DatabaseConnector


def from_settings() -> DatabaseConnector:
    return DatabaseConnector()


__all__ = ["DatabaseConnector", "from_settings"]
