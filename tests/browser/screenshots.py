"""Makes the pictures of the README: `make screenshots`. Drives the demo with a real Chromium."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from fluxrouter.embedded.chromium import find_chromium
from fluxrouter.embedded.demo.account import Account
from fluxrouter.embedded.demo.seed import STAFF
from fluxrouter.embedded.demo.stack import Stack, run, running_stack
from fluxrouter.embedded.demo.story import BEN, Story

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
STATES = FOLDER.parents[1] / "var" / "screenshots"  # many, and not kept
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
WIDTH, HEIGHT = 1100, 800


@contextmanager
def chromium() -> Iterator[Any]:
    path = find_chromium({})
    if not path:
        sys.exit("No Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Camera:
    """Takes pictures of the demo's pages."""

    def __init__(self, browser: Any, stack: Stack) -> None:
        self.browser, self.stack = browser, stack

    def page(self) -> Page:
        size = {"width": WIDTH, "height": HEIGHT}
        page: Page = self.browser.new_context(viewport=size).new_page()
        return page

    def sign_in(self, name: str, password: str) -> Page:
        page = self.page()
        page.goto(f"{self.stack.web}/admin/login/?next=/admin/")
        page.fill("#id_username", name)
        page.fill("#id_password", password)
        page.click("[type=submit]")
        return page

    def take(self, page: Page, name: str, address: str = "") -> None:
        if address:
            page.goto(address)
        page.screenshot(path=FOLDER / f"{name}.png", full_page=True)
        sys.stdout.write(f"  docs/screenshots/{name}.png\n")


def take_all(stack: Stack, passwords: dict[str, str], browser: Any) -> None:
    story, camera = Story(stack, Account(), passwords), Camera(browser, stack)
    public = camera.page()
    public.goto(f"{stack.web}/privacy/")
    public.get_by_role("button", name="Start").click()
    public.get_by_label("I have a FluxRouter account").check()
    public.get_by_role("button", name="Continue").click()
    camera.take(public, "request")
    for name in ("carla.diaz@example.net", "deniz.kaya@example.com"):
        story.file(name, "access")
    reference = story.file(BEN, "erasure")
    hanna = story.sign_in("hanna")
    story.decide(hanna, reference, "Propose")
    staff = camera.sign_in("paul", passwords["paul"])
    camera.take(staff, "queue", f"{stack.web}/admin/privacy/privacyrequest/")
    staff.get_by_role("link", name=reference).click()
    camera.take(staff, "plan")
    story.decide(story.sign_in("paul"), reference, "Approve")
    status = story.mailed(BEN, "is erased", "/privacy/status/")
    camera.take(public, "certificate", f"{stack.web}{status}certificate/")


def take_states() -> None:
    """The status page in every state, on a desk and on a phone, by day and by night."""
    environment = {**os.environ, "STATUS_PICTURES": str(STATES)}
    tests = "tests/browser/test_status_states.py"
    subprocess.run([sys.executable, "-m", "pytest", "-q", tests], env=environment, check=True)
    sys.stdout.write(f"  {STATES}/*.png\n")


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    take_states()
    passwords = {name: secrets.token_urlsafe(9) for name in STAFF}
    with running_stack(Account()) as stack, chromium() as browser:
        seeded = stack.environment | {"DEMO_STAFF": json.dumps(passwords)}
        run(stack.supervisor, "seed", seeded, "-m", "fluxrouter.embedded.demo.seed")
        take_all(stack, passwords, browser)


if __name__ == "__main__":
    main()
