"""The form of the portability pack, for whoever reads it (JSON Schema, draft 2020-12)."""

from typing import Any

from privacy.portability import FORMAT, TYPES, VERSION


def schema() -> dict[str, Any]:
    lists = {
        name: {"type": "array", "items": record_schema(fields)} for name, fields in TYPES.items()
    }
    left_out = {
        "type": "object",
        "properties": {"what": {"type": "string"}, "why": {"type": "string"}},
        "required": ["what", "why"],
    }
    properties: dict[str, Any] = {
        "format": {"const": FORMAT},
        "version": {"const": VERSION},
        "request": {"type": "string"},
        "made_at": {"type": "string", "format": "date-time"},
        "collections": {
            "type": "object",
            "properties": lists,
            "required": list(lists),
            "additionalProperties": False,
        },
        "files": {"type": "array", "items": {"type": "string"}},
        "left_out": {"type": "array", "items": left_out},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{FORMAT}:{VERSION}",
        "title": "What a person gave FluxRouter, to take elsewhere",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def record_schema(fields: dict[str, str]) -> dict[str, Any]:
    typed = {name: {"type": [kind, "null"]} for name, kind in fields.items()}
    return {
        "type": "object",
        "properties": {"system": {"type": "string"}, **typed},
        "required": ["system", *fields],
        "additionalProperties": False,
    }
