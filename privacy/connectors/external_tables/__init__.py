"""Tables that aren't ours: rows of people in other schemas and databases, by a data file."""

from django.conf import settings

from privacy.connectors.external_tables.catalogue import Catalogue
from privacy.connectors.external_tables.connector import ExternalTablesConnector
from privacy.connectors.external_tables.file import load
from privacy.words import name_kinds


def from_settings() -> ExternalTablesConnector | None:
    """None when no file is named. One that is wrong stops every request; checks say why."""
    if not settings.EXTERNAL_TABLES:
        return None
    tables, problems = load(settings.EXTERNAL_TABLES)
    name_kinds({table.kind: table.title for table in tables})
    return ExternalTablesConnector(tables, broken=bool(problems))


def file_problems() -> list[str]:
    """What is wrong with the file by itself."""
    return load(settings.EXTERNAL_TABLES)[1] if settings.EXTERNAL_TABLES else []


def catalogue_problems() -> list[str]:
    """In what the file and the databases differ. Looks into the databases."""
    if not settings.EXTERNAL_TABLES:
        return []
    tables, problems = load(settings.EXTERNAL_TABLES)
    return [] if problems else Catalogue(tables).problems()


__all__ = ["ExternalTablesConnector", "catalogue_problems", "file_problems", "from_settings"]
