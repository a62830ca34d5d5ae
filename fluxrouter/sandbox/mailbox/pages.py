"""What a person sees: the list of mails and one mail, as plain HTML."""

from collections.abc import Iterable
from html import escape

from fluxrouter.sandbox.kit import Response
from fluxrouter.sandbox.mailbox.message import LINK, Message

# Nothing but the stylesheet may load, and a link's target learns nothing of where it was.
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""
STYLE = """:root { color-scheme: light dark; }
body { font: 1.125rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: start; padding-block-end: 0.5rem; }
th, td { border-block-end: 1px solid; padding: 0.5rem 1rem 0.5rem 0; text-align: start; vertical-align: top; }
dt { font-weight: bold; }
dd { margin: 0 0 0.5rem; }
.mail { border-block-start: 1px solid; margin-block-start: 1rem; overflow-wrap: anywhere; padding-block-start: 1rem; white-space: pre-wrap; }
:focus-visible { outline: 3px solid; outline-offset: 2px; }
"""  # noqa: E501 - one rule a line


def _page(title: str, content: str, status: int = 200) -> Response:
    return Response(status, _PAGE.format(title=escape(title), content=content), dict(_HEADERS))


def _time(message: Message) -> str:
    shown = f"{message.created_at:%-d %B %Y, %H:%M:%S}"
    return f'<time datetime="{message.created_at.isoformat()}">{shown}</time>'


def _row(message: Message) -> str:
    subject = escape(message.subject)
    return (
        f"<tr><td>{escape(', '.join(message.to))}</td>"
        f'<td><a href="/messages/{escape(message.id)}">{subject}</a></td>'
        f"<td>{_time(message)}</td></tr>"
    )


def inbox(messages: Iterable[Message]) -> Response:
    """The list, newest first."""
    rows = "\n".join(map(_row, messages))
    if not rows:
        return _page("Sandbox mailbox", "<p>No mail yet. Reload the page to look again.</p>")
    table = (
        "<table>\n<caption>Mails, newest first. None has left this machine.</caption>"
        '\n<thead><tr><th scope="col">To</th><th scope="col">Subject</th>'
        f'<th scope="col">Time</th></tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>'
    )
    return _page("Sandbox mailbox", table)


def mail(message: Message) -> Response:
    facts = {
        "From": escape(message.sender),
        "To": escape(", ".join(message.to)),
        "Time": _time(message),
    }
    if message.attachments:
        facts["Attachments"] = escape(", ".join(message.attachments))
    listed = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts.items())
    text = f'<div class="mail">{_linked(message.body)}</div>'
    back = '<p><a href="/">All mails</a></p>'
    return _page(message.subject, f"{back}\n<dl>{listed}</dl>\n{text}")


def missing() -> Response:
    content = '<p>It may have been deleted. <a href="/">All mails</a></p>'
    return _page("There is no such mail", content, 404)


def stylesheet() -> Response:
    return Response(200, STYLE, {"Content-Type": "text/css; charset=utf-8"})


def _linked(text: str) -> str:
    """Escape the text, and make its web addresses links."""
    parts: list[str] = []
    end = 0
    for found in LINK.finditer(text):
        target = escape(found[0])
        parts += [escape(text[end : found.start()]), f'<a href="{target}">{target}</a>']
        end = found.end()
    return "".join([*parts, escape(text[end:])])
