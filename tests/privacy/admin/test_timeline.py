"""The timeline: complete, in words, and not to be changed."""

import re
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from fluxrouter.foundation.models import TrailEvent
from privacy.admin import trail_words
from privacy.services import review
from tests.support import staff

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.mark.acceptance("UX-S20", "MAIN-19")
def test_the_timeline_is_complete_and_in_words() -> None:
    handler = staff.member("Handler")
    client = staff.signed_in(handler)
    request = staff.looked_up("erasure")
    review.propose(request, actor=handler, typed=request.reference, reason="It is all there.")
    page = client.get(staff.page_url(request)).text
    timeline = page[page.index("<h2>Timeline</h2>") :]
    events = TrailEvent.objects.filter(chain_id=request.pk)
    assert timeline.count('<td class="when">') == events.count()
    for event in events:
        assert trail_words.EVENTS[event.code] in timeline
    assert handler.get_username() in timeline
    assert "It is all there." in page
    assert "<form" not in timeline


@pytest.mark.acceptance("UX-S20")
@pytest.mark.parametrize(
    "statement",
    ["UPDATE foundation_trailevent SET code = 'x'", "DELETE FROM foundation_trailevent"],
)
def test_not_even_sql_changes_the_timeline(statement: str) -> None:
    staff.made("access")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_every_event_that_our_code_writes_has_words() -> None:
    root = Path(trail_words.__file__).parents[1]
    written = re.compile(r'(?:record|append_event)\(\s*(?:[\w.]+,\s*)?"(\w+\.\w+)"')
    codes = {code for file in root.rglob("*.py") for code in written.findall(file.read_text())}
    assert len(codes) > 8
    assert codes <= trail_words.EVENTS.keys()
