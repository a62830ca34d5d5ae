"""The words of a mail, whatever it is written in. Nothing of it is ever shown as a page."""

import codecs
import unicodedata
from html.parser import HTMLParser

BREAKS = frozenset({"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "blockquote"})
UNSEEN = frozenset({"style", "script", "title", "head"})
KEPT = frozenset("\n\t")


class Words(HTMLParser):
    """The words of a page, and where each link leads."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in UNSEEN
        if tag in BREAKS:
            self.parts.append("\n")
        if tag == "a" and (target := dict(attrs).get("href")):
            self.parts.append(f"[{target}] ")

    def handle_endtag(self, tag: str) -> None:
        self.unseen = max(0, self.unseen - (tag in UNSEEN))

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(data)


def words_of_page(page: str) -> str:
    words = Words()
    words.feed(page)
    words.close()
    return "".join(words.parts)


def decoded(content: bytes, charset: str | None) -> str:
    """The text, with a mark for each byte that makes no sense; an unknown charset is UTF-8."""
    try:
        known = codecs.lookup(charset or "utf-8").name
        return content.decode(known, "replace")
    except (LookupError, ValueError, UnicodeError):
        return content.decode("utf-8", "replace")


def clean(text: str) -> str:
    """Without what can't be seen, turns the text round or can't be written down."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    seen = (each for each in lines if each in KEPT or unicodedata.category(each)[0] != "C")
    return "".join(seen).strip()


def one_line(text: str) -> str:
    return " ".join(clean(text).split())
