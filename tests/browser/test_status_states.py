"""The status page in every state, in a real browser: no barrier, nothing too wide.

With STATUS_PICTURES=DIR each is photographed, on a desk and on a phone, by day and by night.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import WIDTHS, Open, Site
from tests.support.states import STATES
from tests.support.visitor import link

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
]
PICTURES = os.environ.get("STATUS_PICTURES", "")


@pytest.mark.acceptance("RIGHT-A23")
@pytest.mark.parametrize("name", sorted(STATES))
def test_every_state_is_a_page_without_barriers(open_site: Open, settings: Any, name: str) -> None:
    settings.ERASURE_GRACE = timedelta(hours=72)
    path = link(STATES[name](), "status")
    for scheme in ("light", "dark"):
        site = open_site(color_scheme=scheme)
        site.open(path)
        site.inspect()
        photograph(site, name, scheme)


@pytest.mark.acceptance("RIGHT-A23")
@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("appeal_open", "appeal"),
        ("appeal_open", "appeal/back"),
        ("denied", "appeal"),
        ("denied", "complaint"),
        ("in_review", "appeal"),
        ("partly", "appeal"),
    ],
)
def test_the_pages_behind_it_have_none_either(open_site: Open, name: str, page: str) -> None:
    site = open_site()
    site.open(f"{link(STATES[name](), 'status')}{page}/")
    site.inspect()
    photograph(site, f"{name}-{page.replace('/', '-')}", "light")


def photograph(site: Site, name: str, scheme: str) -> None:
    if not PICTURES:
        return
    folder = Path(PICTURES)
    folder.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        site.resize(width)
        site.page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
