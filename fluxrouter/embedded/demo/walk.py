"""What a person and staff do in the demo, page by page, over HTTP."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import requests

from fluxrouter.embedded.demo.account import Account
from fluxrouter.embedded.demo.pages import Browser, Form, PageError
from fluxrouter.embedded.demo.stack import Stack

PATIENCE = 60.0
POLL_SECONDS = 0.2
QUEUE = "/admin/privacy/privacyrequest/"
ASKED_FOR_MORE = {
    "restriction": "Please wait until my invoice is sorted out.",
    "rectification": "I have another name now.",
}
REASON = "Demo: the address is confirmed and the plan is right."


class Walk:
    """Steps that every request has."""

    def __init__(self, stack: Stack, account: Account, passwords: dict[str, str]) -> None:
        self.stack = stack
        self.account = account
        self.passwords = passwords

    def file(self, email: str, right: str) -> str:
        """Fill in the form and confirm the address; returns the reference."""
        browser = Browser(self.stack.web).open("/").follow("Your data rights")
        browser.press("Start").press("Continue", role=["account_holder"])
        browser.press("Continue", rights=[right])
        if right in ASKED_FOR_MORE:
            browser.press("Continue", message=[ASKED_FOR_MORE[right]])
        browser.press("Continue", country=["DE"]).press("Continue", email=[email])
        browser.press("Send my request")
        reference = next(word for word in browser.text.split() if word.startswith("FR-"))
        self.account.tick(f"the form is filled in and sent: {reference}")
        link = self.mailed(email, "confirm", "/privacy/verify/")
        Browser(self.stack.web).open(link).press("Confirm")
        self.account.tick("the address is confirmed by the mailed link and its button")
        return reference[:12]

    def sign_in(self, name: str) -> Browser:
        browser = Browser(self.stack.web).open("/admin/login/?next=/admin/")
        return browser.press("Log in", username=[name], password=[self.passwords[name]])

    def arrive(self, browser: Browser, reference: str, button: str) -> None:
        """Find the request in the queue, and wait until it offers this."""

        def follow() -> Browser | None:
            browser.open(QUEUE).follow(reference)
            try:
                return browser.follow(button)
            except PageError:
                return None

        self.wait(follow, f"no “{button}” on the page of {reference}")

    def decide(self, browser: Browser, reference: str, decision: str) -> None:
        """Take a decision, with what the page asks for."""
        self.arrive(browser, reference, decision)
        form = decision_form(browser)
        answers = {"reason": [REASON]}
        if "typed" in form.fields:
            answers["typed"] = [reference]
        if "accept" in form.boxes:
            answers["accept"] = form.boxes["accept"]  # what stands in the way, each looked at
        browser.press(form.buttons[0][0], **answers)

    def mailed(self, email: str, subject: str, part: str) -> str:
        """The path of the link in the newest mail with this subject; waits for it."""

        def look() -> str | None:
            for message in self.messages(email):
                if subject in message["subject"]:
                    return next((each for each in message["links"] if part in each), None)
            return None

        return urlsplit(str(self.wait(look, f"no mail “{subject}”"))).path

    def messages(self, email: str) -> list[dict[str, Any]]:
        url = f"{self.stack.mailbox}api/messages"
        found: list[dict[str, Any]] = requests.get(url, params={"to": email}, timeout=10).json()[
            "messages"
        ]
        return found

    def wait(self, look: Callable[[], Any], complaint: str) -> Any:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.stack.supervisor.check()
            if found := look():
                return found
            time.sleep(POLL_SECONDS)
        raise PageError(f"{complaint} within {PATIENCE:.0f} seconds")


def decision_form(browser: Browser) -> Form:
    """The page's own form, which stands last (the page's frame has others)."""
    return next(form for form in reversed(browser.page.forms) if "reason" in form.fields)
