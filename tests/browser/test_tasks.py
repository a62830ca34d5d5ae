"""A task at a processor in a real browser: a file goes in, a large one doesn't, one comes out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from privacy.services.evidence import LARGEST
from tests.support import staff, tasks

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("PROC-47"),
]
Open = Callable[..., Any]


@pytest.fixture
def site(open_site: Open) -> Any:
    opened = open_site()
    session = staff.signed_in(staff.member("Handler")).cookies[settings.SESSION_COOKIE_NAME]
    cookie = {"name": session.key, "value": session.value, "url": opened.address}
    opened.page.context.add_cookies([cookie])
    return opened


def send(site: Any, path: str, file: Path) -> None:
    site.open(path)
    site.page.set_input_files("#id_file", file)
    with site.page.expect_navigation():
        site.press("Add a file")


def test_a_file_is_added_and_saved_again_under_a_name_that_says_nothing(
    site: Any, tmp_path: Path
) -> None:
    task = tasks.open_task()
    file = tmp_path / "ann.lee.pdf"
    file.write_bytes(tasks.PDF)
    send(site, staff.do_url(task.step.request, "add_evidence", task.step), file)
    assert task.evidence.count() == 1
    with site.page.expect_download() as download:
        site.page.get_by_role("button", name="Save file 1").click()
    assert download.value.suggested_filename == "evidence-1.pdf"
    assert Path(download.value.path()).read_bytes() == tasks.PDF
    site.inspect()


def test_a_file_that_is_far_too_large_is_told_in_words(site: Any, tmp_path: Path) -> None:
    task = tasks.open_task()
    file = tmp_path / "video.pdf"
    file.write_bytes(tasks.PDF + bytes(5 * LARGEST))
    send(site, staff.do_url(task.step.request, "add_evidence", task.step), file)
    assert "This file is larger than 5 MiB, and was not read." in site.page.content()
    assert not task.evidence.exists()
    site.inspect()
