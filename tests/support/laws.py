"""A request under a law that counsel has signed, as it would be if its file said so."""

import hashlib

import yaml

from privacy.models import PrivacyRequest, RegimeText
from privacy.regimes.loader import DEFAULT, text_of
from privacy.regimes.schema import SECTIONS
from privacy.services.clocks import follow

SIGNED = {"by": "Example Counsel", "on": "2026-01-01"}


def signed_text(regime: str, **changes: object) -> str:
    """The law's file with a signature under every rule, and as a law that likely binds us."""
    law = yaml.safe_load(text_of(regime))
    for section in SECTIONS:
        for rule in law[section].values():
            rule["cleared"] = SIGNED
    return yaml.safe_dump({**law, "applies": "likely", **changes}, allow_unicode=True)


def measured_by(request: PrivacyRequest, *regimes: str) -> PrivacyRequest:
    """The request, frozen on these laws as counsel has signed them."""
    texts = {regime: signed_text(regime) for regime in regimes} | {DEFAULT: text_of(DEFAULT)}
    versions = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
    RegimeText.objects.bulk_create(
        [
            RegimeText(version=versions[name], regime=name, text=text)
            for name, text in texts.items()
        ],
        ignore_conflicts=True,
    )
    request.laws = {"regimes": list(regimes), "versions": versions}
    request.save(update_fields=["laws"])
    follow(request.pk)
    request.refresh_from_db()
    return request
