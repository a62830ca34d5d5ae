"""docs/portability.schema.json."""

import json

from privacy.services.package.pack_schema import schema


def portability_schema() -> list[str]:
    return json.dumps(schema(), indent=2).splitlines()
