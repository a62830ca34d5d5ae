"""The reference client: what it believes, and what it does when it hears nothing."""

import http.client
import http.server
import json
import subprocess
import sys
import threading
import urllib.error
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.gateway.client import Cache, Restrictions, StartAgain, over_http
from accounts.purposes import Purpose
from fluxrouter.embedded.servers import PROJECT

ANN, BEN, KEY = (str(uuid4()) for _ in range(3))
OTHERS = [purpose for purpose in Purpose if purpose != Purpose.SERVICE]


class Feed:
    """A feed whose answers the test gives."""

    def __init__(self) -> None:
        self.pages: list[Any] = []
        self.asked: list[str | None] = []

    def page(self, *changes: dict[str, Any], cursor: str = "c", more: bool = False) -> None:
        generation = cursor.split(".", maxsplit=1)[0]
        self.pages.append(
            {"cursor": cursor, "generation": generation, "changes": [*changes], "more": more}
        )

    def __call__(self, cursor: str | None, wait: int) -> dict[str, Any]:
        self.asked.append(cursor)
        answer = self.pages.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return dict(answer)


@pytest.fixture
def feed() -> Feed:
    return Feed()


@pytest.fixture
def client(feed: Feed, tmp_path: Path) -> Restrictions:
    return start(feed, tmp_path)


def start(feed: Feed, folder: Path) -> Restrictions:
    return Restrictions("http://localhost", "key", folder / "stops.json", fetch=feed)


def stopped(account: str, *purposes: str) -> dict[str, Any]:
    return {"account": account, "state": "active", "stopped": [*purposes]}


def denied(account: str, state: str = "denied") -> dict[str, Any]:
    return {"account": account, "state": state, "stopped": ["service"]}


def key(state: str) -> dict[str, Any]:
    return {"key": KEY, "account": ANN, "state": state}


def allowed(client: Restrictions, account: str) -> set[str]:
    return {purpose for purpose in Purpose if client.is_allowed(account, purpose)}


@pytest.mark.acceptance("RIGHT-F07")
def test_only_what_was_stopped_is_refused_while_the_cache_is_fresh(
    client: Restrictions, feed: Feed
) -> None:
    feed.page(stopped(ANN, "analytics", "profiling"))
    client.sync()
    assert allowed(client, ANN) == {*Purpose} - {"analytics", "profiling"}
    assert allowed(client, BEN) == {*Purpose}


@pytest.mark.acceptance("RIGHT-F07")
@pytest.mark.parametrize("state", ["denied", "erased"])
def test_a_denied_or_erased_account_is_refused_everything(
    client: Restrictions, feed: Feed, state: str
) -> None:
    feed.page(denied(ANN, state))
    client.sync()
    assert allowed(client, ANN) == set()


@pytest.mark.parametrize("state", ["revoked", "removed"])
def test_a_key_that_was_revoked_or_removed_is_refused(
    client: Restrictions, feed: Feed, state: str
) -> None:
    assert client.key_allowed(KEY)
    feed.page(key(state))
    client.sync()
    assert not client.key_allowed(KEY)


def test_what_is_lifted_is_free_again_and_a_key_can_be_given_back(
    client: Restrictions, feed: Feed
) -> None:
    feed.page(denied(ANN), key("revoked"))
    feed.page(stopped(ANN), key("active"), cursor="c.2")
    client.sync()
    client.sync()
    assert allowed(client, ANN) == {*Purpose}
    assert client.key_allowed(KEY)


@pytest.mark.acceptance("RIGHT-F07")
def test_what_is_erased_or_removed_never_comes_back(client: Restrictions, feed: Feed) -> None:
    """Not even when a restored database says so."""
    feed.page(denied(ANN, "erased"), key("removed"))
    feed.pages.append(StartAgain())
    feed.page(stopped(ANN), key("active"), cursor="restored.1")
    client.sync()
    client.sync()
    assert allowed(client, ANN) == set()
    assert not client.key_allowed(KEY)


@pytest.mark.acceptance("RIGHT-F07")
def test_without_any_news_only_the_service_goes_on(client: Restrictions) -> None:
    assert allowed(client, ANN) == {"service"}


