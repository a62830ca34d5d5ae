"""The main job, driven over HTTP as a person and two members of staff would: no service is called.

Whatever is ticked was looked at: a page that doesn't say what it should stops the demo.
"""

import hashlib
import io
import json
import time
import zipfile
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import requests

from fluxrouter.embedded.demo.account import Account
from fluxrouter.embedded.demo.pages import Browser, PageError
from fluxrouter.embedded.demo.stack import Stack, run

ANN, BEN, OTHER_BEN = "ann.lee@example.org", "ben.okafor@example.org", "Ben_Okafor@example.org"
PATIENCE = 60.0
POLL_SECONDS = 0.2
REASON = "Demo: the address is confirmed and the plan is right."


class Story:
    """Two requests, from the form to their end."""

    def __init__(self, stack: Stack, account: Account, passwords: dict[str, str]) -> None:
        self.stack = stack
        self.account = account
        self.passwords = passwords

    def access(self) -> None:
        self.account.title("Ann asks for a copy of her data")
        reference = self.file(ANN, "access")
        paul = self.sign_in("paul")
        self.decide(paul, reference, "Approve")
        self.account.tick("Paul (Approver) looked at the plan and approved it")
        status = self.mailed(ANN, "ready to download", "/privacy/status/")
        self.account.tick("every system's data is in a package; Ann got a mail")
        self.download(status, reference)

    def erasure(self) -> None:
        self.account.title("Ben asks to be erased")
        reference = self.file(BEN, "erasure")
        self.decide(self.sign_in("hanna"), reference, "Propose")
        self.account.tick("Hanna (Handler) proposed the erasure")
        self.decide(self.sign_in("paul"), reference, "Approve")
        self.account.tick("Paul, a second person, approved it")
        status = self.mailed(BEN, "is erased", "/privacy/status/")
        self.account.tick("erased and looked for again in every system; Ben got a mail")
        self.certificate(status, reference)
        self.look_behind()

    def file(self, email: str, right: str) -> str:
        """Fill in the form and confirm the address; returns the reference."""
        browser = Browser(self.stack.web).open("/").follow("Your data rights")
        browser.press("Start").press("Continue", role=["account_holder"])
        browser.press("Continue", rights=[right]).press("Continue", country=["DE"])
        browser.press("Continue", email=[email])
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

    def decide(self, browser: Browser, reference: str, decision: str) -> None:
        """Find the request in the queue, wait for its plan, and take the decision."""
        queue = "/admin/privacy/privacyrequest/"

        def follow() -> Browser | None:
            browser.open(queue).follow(reference)
            try:
                return browser.follow(decision)
            except PageError:
                return None

        self.wait(follow, f"no “{decision}” on the page of {reference}")
        fields = {name for form in browser.page.forms for name in form.fields}
        typed = {"typed": [reference]} if "typed" in fields else {}
        browser.press(decision_button(browser), reason=[REASON], **typed)

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

    def download(self, status: str, reference: str) -> None:
        browser = Browser(self.stack.web).open(status).press("Send me a download code")
        code = self.wait(self.newest_code, "no mail with the download code")
        browser.press("Continue", code=[code])
        self.account.tick("the package opens with a fresh code from another mail")
        archive = zipfile.ZipFile(io.BytesIO(browser.download("Download").content))
        count = check_package(archive)
        self.account.tick(f"the package has {count} files, and their hashes are right")
        [sealed] = self.stack.packages.glob("*/package.sealed")
        self.account.line(f"  Package of {reference}, sealed: {sealed}")
        self.account.line(f"  Status page: {self.stack.web}{status}")

    def newest_code(self) -> str | None:
        for message in self.messages(ANN):
            if "code" in message["subject"]:
                digits = [word for word in message["body"].split() if word.isdigit()]
                return next((word for word in digits if len(word) == 8), None)
        return None

    def certificate(self, status: str, reference: str) -> None:
        browser = Browser(self.stack.web).open(status).follow("certificate")
        browser.expect(reference).expect("Stripe").expect("Supabase")
        self.account.tick("the certificate lists every system: found, erased, kept and why")
        self.account.line(f"  Certificate: {browser.url}")

    def look_behind(self) -> None:
        """Ask the sandboxed processors themselves."""
        environment = self.stack.environment
        dumps = [
            json.dumps(requests.get(f"{environment[base]}/_sandbox/dump", timeout=10).json())
            for base in ("STRIPE_API_BASE", "SUPABASE_URL")
        ]
        if f'"{BEN}"' in dumps[1]:
            raise PageError("Supabase Auth still knows Ben")
        if not all(f'"{name}"' in dump for dump in dumps for name in names_of_other(dump)):
            raise PageError("the other Ben was touched")
        self.account.tick("Supabase Auth knows nothing of Ben; the other Ben is untouched")
        run(self.stack.supervisor, "verify_trail", environment, "manage.py", "verify_trail")
        self.account.tick("the trail of all this is intact")


def names_of_other(dump: str) -> list[str]:
    """The other Ben's address as a system writes it: Auth keeps addresses in lower case."""
    return [OTHER_BEN if f'"{OTHER_BEN}"' in dump else OTHER_BEN.lower()]


def decision_button(browser: Browser) -> str:
    """The button of the page's own form, which stands last (the page's frame has others)."""
    form = next(form for form in reversed(browser.page.forms) if "reason" in form.fields)
    return form.buttons[0]


def check_package(archive: zipfile.ZipFile) -> int:
    """Compare each file with the manifest; returns how many files there are."""
    manifest = json.loads(archive.read("manifest.json"))["files"]
    for name, facts in manifest.items():
        if hashlib.sha256(archive.read(name)).hexdigest() != facts["sha256"]:
            raise PageError(f"{name} in the package isn't what the manifest says")
    if "index.html" not in manifest or b"Ann Lee" not in archive.read("index.html"):
        raise PageError("the package's index.html doesn't name Ann")
    return len(manifest) + 1
