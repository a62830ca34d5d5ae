"""Which objects are the person's: our own rows know, the providers don't."""

from collections import Counter

from accounts.identity import accounts_of
from accounts.models import ProviderObject
from privacy.connectors.base import Discovery, Subject
from privacy.connectors.model_providers.client import IDENTIFIER, Client

UNKNOWN = "model_other"  # of a kind that we have no call for
MOST_LOOKS = 200  # more would use up the rate limit on which the gateway lives


def split(item: str) -> tuple[str, str]:
    """An entry of `refs["objects"]`: the kind, which may have a slash, and the id."""
    path, _, identifier = item.rpartition("/")
    return path, identifier


def objects_of(subject: Subject, provider: str) -> list[str]:
    """What our rows name, as `kind/id`. Gemini's ids have their kind before them already."""
    accounts = {str(account.pk) for account in accounts_of(subject.email)}
    accounts |= {*subject.refs.get("accounts", [])}
    rows = ProviderObject.objects.filter(provider=provider, account_id__in=accounts)
    pairs = rows.order_by("kind", "object_id").values_list("kind", "object_id")
    return [f"{kind}/{name.removeprefix(f'{kind}/')}" for kind, name in pairs]


def is_known(client: Client, item: str) -> bool:
    path, identifier = split(item)
    return path in client.provider.kinds and bool(IDENTIFIER.fullmatch(identifier))


def known(client: Client, items: list[str]) -> list[str]:
    return [item for item in items if is_known(client, item)]


def unknown(client: Client, items: list[str]) -> list[str]:
    return [item for item in items if not is_known(client, item)]


def sample(items: list[str]) -> list[str]:
    """All of them, or MOST_LOOKS that lie evenly among them."""
    if len(items) <= MOST_LOOKS:
        return items
    return [items[place * len(items) // MOST_LOOKS] for place in range(MOST_LOOKS)]


def discover(client: Client, subject: Subject, provider: str) -> Discovery:
    """Count what is there. A row whose object is gone counts as nothing, and stays in refs.

    After MOST_LOOKS our rows are believed.
    """
    items = objects_of(subject, provider)
    found: Counter[str] = Counter()
    for place, item in enumerate(known(client, items)):
        path, identifier = split(item)
        kind = client.provider.kinds[path]
        if place >= MOST_LOOKS:
            found[kind.collection] += 1
        elif client.find(path, identifier) is not None:
            found[kind.collection] += 1
            if kind.parts and (inside := sum(1 for _ in client.parts(path, identifier))):
                found[kind.parts.collection] += inside
    if others := unknown(client, items):
        found[UNKNOWN] = len(others)
    return Discovery(refs={"objects": items}, found=dict(found), erase=dict(found))
