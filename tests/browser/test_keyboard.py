"""The whole form by keyboard alone."""

import pytest

from privacy.models import PrivacyRequest
from tests.browser.conftest import Open, Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
]
# The focused element: its words, whether its focus is drawn, and whether it is in view.
FOCUSED = """() => {
  const it = document.activeElement, box = it.getBoundingClientRect();
  const words = it.labels && it.labels.length ? it.labels[0].innerText : it.innerText;
  const drawn = getComputedStyle(it).outlineStyle !== "none";
  return [words.trim(), drawn, box.bottom > 0 && box.top < innerHeight && box.height > 0];
}"""


def tab_to(site: Site, words: str) -> None:
    """Press Tab until `words` has the focus; on the way, every focus must be seen."""
    for _ in range(30):
        site.page.keyboard.press("Tab")
        found, drawn, in_view = site.page.evaluate(FOCUSED)
        assert drawn, found
        assert in_view, found
        if found.startswith(words):
            return
    raise AssertionError(f"“{words}” can't be reached by Tab")


def submit(site: Site) -> None:
    with site.page.expect_navigation():
        site.page.keyboard.press("Enter")


@pytest.mark.acceptance("UX-P34")
@pytest.mark.parametrize("width", [1100, 320])
def test_a_request_can_be_made_by_keyboard_alone(open_site: Open, width: int) -> None:
    site = open_site(width=width)
    site.open("/privacy/")
    tab_to(site, "Start")
    submit(site)
    for answer in ("I have a FluxRouter account", "Erase my data"):
        tab_to(site, answer)
        site.page.keyboard.press("Space")
        tab_to(site, "Continue")
        submit(site)
    tab_to(site, "In which country do you live?")
    site.page.keyboard.type("Germ")
    tab_to(site, "Continue")
    submit(site)
    tab_to(site, "What is your e-mail address?")
    site.page.keyboard.type("ann.lee@example.org")
    submit(site)
    tab_to(site, "Send my request")
    submit(site)
    assert PrivacyRequest.objects.get().rights == ["erasure"]


@pytest.mark.acceptance("UX-P34")
def test_the_first_stop_skips_to_the_content(open_site: Open) -> None:
    site = open_site()
    site.open("/privacy/")
    tab_to(site, "Skip to the content")
    site.page.keyboard.press("Enter")
    assert site.page.evaluate("document.activeElement.id") == "main"
    tab_to(site, "Start")
