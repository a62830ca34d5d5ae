"""AI model providers: what must not look like success, and what is everybody's."""

import json
import uuid
from typing import Any

import pytest

from accounts.models import ProviderObject
from fluxrouter.sandbox.model_providers import ModelProviders
from privacy.connectors.base import Subject
from privacy.connectors.errors import PermanentError, RetryError, UnknownOutcomeError
from privacy.connectors.model_providers import OpenAIConnector, find
from privacy.connectors.testing import Life
from tests.contract.model_providers import (
    CONNECTORS,
    Case,
    calls,
    connector_of,
    left,
    life_of,
    remember,
    run_through,
)

pytestmark = [
    pytest.mark.django_db(databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-34"),
]


@pytest.fixture
def app() -> ModelProviders:
    return ModelProviders()


@pytest.mark.acceptance("PROC-01")
@pytest.mark.parametrize("case", CONNECTORS)
def test_deleting_twice_is_success_and_one_deletion(case: Case, app: ModelProviders) -> None:
    life = life_of(case, app, ("files", {}))
    life.look()
    life.erase()
    before = calls(app, "DELETE")
    life.erase()
    assert calls(app, "DELETE") == before + 1
    assert {"erased": {"model_file": 1}} in life.written
    assert {"erased": {}} in life.written


@pytest.mark.acceptance("PROC-02", "PROC-03")
@pytest.mark.parametrize("kind", ["reply_lost", "error_after"])
@pytest.mark.parametrize("case", CONNECTORS)
def test_a_deletion_whose_answer_was_lost_is_success(
    kind: str, case: Case, app: ModelProviders
) -> None:
    life = life_of(case, app, ("files", {}))
    life.look()
    app.faults.add(kind, method="DELETE")
    life.erase()
    assert app.objects == {}
    assert [call for call in app.log if call.method == "DELETE"][-1].status in (403, 404)
    assert life.verify() == []


@pytest.mark.acceptance("PROC-04")
@pytest.mark.parametrize("case", CONNECTORS)
def test_too_many_requests_are_a_wait_and_no_failure(case: Case, app: ModelProviders) -> None:
    life = life_of(case, app, ("files", {}))
    app.faults.add("rate_limited", headers={"retry-after": "7"})
    with pytest.raises(RetryError) as told:
        life.connector.discover(life.subject)
    assert told.value.after is not None
    assert told.value.after.total_seconds() == 7


@pytest.mark.acceptance("PROC-09")
@pytest.mark.parametrize("case", CONNECTORS)
def test_a_wrong_key_stops_for_a_person_and_nothing_looks_gone(
    case: Case, app: ModelProviders
) -> None:
    life = life_of(case, app, ("files", {}), key="wrong")
    with pytest.raises(PermanentError, match="no_permission"):
        life.connector.discover(life.subject)


@pytest.mark.parametrize("kind", ["server_error", "error_after", "reply_lost", "truncated_page"])
@pytest.mark.parametrize("case", CONNECTORS)
def test_an_answer_that_makes_no_sense_is_unknown_and_says_nothing_of_it(
    kind: str, case: Case, app: ModelProviders
) -> None:
    life = life_of(case, app, ("files", {"filename": "ann.lee@example.org"}))
    app.faults.add(kind)
    with pytest.raises(UnknownOutcomeError) as told:
        life.connector.discover(life.subject)
    assert "ann" not in str(told.value)
    assert told.value.__cause__ is None


def test_a_provider_that_still_shows_what_it_deleted_is_asked_again(app: ModelProviders) -> None:
    app.broken = frozenset({"deleted_is_gone"})
    life = life_of(OpenAIConnector, app, ("files", {}))
    life.look()
    with pytest.raises(UnknownOutcomeError, match="still_there"):
        run_through(life)


def test_more_objects_than_a_part_of_the_step_are_all_deleted(app: ModelProviders) -> None:
    life = life_of(OpenAIConnector, app, *[("files", {})] * 120)
    assert life.look().found == {"model_file": 120}
    life.erase()
    assert app.objects == {}
    assert {"erased": {"model_file": 120}} in life.written


def test_of_very_many_objects_a_look_asks_for_some_and_the_deletion_for_all(
    app: ModelProviders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "MOST_LOOKS", 10)
    life = life_of(OpenAIConnector, app, *[("files", {})] * 35)
    assert life.look().found == {"model_file": 35}
    assert calls(app, "GET") == 10
    life.refs = {"objects": life.refs["objects"]}
    assert life.verify() == [("model_file", 10, False)]
    life.erase()
    assert app.objects == {}
    assert calls(app, "DELETE") == 35


@pytest.mark.parametrize(
    ("kind", "name"), [("assistants", "asst_1"), ("files", "../files"), ("files", "a?b")]
)
def test_a_row_that_no_call_fits_is_for_staff(kind: str, name: str, app: ModelProviders) -> None:
    life = life_of(OpenAIConnector, app)
    remember(life.subject.refs["accounts"][0], "openai", kind, name)
    assert life.look().found == {"model_other": 1}
    life.erase()
    assert life.verify() == [("model_other", 1, True)]
    assert app.calls.total() == 0


def test_rows_that_are_gone_are_still_verified(app: ModelProviders) -> None:
    """The database's own connector deletes them before the last look."""
    life = life_of(OpenAIConnector, app, ("files", {}))
    life.look()
    ProviderObject.objects.all().delete()
    assert life.verify() == [("model_file", 1, False)]


def test_an_export_holds_no_key(app: ModelProviders) -> None:
    for case in CONNECTORS:
        life = life_of(case, app, ("files", {}))
        life.look()
        assert app.keys[case.name] not in json.dumps(life.export())


@pytest.mark.parametrize("case", CONNECTORS)
def test_a_canary_is_planted_only_where_the_settings_allow_it(
    case: Case, app: ModelProviders
) -> None:
    account = str(uuid.uuid4())
    subject = Subject(uuid.uuid4(), "canary@example.com", {"accounts": [account]})
    with pytest.raises(PermanentError, match="no_test_mode"):
        connector_of(case, app).plant(subject)
    assert not app.objects
    connector = connector_of(case, app, drill=True)
    life = Life(connector, subject._replace(refs=connector.plant(subject)))
    assert sum(life.look().found.values()) >= 1
    life.erase()
    assert left(life, app) == []


@pytest.mark.parametrize("case", CONNECTORS)
def test_without_a_key_there_is_no_connector(case: Case, settings: Any) -> None:
    setattr(settings, f"{case.name.upper()}_API_KEY", "")
    assert case.from_settings() is None
    setattr(settings, f"{case.name.upper()}_API_KEY", "a key")
    made = case.from_settings()
    assert made is not None
    assert made.name == case.name
    assert not made.client.http.follow_redirects
