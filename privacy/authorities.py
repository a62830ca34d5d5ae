"""Where one may complain, which court may be gone to, and in what time: `authorities.yaml`."""

from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, HttpUrl

from privacy.regimes.schema import Certainty
from privacy.regimes.spans import Strict

FILE = Path(__file__).with_suffix(".yaml")
Text = Annotated[str, Field(min_length=1)]


class National(Strict):
    """The authority of one country."""

    name: Text
    url: HttpUrl
    certainty: Certainty


class Court(Strict):
    where: Text
    citation: Text
    certainty: Certainty


class Time(Strict):
    """Within what time an authority must be written to."""

    within: Text
    citation: Text
    certainty: Certainty


class Authorities(Strict):
    countries: dict[str, National]
    courts: dict[str, Court]
    times: dict[str, Time]


@cache
def authorities() -> Authorities:
    """Raises ValidationError when the file is wrong."""
    return Authorities.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
