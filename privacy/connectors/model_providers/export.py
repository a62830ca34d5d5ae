"""What a person gets: each object as the provider describes it, and what lies inside."""

import json
from collections.abc import Iterator

from privacy.connectors.base import Record
from privacy.connectors.model_providers.client import Client
from privacy.connectors.model_providers.find import UNKNOWN, known, split, unknown


def export(client: Client, items: list[str]) -> Iterator[Record]:
    """Kind by kind, so that no collection is taken up twice. Contents of files stay out."""
    for path, kind in client.provider.kinds.items():
        names = [name for where, name in map(split, known(client, items)) if where == path]
        for name in names:
            if (found := client.find(path, name)) is not None:
                yield Record(kind.collection, json.dumps(found))
        if kind.parts:
            for name in names:
                for part in client.parts(path, name):
                    yield Record(kind.parts.collection, json.dumps(part))
    for item in unknown(client, items):
        path, name = split(item)
        yield Record(UNKNOWN, json.dumps({"kind": path, "id": name}))
