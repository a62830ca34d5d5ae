"""AI model providers: the kinds of objects that go in their own way."""

import uuid

import pytest

from fluxrouter.sandbox.kit import Call
from fluxrouter.sandbox.model_providers import ModelProviders
from privacy.connectors.base import Subject
from privacy.connectors.errors import PermanentError, RetryError
from privacy.connectors.model_providers import (
    AnthropicConnector,
    GeminiConnector,
    OpenAIConnector,
)
from privacy.connectors.testing import Life
from tests.contract.model_providers import connector_of, left, life_of, remember, run_through

pytestmark = [
    pytest.mark.django_db(databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-34"),
]


@pytest.fixture
def app() -> ModelProviders:
    return ModelProviders()


def test_the_entries_of_a_conversation_go_before_it(app: ModelProviders) -> None:
    life = life_of(OpenAIConnector, app, ("conversations", {"parts": [{}] * 3}))
    assert life.look().found == {"model_conversation": 1, "model_conversation_item": 3}
    life.erase()
    assert app.left == {}
    assert left(life, app) == []


def test_without_its_entries_a_conversation_leaves_them(app: ModelProviders) -> None:
    """Why the entries go first: nobody can reach them afterwards."""
    life = life_of(OpenAIConnector, app, ("conversations", {"parts": [{}] * 3}))
    path, _, identifier = life.look().refs["objects"][0].partition("/")
    assert life.connector.client.delete(path, identifier)
    assert len(left(life, app)[0][0]) == 3


@pytest.mark.acceptance("PROC-34")
def test_more_than_a_page_of_entries_is_read_in_pages(app: ModelProviders) -> None:
    life = life_of(OpenAIConnector, app, ("conversations", {"parts": [{}] * 205}))
    assert life.look().found["model_conversation_item"] == 205
    assert len(life.export()) == 206
    life.erase()
    assert app.left == {}
    pages = app.calls[Call("GET", "/openai/v1/conversations/<id>/items", 200)]
    assert pages == 4 * 3, "counted twice, exported, deleted: three pages each"


def test_a_batch_that_works_is_cancelled_and_waited_for(app: ModelProviders) -> None:
    life = life_of(AnthropicConnector, app, ("messages/batches", {"working": True}))
    life.look()
    with pytest.raises(RetryError, match="still_working"):
        run_through(life)
    assert ("POST", "/anthropic/v1/messages/batches/<id>/cancel", 200) in app.calls
    life.erase()
    assert left(life, app) == []


def test_a_batch_that_works_holds_up_nothing_else(app: ModelProviders) -> None:
    life = life_of(AnthropicConnector, app, ("messages/batches", {"working": True}), ("files", {}))
    life.refs = life.look().refs
    life.refs["objects"].sort(reverse=True)
    with pytest.raises(RetryError):
        run_through(life)
    assert [key[1] for key in app.objects] == ["messages/batches"]


def test_a_batch_of_gemini_is_stopped_before_it_goes(app: ModelProviders) -> None:
    life = life_of(GeminiConnector, app, ("batches", {"working": True}))
    life.look()
    life.erase()
    assert app.left == {}
    assert left(life, app) == []


def test_a_video_in_the_making_is_waited_for(app: ModelProviders) -> None:
    life = life_of(OpenAIConnector, app, ("videos", {"working": True}))
    life.look()
    life.erase()
    assert left(life, app) == []


def test_a_store_with_documents_goes_with_them(app: ModelProviders) -> None:
    life = life_of(GeminiConnector, app, ("fileSearchStores", {"activeDocumentsCount": "3"}))
    life.look()
    life.erase()
    assert left(life, app) == []


def test_a_file_that_gemini_refuses_is_looked_up_in_its_list(app: ModelProviders) -> None:
    for _ in range(5):
        app.add("gemini", "files")
    life = life_of(GeminiConnector, app, ("files", {}))
    app.objects.popitem()
    assert life.look().found == {}
    assert ("GET", "/gemini/v1beta/files", 200) in app.calls


def test_a_file_that_is_listed_and_refused_is_no_success(app: ModelProviders) -> None:
    """A project in arrears is refused its own files (googleapis/python-genai, issue 1218)."""
    life = life_of(GeminiConnector, app, ("files", {}))
    [key] = app.objects
    app.objects["gemini", "files", "elsewhere"] = app.objects.pop(key)
    with pytest.raises(PermanentError, match="no_permission"):
        life.look()


def test_a_name_of_gemini_may_be_stored_whole(app: ModelProviders) -> None:
    identifier = app.add("gemini", "files")
    account = str(uuid.uuid4())
    remember(account, "gemini", "files", f"files/{identifier}")
    subject = Subject(uuid.uuid4(), "ann.lee@example.org", {"accounts": [account]})
    life = Life(connector_of(GeminiConnector, app), subject)
    assert life.look().found == {"model_file": 1}
    life.erase()
    assert app.objects == {}
