"""What leaves in a package opens nothing: no link without a sign-in, no key, no secret."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from fluxrouter.embedded.servers import PROJECT
from fluxrouter.sandbox.model_providers import KEYS
from fluxrouter.sandbox.stripe import ERASE_KEY, READ_KEY
from tests.support.lives import Life, pump_once
from tests.support.markers import mark
from tests.support.packages import package_text
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("PROC-25"),
]
ANN = "zq.quitte@example.org"


def texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a dump, with the name of its field."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from texts(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item, name)
    elif isinstance(value, str):
        yield name, value


def public() -> set[str]:
    """Addresses of authorities, which letters and packages name: they open nothing."""
    named = (PROJECT / "privacy" / "authorities.yaml").read_text(encoding="utf-8")
    return set(re.findall(r"https://[^\s\"']+", named))


def opening(world: World) -> set[str]:
    """What systems hold that opens something: links, and what they call a secret."""
    held = [pair for app in world.apps.values() for pair in texts(app.dump())]
    links = {text for _, text in held if text.startswith(("http://", "https://"))}
    return (links - public()) | {text for name, text in held if "secret" in name}


def test_no_link_key_or_secret_of_any_system_leaves_with_a_package(world: World) -> None:
    mark(world, ANN, "Ann")
    for kind in world.stripe.store.tables:
        for stored in world.stripe.store.of_customer(kind, world.people[ANN].customer):
            secret = {name: f"{kind}_secret_1" for name in stored if name == "client_secret"}
            urls = {
                name: f"https://pay.example/{kind}/{name}"
                for name in stored
                if name == "url" or name.endswith(("_url", "_pdf"))
            }
            world.stripe.store.save({**stored, **secret, **urls})
    life = Life.begin(world, ANN, "access")
    pump_once()
    life.confirm()
    pump_once()
    life.approve()
    pump_once()
    secrets = opening(world)
    links = {link for letter in world.letters(ANN) for link in letter.links}
    secrets |= {link for link in links if link.startswith(settings.PUBLIC_URL)}
    assert len(secrets) > 10
    secrets |= {READ_KEY, ERASE_KEY, world.auth.secret_key, "re_sandbox", *KEYS.values()}
    text = package_text(life.request)
    assert "Zq" in text
    assert [each for each in secrets if each in text] == []
