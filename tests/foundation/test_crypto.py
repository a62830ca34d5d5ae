"""Sealing: what was sealed comes back, and only from where it was put."""

import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxrouter.foundation.crypto import (
    FRAME,
    HEADER_BYTES,
    TAG_BYTES,
    FrameWriter,
    SealError,
    blind_index,
    new_key,
    read_range,
    seal,
    unseal,
)

KEY = bytes(range(32))
SEALED_FRAME = FRAME + TAG_BYTES


def stream(plain: bytes, key: bytes = KEY) -> bytes:
    target = io.BytesIO()
    with FrameWriter(target, key) as writer:
        writer.write(plain)
    return target.getvalue()


def opened(sealed: bytes, size: int, start: int = 0, stop: int | None = None) -> bytes:
    stop = size if stop is None else stop
    return b"".join(read_range(io.BytesIO(sealed), KEY, size, start, stop))


def pattern(size: int) -> bytes:
    return (b"0123456789abcde" * (size // 15 + 1))[:size]


@given(plain=st.binary(max_size=200), place=st.text(max_size=40))
def test_what_was_sealed_comes_back(plain: bytes, place: str) -> None:
    assert unseal(KEY, seal(KEY, plain, place=place), place=place) == plain


@given(here=st.text(max_size=20), there=st.text(max_size=20))
def test_a_value_opens_only_in_its_place(here: str, there: str) -> None:
    sealed = seal(KEY, b"secret", place=here)
    if here == there:
        return
    with pytest.raises(SealError):
        unseal(KEY, sealed, place=there)


@given(data=st.data())
def test_a_value_with_any_bit_changed_is_refused(data: st.DataObject) -> None:
    sealed = bytearray(seal(KEY, b"secret", place="here"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealError):
        unseal(KEY, bytes(sealed), place="here")


@given(length=st.integers(0, 33))
def test_a_value_that_was_cut_is_refused(length: int) -> None:
    with pytest.raises(SealError):
        unseal(KEY, seal(KEY, b"secret", place="here")[:length], place="here")


def test_another_key_opens_nothing() -> None:
    with pytest.raises(SealError) as raised:
        unseal(new_key(), seal(KEY, b"secret", place="here"), place="here")
    assert raised.value.__cause__ is None


def test_the_same_value_is_never_sealed_alike_twice() -> None:
    assert seal(KEY, b"secret", place="here") != seal(KEY, b"secret", place="here")


@pytest.mark.parametrize("size", [0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME, 3 * FRAME + 7])
def test_a_stream_of_any_size_comes_back(size: int) -> None:
    plain = pattern(size)
    assert opened(stream(plain), size) == plain


@pytest.mark.parametrize(
    ("start", "stop"),
    [
        (0, 0),
        (0, 1),
        (FRAME - 1, FRAME),
        (FRAME, FRAME),
        (FRAME - 1, FRAME + 1),
        (FRAME, FRAME + 1),
        (5, 2 * FRAME + 5),
        (2 * FRAME + 6, 2 * FRAME + 7),
    ],
)
def test_a_range_gives_exactly_its_bytes(start: int, stop: int) -> None:
    plain = pattern(2 * FRAME + 7)
    assert opened(stream(plain), len(plain), start, stop) == plain[start:stop]


def test_a_range_reads_only_its_own_frames() -> None:
    plain = pattern(3 * FRAME)
    damaged = bytearray(stream(plain))
    damaged[HEADER_BYTES + 5] ^= 1
    assert (
        opened(bytes(damaged), len(plain), 2 * FRAME, 2 * FRAME + 9)
        == plain[2 * FRAME : 2 * FRAME + 9]
    )


def test_writing_in_pieces_changes_nothing() -> None:
    target, plain = io.BytesIO(), pattern(2 * FRAME + 3)
    with FrameWriter(target, KEY) as writer:
        for start in range(0, len(plain), 300_001):
            writer.write(plain[start : start + 300_001])
    assert writer.plain_size == len(plain)
    assert opened(target.getvalue(), len(plain)) == plain


@pytest.mark.parametrize("size", [0, 10, FRAME, 2 * FRAME + 7])
def test_an_altered_stream_is_refused(size: int) -> None:
    sealed = bytearray(stream(pattern(size)))
    for place in (0, HEADER_BYTES - 1, HEADER_BYTES, len(sealed) - 1):
        damaged = bytearray(sealed)
        damaged[place] ^= 1
        with pytest.raises(SealError):
            opened(bytes(damaged), size)


@pytest.mark.parametrize("kept", [0, HEADER_BYTES - 1, HEADER_BYTES, HEADER_BYTES + 100])
def test_a_stream_cut_anywhere_is_refused(kept: int) -> None:
    with pytest.raises(SealError):
        opened(stream(pattern(200))[:kept], 200)


def test_a_stream_cut_at_a_frame_is_refused_even_with_a_matching_size() -> None:
    """The last frame carries a flag, so an earlier one can't stand in for it."""
    sealed = stream(pattern(3 * FRAME))[: HEADER_BYTES + 2 * SEALED_FRAME]
    with pytest.raises(SealError):
        opened(sealed, 2 * FRAME)


def test_swapped_and_repeated_frames_are_refused() -> None:
    sealed = stream(pattern(3 * FRAME))
    header, body = sealed[:HEADER_BYTES], sealed[HEADER_BYTES:]
    frames = [body[at : at + SEALED_FRAME] for at in range(0, len(body), SEALED_FRAME)]
    for order in ((1, 0, 2), (0, 0, 2), (0, 2, 1)):
        with pytest.raises(SealError):
            opened(header + b"".join(frames[n] for n in order), 3 * FRAME)


def test_a_frame_of_another_stream_is_refused() -> None:
    one, other = stream(pattern(10)), stream(pattern(10))
    with pytest.raises(SealError):
        opened(one[:HEADER_BYTES] + other[HEADER_BYTES:], 10)


def test_a_stream_whose_writer_failed_can_not_be_opened() -> None:
    target = io.BytesIO()
    with suppress(RuntimeError), FrameWriter(target, KEY) as writer:
        writer.write(pattern(FRAME + 5))
        raise RuntimeError
    with pytest.raises(SealError):
        opened(target.getvalue(), FRAME)


ADDRESS = st.from_regex(r"[a-zA-Z0-9._+-]{1,20}@[a-zA-Z0-9-]{1,15}\.[a-z]{2,4}", fullmatch=True)


@given(address=ADDRESS, before=st.sampled_from(["", " ", "\t\n"]))
def test_the_blind_index_ignores_case_and_space_around(address: str, before: str) -> None:
    index = blind_index(KEY, address)
    assert blind_index(KEY, before + address.upper() + " ") == index
    assert len(index) == 32


@given(address=ADDRESS)
def test_the_blind_index_is_another_under_another_key(address: str) -> None:
    assert blind_index(KEY, address) != blind_index(bytes(32), address)
    assert address.lower().encode() not in blind_index(KEY, address)
