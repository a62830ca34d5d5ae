"""Sealing: an hourly checkpoint, whose digest leaves the database."""

import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from fluxrouter.foundation.models import TrailSeal
from fluxrouter.foundation.trail.seal import seal_job, seal_trail
from fluxrouter.foundation.trail.verify import verify_trail
from tests.support.database import committed
from tests.support.trail import make_chain

pytestmark = [committed, pytest.mark.acceptance("MAIN-44")]


def seal_file() -> Path:
    path: Path = settings.TRAIL_SEAL_FILE
    return path


@pytest.fixture
def chain() -> uuid.UUID:
    """A sealed chain of four events beside another, with two seals."""
    made = make_chain(4)
    seal_trail()
    make_chain(2)
    seal_trail()
    return made


def test_a_seal_holds_what_grew_since_the_last(chain: uuid.UUID) -> None:
    assert seal_trail() is None
    make_chain(1, chain)
    seal = seal_trail()
    assert seal is not None
    assert (seal.seq, list(seal.heads)) == (3, [str(chain)])
    assert seal.heads[str(chain)][0] == 5
    assert verify_trail() == []


def test_a_crash_between_file_and_commit_is_explained_by_the_next_seal() -> None:
    chain = make_chain(2)
    with suppress(RuntimeError), transaction.atomic():
        seal_trail()
        raise RuntimeError
    assert not TrailSeal.objects.exists()
    assert {finding.kind for finding in verify_trail()} == {"file"}
    make_chain(1, chain)
    seal_trail()
    numbers = [line.split()[0] for line in seal_file().read_text().splitlines()]
    assert numbers == ["1", "1"]
    assert verify_trail() == []


def test_the_seal_file_is_readable_by_us_alone_and_grows(chain: uuid.UUID) -> None:
    before = seal_file().read_text()
    make_chain(1)
    seal_trail()
    assert seal_file().read_text().startswith(before)
    assert seal_file().stat().st_mode & 0o777 == 0o600


def test_the_head_is_mailed_and_a_failing_mail_breaks_nothing(mailoutbox: list[Any]) -> None:
    make_chain(1)
    assert seal_job() == {"chains": 1}
    assert seal_job() == {"chains": 0}
    (mail,) = mailoutbox
    assert bytes(TrailSeal.objects.get().digest).hex() in mail.body
