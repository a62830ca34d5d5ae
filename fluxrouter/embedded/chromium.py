"""The browser of the browser tests: the system's own, never a downloaded one."""

import shutil
from collections.abc import Mapping

NAMES = ("chromium", "chromium-browser", "google-chrome")
HOW_TO_GET_IT = "apt-get install chromium, or name one in CHROMIUM"


def find_chromium(environ: Mapping[str, str]) -> str | None:
    path = environ.get("PATH")
    if named := environ.get("CHROMIUM"):
        return shutil.which(named, path=path)
    return next((found for name in NAMES if (found := shutil.which(name, path=path))), None)


def browser_tests_are_required(environ: Mapping[str, str]) -> bool:
    return environ.get("BROWSER_TESTS") == "required"
