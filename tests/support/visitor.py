"""A person at the public pages, through Django's test client."""

import re
from html import unescape
from typing import Any
from uuid import uuid4

from django.test import Client

from privacy.models import PrivacyRequest
from privacy.services import tokens


class Visitor:
    """A browser with its cookies. `page` is the text of the last page, tags left in."""

    def __init__(self) -> None:
        self.client = Client()
        self.page = ""
        self.status = 0
        self.path = ""
        self.headers: Any = {}

    def _see(self, response: Any) -> "Visitor":
        self.page = unescape(response.content.decode())
        self.status, self.headers = response.status_code, response.headers
        self.path = response.wsgi_request.get_full_path()
        return self

    def get(self, path: str) -> "Visitor":
        return self._see(self.client.get(path, follow=True))

    def post(self, path: str, **data: Any) -> "Visitor":
        return self._see(self.client.post(path, data, follow=True))

    def start(self) -> "Visitor":
        return self.post("/privacy/")

    @property
    def draft(self) -> str:
        """The form's address, without the question."""
        return self.path.split("?")[0].rsplit("/", 2)[0] + "/"

    def answer(self, **data: Any) -> "Visitor":
        """Answer the question that is shown."""
        return self.post(self.path, **data)

    def fill(self, email: str, *rights: str, role: str = "account_holder") -> "Visitor":
        """All questions of a form, up to the check page."""
        self.start().answer(role=role)
        self.answer(rights=list(rights or ["access"]))
        if "/message/" in self.path:
            self.answer(message="")
        return self.answer(country="DE").answer(email=email)

    def send(self) -> "Visitor":
        return self.post(f"{self.draft}check/")

    @property
    def h1(self) -> str:
        return self._text(r"<h1>(.*?)</h1>")

    @property
    def title(self) -> str:
        return self._text(r"<title>(.*?)</title>")

    @property
    def ticked(self) -> int:
        """How many boxes or buttons are ticked."""
        return len(re.findall(r"<input[^>]* checked", self.page))

    def _text(self, pattern: str) -> str:
        found = re.search(pattern, self.page, re.DOTALL)
        return " ".join(re.sub(r"<.*?>", "", found[1]).split()) if found else ""

    @property
    def text(self) -> str:
        """What is read on the page."""
        body = self.page.partition('<main id="main" tabindex="-1">')[2].partition("</main>")[0]
        return " ".join(re.sub(r"<[^>]*>", " ", body).split())


def link(request: PrivacyRequest, kind: str) -> str:
    """The path of a fresh mailed link."""
    return f"/privacy/{kind}/{tokens.issue(request.pk, kind, uuid4())}/"
