"""Every rule of the Stripe sandbox is kept, and can be broken alone."""

import pytest

from fluxrouter.sandbox.stripe import RULES, StripeSandbox
from tests.sandbox.stripe_client import client_of
from tests.sandbox.stripe_more_probes import ALL_PROBES

pytestmark = pytest.mark.acceptance("SBX-01")


def test_every_rule_has_a_probe() -> None:
    assert set(ALL_PROBES) == set(RULES)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_kept_until_it_is_broken(name: str) -> None:
    for sandbox in (StripeSandbox(), StripeSandbox(frozenset({name}))):
        assert ALL_PROBES[name](sandbox, client_of(sandbox).v1) is sandbox.rule(name)


@pytest.mark.parametrize("name", RULES)
def test_breaking_a_rule_changes_nothing_else(name: str) -> None:
    together = {
        # Both filters are the same list; with the wider one the narrower one can't show.
        "email_filter_is_exact": {"email_filter_is_case_sensitive"},
        # What isn't reached can't stand in the way.
        "redaction_reaches_related_objects": {
            "evidence_files_cannot_be_redacted",
            "open_disputes_cannot_be_redacted",
        },
    }
    for other in set(RULES) - {name} - together.get(name, set()):
        sandbox = StripeSandbox(frozenset({name}))
        assert ALL_PROBES[other](sandbox, client_of(sandbox).v1), other


def test_a_rule_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no such rules"):
        StripeSandbox(frozenset({"no_such_rule"}))


def test_every_rule_cites_a_source() -> None:
    assert all("docs.stripe.com" in text or "stripe-python" in text for text in RULES.values())
