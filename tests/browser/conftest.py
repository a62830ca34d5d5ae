"""A real Chromium in front of the live site, with everything behind it in this process."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, sync_playwright

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Going back would swap whole pages under the test: now and then it asks the old one.
    "--disable-back-forward-cache",
]
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
WIDTHS = (1100, 320)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN_AXE = """axe.run(document, {runOnly: {type: "tag", values: %s},
  resultTypes: ["violations"], iframes: false}).then(found =>
  found.violations.map(each => each.id + ": " + each.nodes.map(node => node.target).join(", ")))"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright's loop runs in this thread, so Django takes its calls for asynchronous ones.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=os.environ["CHROMIUM"], args=ARGUMENTS
        )
        yield started
        started.close()


class Site:
    """A tab on the live site. It notes what the console complains of and who else was asked."""

    def __init__(self, page: Page, address: str, *, scripts: bool = True) -> None:
        self.page = page
        self.scripts = scripts
        self.address = address
        self.complaints: list[str] = []
        self.elsewhere: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._note_request)

    def _note(self, message: ConsoleMessage) -> None:
        # The browser reports a page's own status (404, 410, …) as an error of the network.
        if message.type == "error" and "the server responded with a status" not in message.text:
            self.complaints.append(message.text)

    def _note_request(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.elsewhere.append(request.url)

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def axe(self, widths: tuple[int, ...] = ()) -> list[str]:
        """What axe finds. It runs in a world of its own: our policy lets no other script in."""
        session = self.page.context.new_cdp_session(self.page)
        frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
        world = session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "axe"})
        call = {"contextId": world["executionContextId"], "awaitPromise": True}
        session.send("Runtime.evaluate", {**call, "expression": AXE.read_text() + ";0"})
        found: list[str] = []
        for width in widths or (self.width,):
            self.resize(width)
            run = {**call, "expression": RUN_AXE % RULES, "returnByValue": True}
            found += session.send("Runtime.evaluate", run)["result"]["value"]
        session.detach()
        return found

    @property
    def width(self) -> int:
        size = self.page.viewport_size
        return size["width"] if size else 0

    def resize(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": 800})

    def scrolls_sideways(self) -> bool:
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        return bool(self.page.evaluate(wide))

    def inspect(self) -> None:
        """No barrier, no complaint, nothing loaded from elsewhere; on a desk and on a phone."""
        self.page.wait_for_load_state()  # a click doesn't wait for the page behind it
        # Without scripts axe's own timers stand still; the markup is the same.
        assert not self.scripts or not self.axe(WIDTHS), self.page.title()
        for width in WIDTHS:
            self.resize(width)
            assert not self.scrolls_sideways(), (self.page.title(), width)
        assert not self.complaints, self.page.title()
        assert not self.elsewhere, self.page.title()


Open = Callable[..., Site]


@pytest.fixture
def open_site(browser: Browser, live_server: Any) -> Iterator[Open]:
    """Makes tabs: `open_site(width=320, scripts=False)`."""
    contexts = []

    def make(*, width: int = 1100, scripts: bool = True, **options: Any) -> Site:
        size: ViewportSize = {"width": width, "height": 800}
        context = browser.new_context(viewport=size, java_script_enabled=scripts, **options)
        context.set_default_timeout(5000)
        contexts.append(context)
        return Site(context.new_page(), live_server.url, scripts=scripts)

    yield make
    for context in contexts:
        context.close()
