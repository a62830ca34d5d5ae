"""Masked contact details."""

import pytest

from privacy.admin import masks


@pytest.mark.parametrize(
    ("email", "masked"),
    [("a@b.c", "a•••@b•••.c"), ("ann.lee@mail.example.co.uk", "a•••@m•••.uk")],
)
def test_a_masked_address_shows_two_letters_and_the_ending(email: str, masked: str) -> None:
    assert masks.mask(email) == masked
