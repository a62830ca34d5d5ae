"""The check at start: no regime's file may be wrong in any place."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from privacy.regimes.problems import problems

HINT = "Correct the file in privacy/regimes/; privacy/regimes/schema.py says what each part means."


@register
def every_regime_can_be_used(app_configs: Any, **options: Any) -> list[CheckMessage]:
    return [Error(text, hint=HINT, id="privacy.E010") for text in problems()]
