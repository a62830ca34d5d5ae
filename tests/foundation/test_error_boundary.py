"""No value of a row leaves the database in an error, whatever rule was broken and by whom."""

import logging
import os
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, DataError, IntegrityError, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from fluxrouter import urls
from fluxrouter.embedded.temporary import PREFIX
from fluxrouter.foundation.database import VERBS
from tests.support.constraints import MARKER, NUMBER, Rule, all_rules, secrets_of
from tests.support.database import committed, rolled_back

pytestmark = pytest.mark.acceptance("MAIN-54")

PARTITIONED = ("accounts_gatewaybody", "accounts_gatewayrequest")
SQLSTATES = {"unique": "23505", "check": "23514", "foreign": "23503", "not null": "23502"}


def rules_for(alias: str) -> list[Rule]:
    """Those that this role can break: where it may not add at all, no rule is asked."""
    refused = {table for table, verbs in VERBS.items() if "INSERT" not in verbs}
    return [rule for rule in all_rules() if alias == "owner" or rule.table.name not in refused]


def break_rule(alias: str, rule: Rule, statements: list[tuple[str, list[Any]]]) -> DatabaseError:
    with suppress(RollBack), transaction.atomic(using=alias):
        with connections[alias].cursor() as cursor:
            for text, values in statements[:-1]:
                cursor.execute(text, values)
            try:
                cursor.execute(*statements[-1])
            except DatabaseError as error:
                broken = error
                raise RollBack from None
        pytest.fail(f"{rule.name} was not broken by {statements}")
    return broken


class RollBack(Exception):  # noqa: N818  (no error: it ends a transaction)
    pass


def told_by(error: BaseException) -> str:
    """All that an exception and those behind it can tell."""
    parts, seen = ["".join(traceback.format_exception(error))], set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        parts += [str(each), repr(each), repr(each.args), repr(vars(each))]
        if isinstance(each, psycopg.Error):
            diag = each.diag
            parts += [str(getattr(diag, name)) for name in dir(diag) if name[0] != "_"]
        waiting += [each.__cause__, each.__context__]
    return "\n".join(parts)


