"""Log lines that hold codes and ids, and a last net for what slips through."""

import json
import logging
import re
import traceback
from pathlib import Path

# Begins at a word's begin only, or a long word would cost the square of its length.
EMAIL = re.compile(r"(?<![^\s@<>\"'=])[^\s@<>\"'=]+@[^\s@<>\"']+\.[^\s@<>\"']+")
# Tokens in our links and keys of processors: anything long enough to be a secret.
SECRET = re.compile(
    r"(sk|rk|re|sb_secret|sb_publishable|whsec)_[A-Za-z0-9_]{6,}|[A-Za-z0-9_-]{40,}"
)

LINK = re.compile(r"(/privacy/(?:verify|status|stop)/)[^/\s\"]+")


def clean(text: str) -> str:
    """The text without e-mail addresses and without anything that looks like a secret."""
    return SECRET.sub("[secret]", EMAIL.sub("[e-mail]", LINK.sub(r"\1[secret]", text)))


class NothingPersonal(logging.Filter):
    """Cleans message and arguments. The code should never send any; this is the second lock."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            if record.name == "django.request":  # its text is the path, and paths carry tokens
                record.msg, record.args = f"http.{getattr(record, 'status_code', 0)}", None
            record.msg = clean(record.getMessage())
        except Exception:  # an error in a filter would reach, and stop, whoever logs
            record.msg = "log.line_unreadable"
        record.args = None
        return True


class LineFormatter(logging.Formatter):
    """One JSON object a line. Of an exception it says type and place, never the text."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            line["where"] = " > ".join(
                f"{Path(frame.filename).stem}.{frame.name}:{frame.lineno}" for frame in frames[-6:]
            )
        return json.dumps(line)
