"""Staff see and save the numbers that stay of calls that went."""

import csv
import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.models import User
from retention.models import RollupCell
from retention.pages.numbers import COLUMNS, KEYS, NUMBERS, PER_PAGE
from retention.rollups import ROLL_UPS
from retention.services.dispose import apply
from retention.services.retirement.spread import SHARES
from tests.retention.retiring import MODEL, after, far_days, make_calls, rule_of, some_accounts
from tests.support import staff
from tests.support.database import committed, rolled_back

pytestmark = pytest.mark.acceptance("KEEP-21")

PAGE = "/admin/retention/rollupcell/"
CSV = f"{PAGE}csv/"
DAY = date(2021, 3, 3)
WEEK = timedelta(days=6)
FINEST = {"provider": "openai", "model": "m-1", "status": 2, "region": "eu"}


def cell(
    first: date = DAY, length: timedelta = timedelta(0), key: Any = None, **numbers: int
) -> RollupCell:
    return RollupCell.objects.create(
        source=MODEL, first_day=first, last_day=first + length, key=key or {}, accounts=10,
        numbers={"requests": 1230, **numbers}, made_at=timezone.now(),
    )  # fmt: skip


def signed_in(role: str = "Viewer") -> Client:
    return staff.signed_in(staff.member(role, role.lower()))


def rows_of(page: str) -> list[list[str]]:
    body = page[page.index("<tbody>") :] if "<tbody>" in page else ""
    return [
        re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", row)
        for row in re.findall(r"<tr>.*?</tr>", body, re.DOTALL)
    ]


def saved(client: Client, query: str = "") -> list[dict[str, str]]:
    answer: Any = client.get(CSV + query)
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode(), newline="")))


@committed
def test_numbers_of_a_day_that_went_are_on_the_page_and_in_the_file() -> None:
    rule = rule_of()
    with far_days(DAY):
        make_calls(DAY, some_accounts(12), each=10, region="eu", cost_usd=2)
        apply(rule, after(DAY, rule))
    client = signed_in()
    (row,) = rows_of(client.get(PAGE).text)
    assert row[:4] == ["3 March 2021", "openai, m-1, status 2xx, region eu", "10", "120"]
    assert row[4:] == ["12,000", "6,000", "240", "–", "–"]
    (line,) = saved(client, "?month=2021-03")
    assert (line["first_day"], line["last_day"], line["region"]) == (
        "2021-03-03",
        "2021-03-03",
        "eu",
    )
    assert (line["accounts"], line["requests"], line["cost_usd"]) == ("10", "120", "240")
    assert line["latency_ms_p50"] == ""


@rolled_back
def test_a_month_is_shown_at_a_time_the_latest_first() -> None:
    cell(key=FINEST)
    cell(DAY + timedelta(days=31), WEEK)
    client = signed_in()
    (latest,) = rows_of(client.get(PAGE).text)
    assert latest[:2] == ["3 April 2021 to 9 April 2021", "Everything together"]
    (march,) = rows_of(client.get(f"{PAGE}?month=2021-03").text)
    assert march[0] == "3 March 2021"
    assert len(saved(client)) == 2
    assert len(saved(client, "?month=2021-03")) == 1


@rolled_back
def test_what_no_number_names_is_called_the_rest_only_where_others_are_named() -> None:
    cell(key={"provider": "openai", "status": 2})
    cell()
    whats = {row[1] for row in rows_of(signed_in().get(PAGE).text)}
    assert whats == {"openai, status 2xx", "Everything else together"}


@rolled_back
def test_an_empty_region_reads_as_unknown() -> None:
    cell(key={**FINEST, "region": ""})
    assert "region unknown" in signed_in().get(PAGE).text


@rolled_back
def test_without_any_the_page_says_when_there_will_be() -> None:
    client = signed_in()
    page = client.get(PAGE).text
    assert "No numbers yet" in page
    assert "<table" not in page
    cell()
    assert "No numbers of May 2021." in client.get(f"{PAGE}?month=2021-05").text


@rolled_back
@pytest.mark.parametrize("month", ["2021-13", "March", "2021-03-04", "' OR 1=1"])
def test_a_month_that_is_none_is_not_found(month: str) -> None:
    client = signed_in()
    assert client.get(PAGE, {"month": month}).status_code == 404
    assert client.get(CSV, {"month": month}).status_code == 404


@rolled_back
def test_many_numbers_go_over_pages_and_all_are_in_the_file() -> None:
    for place in range(PER_PAGE + 1):
        cell(key={"provider": f"p-{place:03}"})
    client = signed_in()
    assert len(rows_of(client.get(PAGE).text)) == PER_PAGE
    assert len(rows_of(client.get(f"{PAGE}?month=2021-03&page=2").text)) == 1
    assert len(saved(client)) == PER_PAGE + 1


@rolled_back
def test_a_model_whose_name_looks_like_a_formula_is_text_in_the_file() -> None:
    cell(key={**FINEST, "model": "=1+1"})
    (line,) = saved(signed_in())
    assert line["model"] == "'=1+1"


@rolled_back
@pytest.mark.parametrize("path", [PAGE, CSV])
def test_who_has_no_permission_sees_no_number(path: str) -> None:
    cell()
    nobody = User.objects.create_user("nobody", password="x", is_staff=True)
    permission = Permission.objects.get(codename="view_disposition")
    nobody.user_permissions.add(permission)
    assert staff.signed_in(nobody).get(path).status_code == 403
    assert Client().get(path).status_code == 302


@rolled_back
def test_every_role_may_see_them_and_none_may_change_them() -> None:
    row = cell()
    for role in ("Approver", "Auditor", "Handler", "Viewer"):
        client = signed_in(role)
        assert client.get(PAGE).status_code == 200
        for path in (f"{PAGE}add/", f"{PAGE}{row.pk}/delete/"):
            assert client.post(path, {"post": "yes"}).status_code == 403
    assert RollupCell.objects.filter(pk=row.pk, numbers=row.numbers).exists()


def test_the_page_has_a_column_for_all_that_is_published() -> None:
    for spec in ROLL_UPS.values():
        assert {*spec.measures, *(f"{spec.spread}_{name}" for name in SHARES)} == set(NUMBERS)
        assert set(spec.dimensions) == set(KEYS)
    assert len(set(COLUMNS)) == len(COLUMNS)
