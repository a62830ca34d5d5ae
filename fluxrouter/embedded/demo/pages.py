"""A browser without a screen: reads pages, follows links, fills in forms."""

import html.parser
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import requests


class PageError(Exception):
    """A page isn't what a person would expect there."""


@dataclass
class Form:
    """A form of a page: where it goes, and its fields as they stand."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    boxes: dict[str, list[str]] = field(default_factory=dict)  # what could be ticked
    buttons: list[tuple[str, dict[str, str]]] = field(default_factory=list)  # and what each sends


class Reader(html.parser.HTMLParser):
    """Collects forms, links and text."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self._form: Form | None = None
        self._link: str | None = None
        self._button: dict[str, str] | None = None
        self._skip = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        if tag in ("script", "style"):
            self._skip += 1
        elif tag == "form":
            self._form = Form(values.get("action", ""), values.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "a":
            self._link = values.get("href")
        elif self._form and tag == "button":
            self._button = {values["name"]: values.get("value", "")} if "name" in values else {}
        elif self._form and tag in ("input", "select", "textarea"):
            self._input(values)

    def _input(self, values: dict[str, str]) -> None:
        kind = values.get("type", "text")
        if kind == "submit":
            if self._form:
                self._form.buttons.append((values.get("value", ""), {}))
            return
        if self._form and kind == "checkbox":
            self._form.boxes.setdefault(values.get("name", ""), []).append(values.get("value", ""))
        chosen = kind not in ("radio", "checkbox") or "checked" in values
        self._note(values, wanted=chosen)

    def _note(self, values: dict[str, str], *, wanted: bool) -> None:
        name = values.get("name")
        if self._form and name:
            found = self._form.fields.setdefault(name, [])
            if wanted:
                found.append(values.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._skip -= 1
        elif tag == "form":
            self._form = None
        elif tag == "a":
            self._link = None
        elif tag == "button":
            self._button = None

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if not text or self._skip:
            return
        self.words.append(text)
        if self._link:
            self.links.append((self._link, text))
        if self._form and self._button is not None:
            self._form.buttons.append((text, self._button))


class Browser:
    """One person's browser: cookies, and the page that is open."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._session = requests.Session()
        self.url = base
        self.page = Reader()

    def open(self, path: str) -> "Browser":
        return self._show(self._session.get(urljoin(self.base, path), timeout=30))

    def _show(self, answer: requests.Response) -> "Browser":
        if answer.status_code >= 400:
            raise PageError(f"{answer.request.method} {answer.url}: {answer.status_code}")
        self.url = answer.url
        self.page = Reader()
        self.page.feed(answer.text)
        return self

    @property
    def text(self) -> str:
        return " ".join(self.page.words)

    def expect(self, words: str) -> "Browser":
        if words.lower() not in self.text.lower():
            raise PageError(f"{self.url} doesn't say “{words}”")
        return self

    def follow(self, words: str) -> "Browser":
        for target, text in self.page.links:
            if words.lower() in text.lower():
                return self.open(urljoin(self.url, target))
        raise PageError(f"{self.url} has no link “{words}”")

    def press(self, button: str, **answers: Any) -> "Browser":
        """Fill in the form that has this button, and send it."""
        for form in self.page.forms:
            for text, sends in form.buttons:
                if button.lower() in text.lower():
                    return self._send(form, answers, sends)
        raise PageError(f"{self.url} has no button “{button}”")

    def _send(self, form: Form, answers: dict[str, Any], sends: dict[str, str]) -> "Browser":
        unknown = answers.keys() - form.fields.keys()
        if unknown:
            raise PageError(f"{self.url} has no field {sorted(unknown)}")
        data: dict[str, Any] = {**form.fields, **answers, **sends}
        target = urljoin(self.url, form.action)
        headers = {"Referer": self.url}
        return self._show(self._session.post(target, data=data, headers=headers, timeout=30))

    def download(self, words: str) -> requests.Response:
        for target, text in self.page.links:
            if words.lower() in text.lower():
                return self._session.get(urljoin(self.url, target), timeout=60)
        raise PageError(f"{self.url} has no link “{words}”")
