"""What a person sees when something went wrong."""

import pytest
from django.test import Client, RequestFactory

from fluxrouter import errors
from tests.support.visitor import Visitor

HELP = "hello@fluxrouter.ai"


def test_a_failure_is_explained_without_the_database() -> None:
    # Not marked for the database: a query would fail this test.
    response = errors.server_error(RequestFactory().get("/"))
    page = response.content.decode()
    assert response.status_code == 500
    assert "Something went wrong on our side" in page
    assert HELP in page


@pytest.mark.django_db
def test_a_page_that_is_not_there_leads_on() -> None:
    seen = Visitor().get("/privacy/request/nonsense/role/")
    assert seen.status == 404
    assert 'href="/privacy/"' in seen.page
    started = Visitor().start()
    assert started.get(f"{started.draft}nonsense/").status == 404


@pytest.mark.django_db
def test_a_form_without_its_token_says_that_answers_are_kept() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/privacy/")
    assert response.status_code == 403
    assert "Your answers are kept" in response.content.decode()


@pytest.mark.django_db
def test_a_huge_answer_is_refused_with_a_page() -> None:
    started = Visitor().start()
    draft = started.draft
    seen = started.post(f"{draft}message/", message="x" * 70_000)
    assert seen.status == 400
    assert "We could not read that" in seen.text
    long = started.post(f"{draft}message/", message="x" * 5000)
    assert "Shorten your message" in long.text
    assert "x" * 5000 in long.page


@pytest.mark.django_db
def test_odd_bytes_in_an_answer_are_no_failure() -> None:
    started = Visitor().start()
    draft = started.draft
    for value in ("\x00", "a\x00@example.org", "\u202eann@example.org"):
        assert started.post(f"{draft}email/", email=value).status == 200
        assert "There is a problem" in started.text
    assert started.post(f"{draft}role/", role="nonsense").status == 200
    assert "Choose one of the answers" in started.text
