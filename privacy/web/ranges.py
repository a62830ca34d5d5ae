"""HTTP's Range header (RFC 9110, 14.2), for one range of bytes."""

import re

RANGE = re.compile(r"^bytes=(\d{0,19})-(\d{0,19})$")


class UnsatisfiableError(Exception):
    """The range lies behind the end: 416."""


def parse_range(header: str, size: int) -> tuple[int, int] | None:
    """[start, stop) of a file of `size` bytes; None when the header asks for the whole of it.

    A header that isn't understood, or has several ranges, is ignored, as the RFC allows.
    """
    match = RANGE.match(header.strip())
    if not match or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        if not int(last):
            raise UnsatisfiableError
        return max(0, size - int(last)), size
    start = int(first)
    stop = min(size, int(last) + 1) if last else size
    if start >= size:
        raise UnsatisfiableError
    return (start, stop) if start < stop else None
