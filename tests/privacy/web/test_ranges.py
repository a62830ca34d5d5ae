"""The Range header."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.web.ranges import UnsatisfiableError, parse_range

NUMBER = st.one_of(st.just(""), st.integers(0, 40).map(str))


@given(NUMBER, NUMBER, st.integers(1, 30))
def test_a_range_is_what_the_rfc_says(first: str, last: str, size: int) -> None:
    content = bytes(range(size))
    try:
        found = parse_range(f"bytes={first}-{last}", size)
    except UnsatisfiableError:
        assert int(first or size) >= size or last == "0"
        return
    if found is None:
        assert not (first or last) or (first and last and int(last) < int(first))
    elif first:
        stop = int(last) + 1 if last else size
        assert content[slice(*found)] == content[int(first) : stop]
    else:
        assert content[slice(*found)] == content[-int(last) :]


@pytest.mark.parametrize("header", ["", "bytes=", "bytes=1-2,4-5", "lines=1-2", "bytes=a-b"])
def test_a_header_that_is_not_understood_asks_for_everything(header: str) -> None:
    assert parse_range(header, 10) is None
