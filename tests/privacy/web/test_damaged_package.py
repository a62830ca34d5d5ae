"""A package on disk: sealed, and refused as soon as a byte of it isn't what was written."""

from pathlib import Path

import pytest

from accounts.models import User
from fluxrouter.foundation.crypto import FRAME, FrameWriter, SealError
from fluxrouter.foundation.keystore import keystore
from privacy.models import Package
from privacy.services import review
from privacy.services.package import parts
from privacy.services.package.build import ARCHIVE
from privacy.services.package.read import read_package
from tests.support.staff import ANN, Work, reviewed
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-36"),
]


@pytest.fixture
def package(world: World, run_work: Work) -> Package:
    world.add_person(ANN, "Ann Zweigelt")
    request = reviewed(world, run_work, "access")
    staff = User.objects.create_user(username="staff", is_staff=True)
    review.propose(request, actor=staff, typed=request.reference, reason="Fine.")
    run_work()
    return Package.objects.get(request=request)


@pytest.fixture
def file(package: Package) -> Path:
    return parts.folder(package.pk) / ARCHIVE


def read(package: Package) -> bytes:
    return b"".join(read_package(package, 0, package.size))


def test_nothing_in_the_folder_can_be_read_without_the_key(package: Package, file: Path) -> None:
    assert read(package).startswith(b"PK")
    assert list(file.parent.iterdir()) == [file]  # the parts are gone
    sealed = file.read_bytes()
    for words in (b"PK\x03\x04", b"index.html", b"Zweigelt", ANN.encode()):
        assert words not in sealed
    assert len(sealed) > package.size


@pytest.mark.parametrize("place", [0.0, 0.3, 0.7, 1.0])
def test_a_changed_byte_is_refused(package: Package, file: Path, place: float) -> None:
    sealed = bytearray(file.read_bytes())
    sealed[int(place * (len(sealed) - 1))] ^= 1
    file.write_bytes(sealed)
    with pytest.raises(SealError):
        read(package)


@pytest.mark.parametrize("kept", [0.0, 0.5, 0.999])
def test_a_shortened_file_is_refused(package: Package, file: Path, kept: float) -> None:
    sealed = file.read_bytes()
    file.write_bytes(sealed[: int(kept * len(sealed))])
    with pytest.raises(SealError):
        read(package)


def test_a_package_of_several_frames_that_lost_its_last_is_refused(
    package: Package, file: Path
) -> None:
    """The size in the database matches what is left, so only the frames' own marks can tell."""
    with file.open("wb") as target, FrameWriter(target, keystore().get(package.pk)) as writer:
        writer.write(bytes(2 * FRAME + 7))
    package.size = writer.plain_size
    assert read(package) == bytes(2 * FRAME + 7)
    whole = file.read_bytes()
    file.write_bytes(whole[: (len(whole) - 7 - 16)])
    package.size = 2 * FRAME
    with pytest.raises(SealError):
        read(package)
