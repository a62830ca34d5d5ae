"""Files in a package: pieces put together again, under names that every program can unpack."""

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import count, groupby
from typing import Any, NamedTuple

# Of any system: {"bucket", "name", "part", "of", "base64"}, the parts of a file one after another.
CONTENT = "file_content"
# What Windows refuses in a name, and what no name needs.
STRANGE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')
LONGEST = 100  # characters of a folder's or a file's name


class File(NamedTuple):
    path: str
    chunks: Iterator[bytes]


def files(folder: str, lines: Iterable[bytes], heartbeat: Callable[[], None]) -> Iterator[File]:
    """Each file with its bytes, which must be read before the next one."""
    taken = Taken()
    records = (json.loads(line) for line in lines)
    for (bucket, name), pieces in groupby(records, lambda each: (each["bucket"], each["name"])):
        path = taken.claim(f"{folder}/{safe(bucket)}", safe(name))
        yield File(path, contents(pieces, heartbeat))


def contents(pieces: Iterable[dict[str, Any]], heartbeat: Callable[[], None]) -> Iterator[bytes]:
    for piece in pieces:
        heartbeat()
        yield base64.b64decode(piece["base64"])


def safe(name: str) -> str:
    """A path below its folder: no step up, no empty step, nothing that a system refuses."""
    steps = (STRANGE.sub("_", step).rstrip(" .") for step in name.split("/"))
    return "/".join(shortened(step) or "_" for step in steps)


def shortened(step: str) -> str:
    """The beginning, and the ending by which programs know what a file is."""
    if len(step) <= LONGEST:
        return step
    stem, dot, ending = step.rpartition(".")
    ending = dot + ending if stem and len(ending) < 10 else ""
    return step[: LONGEST - len(ending)] + ending


class Taken:
    """Paths that are used: two names may become one, also where capitals make no difference, and
    a file of a folder's name can't stand beside that folder.
    """

    def __init__(self) -> None:
        self.files: set[str] = set()
        self.folders: set[str] = set()

    def claim(self, folder: str, name: str) -> str:
        """The path in `folder`, or in a numbered one beside it when there it can't be."""
        numbered = (f"{folder} ({number})/{name}" for number in count(2))
        path = f"{folder}/{name}"
        while not self._take(path.lower()):
            path = next(numbered)
        return path

    def _take(self, path: str) -> bool:
        steps = path.split("/")
        above = {"/".join(steps[:number]) for number in range(1, len(steps))}
        if path in self.files or path in self.folders or above & self.files:
            return False
        self.files.add(path)
        self.folders |= above
        return True
