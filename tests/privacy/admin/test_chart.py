"""The dashboard's chart: a drawing, and the same numbers as a table."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from privacy.admin.chart import HEIGHT, due_chart
from tests.support import staff
from tests.support.rows import make_request

pytestmark = pytest.mark.django_db


def due_in(days: int) -> None:
    make_request(due_on=timezone.now().date() + timedelta(days=days))


def test_requests_are_counted_by_the_week_they_are_due_in() -> None:
    for days in (-3, 0, 6, 7, 30, 90):
        due_in(days)
    assert [bar.number for bar in due_chart().bars] == [1, 2, 1, 0, 0, 2]


def test_the_highest_bar_leaves_room_for_its_number_and_an_empty_one_has_no_height() -> None:
    due_in(0)
    bars = due_chart().bars
    assert [bar.height for bar in bars] == [0, HEIGHT - 20, 0, 0, 0, 0]
    assert all(bar.y + bar.height == HEIGHT for bar in bars)


def test_without_requests_the_chart_is_empty_and_not_broken() -> None:
    assert {bar.height for bar in due_chart().bars} == {0}


@pytest.mark.acceptance("UX-S04")
def test_the_drawing_has_a_title_a_description_and_a_table_with_its_numbers() -> None:
    due_in(2)
    page = staff.signed_in(staff.member("Viewer")).get("/admin/").text
    drawing = page[page.index("<svg role") : page.index("</svg>", page.index("<svg role"))]
    assert "<title" in drawing
    assert "<desc" in drawing
    assert "style=" not in drawing
    table = page[page.index("</svg>", page.index("<svg role")) :]
    cells = re.findall(r'<th scope="row">([^<]+)</th><td class="num">(\d+)</td>', table)
    assert cells == [(bar.name, str(bar.number)) for bar in due_chart().bars]
