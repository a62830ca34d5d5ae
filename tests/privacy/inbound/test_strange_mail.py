"""Whatever somebody sends, there is a result: words, files or a mark, and never an error."""

import random

import pytest

from privacy.services.inbound.message import LONGEST_TEXT, address_of, parse
from privacy.services.inbound.plain import clean, decoded, one_line
from tests.support.mails import raw

pytestmark = pytest.mark.acceptance("RIGHT-P14")
HEAD = b"From: Ann <ann@example.org>\r\nSubject: Hello\r\n"


def body(kind: str, content: bytes, charset: str = "") -> bytes:
    parameter = f"; charset={charset}".encode() if charset else b""
    return HEAD + b"Content-Type: " + kind.encode() + parameter + b"\r\n\r\n" + content


@pytest.mark.parametrize(
    ("charset", "content", "text"),
    [
        ("utf-8", "Größe".encode(), "Größe"),
        ("iso-8859-1", "Größe".encode("latin-1"), "Größe"),
        ("koi8-r", "Привет".encode("koi8-r"), "Привет"),
        ("iso-2022-jp", "削除".encode("iso-2022-jp"), "削除"),
        ("utf-16", "Größe".encode("utf-16"), "Größe"),
        ("x-unknown-charset", "Größe".encode(), "Größe"),
        ("us-ascii", "Größe".encode(), "Gr"),
        ("hex", b"4141", "4141"),
        ("\x00", b"plain", "plain"),
    ],
)
def test_words_are_read_in_any_charset(charset: str, content: bytes, text: str) -> None:
    assert parse(body("text/plain", content, charset)).text.startswith(text)


def test_a_page_is_read_as_words_with_its_links() -> None:
    page = (
        b"<html><head><style>p{}</style><title>x</title></head><body><p>Delete me</p>"
        b"<script>alert(1)</script><a href='https://example.org/a'>here</a><br>Ann &amp; Bob"
        b"<img src='https://example.org/pixel'></body>"
    )
    parsed = parse(body("text/html", page, "utf-8"))
    assert parsed.text == "Delete me[https://example.org/a] here\nAnn & Bob"


def test_written_words_win_over_the_page() -> None:
    message = raw("The words.")
    message.add_alternative("<p>The page.</p>", subtype="html")
    assert parse(bytes(message)).text == "The words."


@pytest.mark.parametrize(
    "subject",
    [
        b"Hello\r\n Bcc: eve@example.org",
        b"=?utf-8?q?Hello=0D=0ABcc=3A_eve=40example=2Eorg?=",
        b"=?utf-8?b?////?=",
        b"=?nonsense?q?x?=",
        b"\xff\xfe" * 300,
    ],
)
def test_a_header_is_one_line(subject: bytes) -> None:
    sent = b"From: Ann <ann@example.org>\r\nSubject: " + subject + b"\r\n\r\nHello"
    found = parse(sent).subject
    assert "\n" not in found
    assert "\r" not in found
    assert len(found) <= 500


@pytest.mark.parametrize(
    "sender",
    ["", "nobody", "a@b@c", "<>", "Ann <ann@example.org>, Bob <bob@example.org>", '"', "\x00@x"],
)
def test_any_sender_has_an_address_or_none(sender: str) -> None:
    address = address_of(sender)
    assert address == "" or "@" in address


def test_what_turns_text_round_or_can_not_be_seen_is_left_out() -> None:
    assert clean("a\u202egnp.exe\x00\x1b[31m\r\nb\u200b\ud800") == "agnp.exe[31m\nb"
    assert one_line(" a\r\n b ") == "a b"
    assert decoded(b"\xff", None) == "\ufffd"


def test_a_very_long_text_is_cut_and_marked() -> None:
    parsed = parse(body("text/plain", b"x" * (LONGEST_TEXT + 1)))
    assert len(parsed.text) == LONGEST_TEXT
    assert parsed.marks == {"cut"}


def test_parts_within_parts_within_parts_come_to_an_end() -> None:
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(3000)
    )
    parsed = parse(HEAD + deep + b"Content-Type: text/plain\r\n\r\nDeep")
    assert parsed.sender == "Ann <ann@example.org>"


@pytest.mark.parametrize("seed", range(60))
def test_no_broken_mail_is_an_error(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - it has to repeat itself
    message = raw("Größe " * 20)
    message.add_alternative("<p>Größe</p>" * 20, subtype="html")
    message.add_attachment(b"%PDF-1.7" * 20, "application", "pdf", filename="ü.pdf")
    message.add_attachment(raw("Inner."))
    content = bytearray(bytes(message))
    for _ in range(chance.randrange(1, 60)):
        place = chance.randrange(len(content))
        choice = chance.randrange(3)
        if choice == 0:
            content[place] = chance.randrange(256)
        elif choice == 1:
            del content[place : place + chance.randrange(1, 40)]
        else:
            content[place:place] = chance.choice([b"\r\n", b"--", b'"', b"\x00", b"=?", b";"])
    parsed = parse(bytes(content))
    assert isinstance(parsed.text, str)
    assert (parsed.text + parsed.subject + parsed.sender).encode() is not None


@pytest.mark.parametrize("content", [b"", b"\x00", b"\r\n\r\n", b":", b"From:", b"\xff" * 1000])
def test_what_is_no_mail_is_no_error(content: bytes) -> None:
    assert parse(content).files == []