@pytest.mark.acceptance("RIGHT-F07")
def test_a_stale_cache_stops_what_is_optional_for_all_and_forgets_no_denial(
    client: Restrictions, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed.page(denied(ANN), key("revoked"))
    client.sync()
    later(monkeypatch, 61)
    assert allowed(client, ANN) == set()
    assert allowed(client, BEN) == {"service"}
    assert not client.key_allowed(KEY)


def later(monkeypatch: pytest.MonkeyPatch, by: float, *clocks: str) -> None:
    for clock in clocks or ("time", "monotonic"):
        now = getattr(__import__("time"), clock)() + by
        monkeypatch.setattr(f"accounts.gateway.client.time.{clock}", lambda now=now: now)


@pytest.mark.parametrize(
    ("by", "clock"), [(61, "monotonic"), (61, "time"), (-5, "time"), (-9000, "time")]
)
def test_a_clock_that_was_set_makes_nothing_look_fresh(
    client: Restrictions, feed: Feed, monkeypatch: pytest.MonkeyPatch, by: int, clock: str
) -> None:
    feed.page()
    client.sync()
    assert client.is_fresh
    later(monkeypatch, by, clock)
    assert not client.is_fresh


def test_a_page_that_is_not_the_last_makes_nothing_fresh(client: Restrictions, feed: Feed) -> None:
    feed.page(denied(ANN), more=True)
    client.poll(0)
    assert not client.is_fresh
    assert allowed(client, ANN) == set()


@pytest.mark.acceptance("RIGHT-F08")
def test_a_new_start_knows_what_was_known_and_goes_on_from_there(
    client: Restrictions, feed: Feed, tmp_path: Path
) -> None:
    feed.page(denied(ANN), key("revoked"), cursor="c.7")
    client.sync()
    again = start(feed, tmp_path)
    assert allowed(again, ANN) == set()
    assert not again.key_allowed(KEY)
    feed.page()
    again.sync()
    assert feed.asked == [None, "c.7"]


class DiskFullError(OSError):
    pass


@pytest.mark.acceptance("RIGHT-F08")
def test_killed_between_answer_and_cache_it_asks_for_the_same_again(
    client: Restrictions, feed: Feed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed.page(cursor="c.1")
    client.sync()
    before = (tmp_path / "stops.json").read_bytes()

    def die(*args: Any) -> None:
        raise DiskFullError

    with monkeypatch.context() as patched:
        patched.setattr("accounts.gateway.client.os.fsync", die)
        feed.page(denied(ANN), cursor="c.2")
        with pytest.raises(DiskFullError):
            client.sync()
    assert allowed(client, ANN) == set()  # obeyed, although it couldn't be written down
    assert (tmp_path / "stops.json").read_bytes() == before
    assert [file.name for file in tmp_path.glob("*stops*")] == ["stops.json"]
    again = start(feed, tmp_path)
    feed.page(denied(ANN), cursor="c.2")
    again.sync()
    assert feed.asked[-1] == "c.1"
    assert allowed(again, ANN) == set()
    feed.page(cursor="c.2")
    client.sync()  # the first one, had it lived, writes it down with its next answer
    assert ANN in (tmp_path / "stops.json").read_text()


@pytest.mark.acceptance("RIGHT-F08")
def test_killed_in_the_middle_of_the_beginning_it_begins_again(
    client: Restrictions, feed: Feed, tmp_path: Path
) -> None:
    feed.page(denied(ANN), more=True)
    client.poll(0)
    assert allowed(client, ANN) == set()
    again = start(feed, tmp_path)
    feed.page(denied(ANN))
    again.sync()
    assert feed.asked == [None, None]
    assert allowed(again, ANN) == set()


@pytest.mark.acceptance("RIGHT-F08")
def test_killed_in_the_middle_of_many_pages_it_asks_for_all_of_them_again(
    client: Restrictions, feed: Feed, tmp_path: Path
) -> None:
    feed.page(cursor="c.1")
    client.sync()
    feed.page(denied(ANN), cursor="c.2", more=True)
    client.poll(0)
    again = start(feed, tmp_path)
    feed.page(denied(ANN), cursor="c.2", more=True)
    feed.page(denied(BEN), cursor="c.3")
    again.sync()
    assert feed.asked[-2:] == ["c.1", "c.2"]
    assert allowed(again, ANN) == allowed(again, BEN) == set()


@pytest.mark.parametrize("content", ["", "{", "[]", "7", '{"cursor": 1, "strange": 2}'])
def test_a_damaged_cache_is_none(feed: Feed, tmp_path: Path, content: str) -> None:
    (tmp_path / "stops.json").write_text(content)
    client = start(feed, tmp_path)
    assert not client.is_fresh
    feed.page(denied(ANN))
    client.sync()
    assert feed.asked == [None]
    assert json.loads((tmp_path / "stops.json").read_text())["entries"].keys() == {ANN}


@pytest.mark.acceptance("RIGHT-F08")
def test_beginning_again_frees_who_is_not_named_but_not_before_its_end(
    client: Restrictions, feed: Feed
) -> None:
    feed.page(stopped(ANN, "analytics"), denied(BEN), cursor="g.1")
    client.sync()
    feed.pages.append(StartAgain())
    feed.page(denied(BEN), cursor="g.8", more=True)
    feed.page(cursor="g.9")
    client.poll(0)
    client.poll(0)
    assert not client.is_allowed(ANN, "analytics")
    client.poll(0)
    assert allowed(client, ANN) == {*Purpose}
    assert allowed(client, BEN) == set()


def test_beginning_again_frees_nobody_who_was_erased_and_is_not_named_any_more(
    client: Restrictions, feed: Feed
) -> None:
    feed.page(denied(ANN, "erased"), key("removed"), cursor="g.1")
    client.sync()
    feed.pages.append(StartAgain())
    feed.page(cursor="g.9")
    client.sync()
    assert allowed(client, ANN) == set()
    assert not client.key_allowed(KEY)


@pytest.mark.acceptance("RIGHT-F08")
def test_a_restored_database_that_forgot_a_stop_frees_nobody(
    client: Restrictions, feed: Feed
) -> None:
    feed.page(stopped(ANN, "analytics"), cursor="old.5")
    client.sync()
    feed.pages.append(StartAgain())
    feed.page(cursor="new.3")
    client.sync()
    assert not client.is_allowed(ANN, "analytics")
    feed.page(stopped(ANN), cursor="new.4")
    client.sync()
    assert client.is_allowed(ANN, "analytics")


def test_a_feed_that_refuses_to_begin_is_an_error_and_no_endless_loop(
    client: Restrictions, feed: Feed
) -> None:
    feed.pages.append(StartAgain())
    with pytest.raises(ValueError, match="refuses to begin"):
        client.sync()


def test_it_keeps_asking_after_errors_of_any_kind(client: Restrictions, feed: Feed) -> None:
    feed.pages += [ConnectionResetError(), http.client.IncompleteRead(b""), {"cursor": "c"}]
    feed.page(denied(ANN))
    stop = threading.Event()
    stop.wait = lambda seconds=None: stop.is_set()  # type: ignore[method-assign,assignment]
    with pytest.raises(IndexError):  # the test's feed has no more to say
        client.run(stop)
    assert allowed(client, ANN) == set()
    assert feed.asked == [None] * 4 + ["c"]


def test_a_state_from_the_future_is_a_denial(client: Restrictions, feed: Feed) -> None:
    feed.page({"account": ANN, "state": "suspended", "stopped": []})
    client.sync()
    assert allowed(client, ANN) == set()


SUBJECTS = st.sampled_from([ANN, BEN])
CHANGES = st.lists(
    st.one_of(
        st.builds(
            lambda who, what: stopped(who, *what), SUBJECTS, st.sets(st.sampled_from(OTHERS))
        ),
        st.builds(denied, SUBJECTS),
        st.sampled_from(["active", "revoked"]).map(key),
    ),
    max_size=12,
)


@given(changes=CHANGES, cuts=st.lists(st.integers(0, 12), max_size=4))
def test_pages_read_again_in_any_cut_give_the_same(
    changes: list[dict[str, Any]], cuts: list[int]
) -> None:
    whole = Cache().with_changes(changes)
    cache = Cache()
    for cut in (*cuts, 0):  # each time from an earlier place to the end
        cache = Cache(entries=cache.with_changes(changes[cut:]))
    assert cache.entries == whole


def test_the_key_goes_nowhere_without_tls() -> None:
    for address in ("http://privacy.example.com", "ftp://localhost.example.com", "privacy"):
        with pytest.raises(ValueError, match="https"):
            over_http(address, "key")


def test_the_key_is_not_carried_to_where_an_answer_points() -> None:
    carried: list[str | None] = []

    class Elsewhere(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            carried.append(self.path)
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{server.server_port}/elsewhere")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with pytest.raises(urllib.error.HTTPError) as raised:
            over_http(f"http://127.0.0.1:{server.server_port}", "key")(None, 0)
        raised.value.close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert carried == ["/api/v1/gateway/restrictions?cursor=&wait=0"]


def test_the_page_for_gateways_names_every_use_state_and_answer() -> None:
    page = (PROJECT / "docs/gateway-feed.md").read_text()
    words = [*Purpose, "active", "denied", "erased", "revoked", "removed"]
    words += ["too_old", "other_generation", "bad_cursor", "bad_wait", "wrong_scope"]
    assert [word for word in words if f"`{word}`" not in page] == []


def test_it_runs_without_django_and_without_this_project(tmp_path: Path) -> None:
    copy = tmp_path / "stops_client.py"
    copy.write_text((PROJECT / "accounts/gateway/client.py").read_text())
    program = (
        "import sys, pathlib, stops_client as c;"
        "r = c.Restrictions('https://localhost', 'k', pathlib.Path('stops.json'));"
        "print(r.is_allowed('x', 'service'), r.is_allowed('x', 'analytics'),"
        " any(name.split('.')[0] in ('django', 'accounts') for name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["True", "False", "False"]
