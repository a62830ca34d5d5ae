"""An operator who reads the log learns no secret and no name, and nobody can stall it."""

import logging
import time

import pytest
from django.test import Client

from fluxrouter.foundation.logging import LineFormatter, NothingPersonal, clean
from tests.support.staff import made
from tests.support.visitor import link

ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


def written(records: list[logging.LogRecord]) -> str:
    return "\n".join(
        LineFormatter().format(each) for each in records if NothingPersonal().filter(each)
    )


@pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
@pytest.mark.parametrize("kind", ["status", "verify", "stop"])
def test_a_form_that_is_refused_leaves_no_link_in_the_log(
    kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = link(made(), kind)
    assert Client(enforce_csrf_checks=True).post(path).status_code == 403
    text = written(caplog.records)
    assert "django.security.csrf" in text
    assert path.split("/")[-2] not in text


def test_a_links_path_is_cleaned_wherever_it_is_written_and_ids_stay() -> None:
    secret = "BRrAdQiKYcOJwJbo2LXG7P69vrpL8vgw"
    assert clean(f"GET /privacy/status/{secret}/code/") == "GET /privacy/status/[secret]/code/"
    assert clean(f"step {ID} https://x/privacy/stop/{secret}/").startswith(f"step {ID} ")
    assert clean(f"/privacy/download/{ID}/") == f"/privacy/download/{ID}/"


def test_a_long_word_costs_no_more_than_its_length() -> None:
    began = time.process_time()
    clean("a" * 100_000)
    assert time.process_time() - began < 1
