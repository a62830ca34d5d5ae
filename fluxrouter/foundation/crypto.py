"""Sealing of small values and of large streams with AES-256-GCM, and the keyed blind index.

Small values: `seal` and `unseal`; a fresh 96-bit nonce each (NIST SP 800-38D, 8.2.2).
Streams: frames of 1 MiB, so that a range of a large file is opened without reading the rest. The
construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár, 2015): the nonce holds the frame's
number and whether it is the last, so frames can't be dropped, swapped or cut off unnoticed.
"""

import hashlib
import hmac
import secrets
import string
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
FRAME = 1024 * 1024
MAGIC = b"FRXSEAL1"
HEADER_BYTES = len(MAGIC) + 16
_FOLD = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


class SealError(Exception):
    """The value can't be opened: another key, another place, or altered bytes."""


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def seal(key: bytes, plain: bytes, *, place: str) -> bytes:
    """Nonce and ciphertext. `place` (model, field, primary key) is bound to it, not stored."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def unseal(key: bytes, sealed: bytes, *, place: str) -> bytes:
    """The plain bytes, or SealError."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
    except (InvalidTag, ValueError):
        raise SealError("a sealed value could not be opened") from None


def fold_address(text: str) -> str:
    """An e-mail address without the difference between small and capital letters, A to Z only.

    Unicode knows letters that `lower` or `casefold` turn into another person's: the Kelvin sign
    becomes k, the long s becomes s, and straße.de would be strasse.de, another domain.
    """
    return text.strip().translate(_FOLD)


def blind_index(key: bytes, text: str) -> bytes:
    """A keyed hash under which an e-mail address is found again, whatever its case."""
    return hmac.digest(key, fold_address(text).encode(), hashlib.sha256)


def _nonce(number: int, *, last: bool) -> bytes:
    return bytes([last]) + bytes(3) + number.to_bytes(8, "big")


class FrameWriter:
    """Writes a sealed stream. A context manager: only a clean exit writes the last frame."""

    def __init__(self, target: BinaryIO, key: bytes) -> None:
        self._target = target
        self._cipher = AESGCM(key)
        self._header = MAGIC + secrets.token_bytes(16)
        self._buffer = bytearray()
        self._frames = 0
        self.plain_size = 0
        target.write(self._header)

    def write(self, data: bytes) -> int:
        self._buffer += data
        self.plain_size += len(data)
        # The last frame is flagged, so a full buffer is kept until more follows.
        while len(self._buffer) > FRAME:
            self._emit(FRAME, last=False)
        return len(data)

    def flush(self) -> None:
        """Nothing: a frame is written when it is full."""

    def _emit(self, size: int, *, last: bool) -> None:
        plain, self._buffer = bytes(self._buffer[:size]), self._buffer[size:]
        nonce = _nonce(self._frames, last=last)
        self._target.write(self._cipher.encrypt(nonce, plain, self._header))
        self._frames += 1

    def close(self) -> None:
        self._emit(len(self._buffer), last=True)

    def __enter__(self) -> "FrameWriter":
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None:
            self.close()


def read_range(source: BinaryIO, key: bytes, size: int, start: int, stop: int) -> Iterator[bytes]:
    """Plain bytes [start, stop) of a sealed stream whose plain size is `size`.

    Raises SealError on a cut, altered or reordered stream, as far as the range touches it.
    """
    source.seek(0)
    header = source.read(HEADER_BYTES)
    if len(header) != HEADER_BYTES or not header.startswith(MAGIC):
        raise SealError("not a sealed stream")
    cipher = AESGCM(key)
    final = max(0, (size - 1) // FRAME)
    for number in range(start // FRAME, min(final, (max(stop, 1) - 1) // FRAME) + 1):
        source.seek(HEADER_BYTES + number * (FRAME + TAG_BYTES))
        frame = source.read(FRAME + TAG_BYTES)
        try:
            plain = cipher.decrypt(_nonce(number, last=number == final), frame, header)
        except (InvalidTag, ValueError):
            raise SealError("a sealed stream is damaged") from None
        offset = number * FRAME
        yield plain[max(0, start - offset) : max(0, stop - offset)]
