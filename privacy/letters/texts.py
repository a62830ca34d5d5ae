"""The words of the letters, a file for each language."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

ENGLISH = "en"
FOLDER = Path(__file__).parent / "languages"


@cache
def texts(language: str) -> dict[str, Any]:
    """Each element's text by its name. Subjects that aren't English stand under `subjects`."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / f"{language}.yaml").read_text("utf-8"))
    return found
