"""The main job, driven over HTTP as a person and two members of staff would: no service is called.

Whatever is ticked was looked at: a page that doesn't say what it should stops the demo.
"""

import hashlib
import io
import json
import zipfile

import requests

from fluxrouter.embedded.demo.pages import Browser, PageError
from fluxrouter.embedded.demo.stack import run
from fluxrouter.embedded.demo.walk import Walk
from fluxrouter.sandbox.environment import NAMES

ANN, BEN, OTHER_BEN = "ann.lee@example.org", "ben.okafor@example.org", "Ben_Okafor@example.org"
CARLA, DENIZ = "carla.diaz@example.net", "deniz.kaya@example.com"
NEW_SURNAME = "Kaya-Berg"
NAMED = ("stripe", "supabase", "mailbox", "chatbase")  # who hold names and addresses
KEPT = {"stripe": {"invoice"}, "mailbox": {"messages"}}  # and the certificate says so


class Story(Walk):
    """Four requests, from the form to their end, and what the systems say afterwards."""

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

    def restriction(self) -> None:
        self.account.title("Carla has the use of her data limited")
        reference = self.file(CARLA, "restriction")
        self.decide(self.sign_in("paul"), reference, "Approve")
        status = self.mailed(CARLA, "limited the use", "/privacy/status/")
        Browser(self.stack.web).open(status).expect("What we don’t do with your data")
        self.account.tick("Paul approved it; her page says what has stopped, and what goes on")
        self.account.line(f"  Status page: {self.stack.web}{status}")

    def correction(self) -> None:
        self.account.title("Deniz has another name now")
        reference = self.file(DENIZ, "rectification")
        hanna = self.sign_in("hanna")
        self.arrive(hanna, reference, "Enter the correction")
        hanna.press("Enter the correction", full_name=[f"Deniz {NEW_SURNAME}"])
        self.account.tick("Hanna entered the new name")
        self.decide(self.sign_in("paul"), reference, "Approve")
        self.mailed(DENIZ, "is corrected", "/privacy/status/")
        for name in NAMED:
            if not self.kinds(name, NEW_SURNAME):
                raise PageError(f"{name} doesn't have the new name")
        self.account.tick("Paul approved it; every system that has a name has the new one")

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
        """Ask the sandboxed processors themselves whether the certificate is true."""
        for name in NAMES:
            if more := self.kinds(name, BEN) - KEPT.get(name, set()):
                raise PageError(f"{name} still knows Ben: {', '.join(more)}")
            if name in NAMED and not self.kinds(name, OTHER_BEN):
                raise PageError(f"the other Ben was touched at {name}")
        self.account.tick("the systems know Ben no more than it says; the other Ben is untouched")

    def fire_drill(self) -> None:
        """What `manage.py drill` does each month, and the trail of everything before it."""
        self.account.title("A fire drill: somebody made up, planted everywhere and erased")
        for command in ("drill", "verify_trail"):
            run(self.stack.supervisor, command, self.stack.environment, "manage.py", command)
        self.account.tick("nothing of them is left, and the trail of all this is intact")

    def kinds(self, sandbox: str, words: str) -> set[str]:
        """The kinds of objects at a sandbox that hold these words, in whatever case."""
        base = json.loads(self.stack.environment["DEMO_SANDBOXES"])[sandbox]
        dump = requests.get(f"{base}/_sandbox/dump", timeout=10).json()
        return {
            kind for kind, objects in dump.items() if words.lower() in json.dumps(objects).lower()
        }


def check_package(archive: zipfile.ZipFile) -> int:
    """Compare each file with the manifest; returns how many files there are."""
    manifest = json.loads(archive.read("manifest.json"))["files"]
    for name, facts in manifest.items():
        if hashlib.sha256(archive.read(name)).hexdigest() != facts["sha256"]:
            raise PageError(f"{name} in the package isn't what the manifest says")
    if "index.html" not in manifest or b"Ann Lee" not in archive.read("index.html"):
        raise PageError("the package's index.html doesn't name Ann")
    return len(manifest) + 1
