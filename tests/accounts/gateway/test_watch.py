"""A gateway that stops asking is told to staff."""

from datetime import timedelta

from django.utils import timezone

from accounts.gateway.keys import Scope, make_key, note_use, revoke_key
from accounts.gateway.watch import watch_gateways
from accounts.models import GatewayKey
from fluxrouter.foundation.alarms import open_alarms
from tests.support.database import rolled_back

pytestmark = rolled_back


def silent() -> set[str]:
    watch_gateways()
    return set(open_alarms().filter(code="gateway_silent").values_list("about", flat=True))


def last_used(label: str, minutes: int) -> GatewayKey:
    key, _ = make_key(label, [Scope.RESTRICTIONS])
    GatewayKey.objects.filter(pk=key.pk).update(
        last_used_at=timezone.now() - timedelta(minutes=minutes)
    )
    return key


def test_only_a_key_that_was_in_use_and_is_not_any_more_raises_the_alarm() -> None:
    make_key("not installed yet", [Scope.RESTRICTIONS])
    last_used("at work", 14)
    dead = last_used("dead", 16)
    assert silent() == {dead.prefix}


def test_the_alarm_ends_when_the_gateway_asks_again_or_its_key_is_revoked() -> None:
    back, gone = last_used("back", 60), last_used("gone", 60)
    assert silent() == {back.prefix, gone.prefix}
    note_use(back)
    revoke_key(gone.prefix)
    assert silent() == set()