@rolled_back
@pytest.mark.parametrize("alias", ["default", "owner"])
def test_every_rule_is_broken_and_tells_no_value(
    alias: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    rules = rules_for(alias)
    assert len(rules) > 150
    assert {rule.kind for rule in rules} == set(SQLSTATES)
    for rule in rules:
        statements = rule.statements()
        error = break_rule(alias, rule, statements)
        assert isinstance(error, IntegrityError)
        assert_same_rule(rule, error)
        hidden = secrets_of(statements)
        for told in (told_by(error), *(record.getMessage() for record in caplog.records)):
            assert not [secret for secret in hidden if secret in told], rule.name
        caplog.clear()


def assert_same_rule(rule: Rule, error: Any) -> None:
    """It was this rule that broke, not another one before it."""
    if rule.table.name in PARTITIONED and rule.name.endswith(".id"):
        assert error.sqlstate == "23514"  # without an id no partition is found
        return
    assert error.sqlstate == SQLSTATES[rule.kind], (rule.name, str(error))
    if rule.kind == "not null":
        assert error.constraint is None
    elif rule.table.name in PARTITIONED and rule.kind == "unique":
        assert error.constraint.endswith("_pkey")  # the partition's own name for it
    else:
        assert error.constraint == rule.name


OTHERS = {
    "a word for a number": ("SELECT %s::text::int", [MARKER]),
    "a word for an id": ("SELECT %s::text::uuid", [MARKER]),
    "a word for a moment": ("SELECT %s::text::timestamptz", [MARKER]),
    "half a JSON text": ("SELECT %s::text::jsonb", [f'{{"{MARKER}": ']),
    "too long": ("INSERT INTO auth_group (name) VALUES (%s)", [MARKER * 20]),
    "a number too large": ("SELECT %s::text::int4", [f"{NUMBER}{NUMBER}"]),
    "an unknown table": (f"SELECT * FROM {MARKER}", []),
    "an unknown column": (f"SELECT {MARKER} FROM auth_group", []),
    "half a statement": (f"SELECT '{MARKER}", []),
    "an error of our own": (
        f"DO $$ BEGIN RAISE EXCEPTION USING MESSAGE = '{MARKER}', DETAIL = '{MARKER}'; END $$",
        [],
    ),
}


@rolled_back
@pytest.mark.parametrize("alias", ["default", "owner"])
@pytest.mark.parametrize("what", OTHERS)
def test_other_errors_tell_no_value_either(alias: str, what: str) -> None:
    with (
        pytest.raises(DatabaseError) as raised,
        transaction.atomic(using=alias),
        connections[alias].cursor() as cursor,
    ):
        cursor.execute(*OTHERS[what])
    told = told_by(raised.value).replace(traceback_line_of(OTHERS[what][0]), "")
    assert MARKER not in told
    assert str(NUMBER) not in told
    assert raised.value.sqlstate


def traceback_line_of(statement: str) -> str:
    """Our own source line in a traceback isn't a value; statements never hold any."""
    return statement


@rolled_back
@pytest.mark.parametrize("alias", ["default", "owner"])
def test_many_rows_at_once_tell_no_value(alias: str) -> None:
    with (
        pytest.raises(IntegrityError) as raised,
        transaction.atomic(using=alias),
        connections[alias].cursor() as cursor,
    ):
        cursor.executemany("INSERT INTO auth_group (name) VALUES (%s)", [[MARKER], [MARKER]])
    assert MARKER not in told_by(raised.value)


@rolled_back
@pytest.mark.parametrize("alias", ["default", "owner"])
@pytest.mark.parametrize("line", [f"{MARKER}\n", f"{MARKER}\t{MARKER}\n"])
def test_a_copy_that_fails_tells_no_value(alias: str, line: str) -> None:
    with pytest.raises(DataError) as raised, transaction.atomic(using=alias):
        copy_into_numbers(alias, line)
    assert MARKER not in told_by(raised.value)
    assert raised.value.sqlstate.startswith("22")


def copy_into_numbers(alias: str, line: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE numbers (id int) ON COMMIT DROP")
        with cursor.copy("COPY numbers FROM STDIN") as copy:
            copy.write(line)


@rolled_back
def test_a_copy_out_that_fails_tells_no_value() -> None:
    with pytest.raises(DataError) as raised, transaction.atomic():
        read_numbers(f"COPY (SELECT x::int FROM (VALUES ('{MARKER}')) AS t(x)) TO STDOUT")
    assert MARKER not in str(raised.value)


def read_numbers(statement: str) -> None:
    with connections["default"].cursor() as cursor, cursor.copy(statement) as copy:
        list(copy)


@committed
def test_a_rule_that_is_checked_at_commit_tells_no_value() -> None:
    rule = next(rule for rule in all_rules() if rule.kind == "foreign")
    text, values = rule.statements()[0]
    with pytest.raises(IntegrityError) as raised, transaction.atomic(using="owner"):
        connections["owner"].cursor().execute(text, values)
    assert not [s for s in secrets_of([(text, values)]) if s in told_by(raised.value)]


def breaking_view(request: HttpRequest) -> HttpResponse:
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.executemany("INSERT INTO auth_group (name) VALUES (%s)", [[MARKER], [MARKER]])
    return HttpResponse("not reached")


# This module is a URLconf, too.
urlpatterns = [path("breaks/", breaking_view), *urls.urlpatterns]
handler500 = urls.handler500


@committed
@pytest.mark.urls(__name__)
def test_the_answer_of_a_page_that_breaks_tells_no_value(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = Client(raise_request_exception=False).get("/breaks/")
    assert answer.status_code == 500
    written = "".join(capfd.readouterr())
    logged = "".join(record.getMessage() for record in caplog.records)
    for text in (answer.content.decode(), str(answer.headers), written, logged):
        assert MARKER not in text


@pytest.fixture
def server_log() -> Path:
    """The embedded server's own log; the one whose cluster we are connected to."""
    port = f":{connections['owner'].settings_dict['PORT']}/"
    if port not in os.environ.get("DATABASE_ADMIN_URL", ""):
        pytest.skip("the PostgreSQL server was given: its log is its owner's")
    files = os.environ["KEYSTORE_DIR"]
    logs = list(Path(files).parents[1].rglob("postgres*.log"))
    if PREFIX not in files or not logs:
        pytest.skip("the PostgreSQL server is not an embedded one of this run")
    return logs[0]


@rolled_back
def test_the_servers_own_log_tells_no_value(server_log: Path) -> None:
    for alias in ("default", "owner"):
        for rule in rules_for(alias):
            break_rule(alias, rule, rule.statements())
    text = server_log.read_text(errors="replace")
    assert MARKER not in text
    assert str(NUMBER) not in text
