"""What a person wrote comes back as they wrote it, and is data wherever it is opened."""

import csv
import io
import json
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Account, SupportMessage
from privacy.connectors.base import Record, Subject
from privacy.connectors.database import DatabaseConnector
from privacy.models import Package
from privacy.services.package import page, parts
from privacy.services.package.collection import Collection, as_bytes
from tests.support.staff import made

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
WRITTEN = (
    "</script><script>alert(1)</script>{{ settings.SECRET_KEY }}{% debug %}",
    '=HYPERLINK("http://x","y")',
    "\n=1+1",
    "\uff1d1+1",
    "\\n \\\\ \\. \t\v\b\f\r\n \u2028\u2029 \x7f \x1b[31m %s %(a)s",
    "\U0001f9d1\u200d\U0001f4bb" + "e" + "\u0301" * 300,
)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@pytest.mark.parametrize("body", WRITTEN)
def test_text_survives_the_way_from_the_table_to_the_record(body: str) -> None:
    account = Account.objects.create(email="a@example.org", created_at=timezone.now())
    SupportMessage.objects.create(
        account=account,
        email=account.email,
        subject="x",
        body=body,
        received_at=timezone.now(),
    )
    asker = Subject(uuid4(), account.email, {"accounts": [str(account.pk)]})
    records = list(DatabaseConnector().export(asker, {}))
    [found] = [json.loads(each.json) for each in records if each.collection == "supportmessage"]
    assert found["body"] == body
    assert all("\n" not in each.json for each in records)


def collection(*texts: Any) -> Collection:
    package = Package.objects.create(request=made(), created_at=timezone.now())
    key = bytes(32)
    records = [Record("message", json.dumps({"text": text})) for text in texts]
    receipt = parts.write_part(
        package.pk, "database", key, records, attempt=1, heartbeat=lambda: None
    )
    return Collection(package, "database", key, receipt, "message")


def page_of(made_of: Collection) -> str:
    system = {"title": "Database", "collections": [made_of]}
    return page.index(page.Told(Package.objects.get().request, systems=[system]))


def test_no_cell_is_a_formula() -> None:
    made_of = collection(*[f"{sign}1+1" for sign in FORMULA])
    list(made_of.as_json(lambda: None))
    text = b"".join(made_of.as_csv()).decode()
    cells = [row["text"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert cells == [f"'{sign}1+1" for sign in FORMULA]


def test_half_a_character_of_a_processor_stops_no_package() -> None:
    made_of = collection("half \ud83d of it")
    list(made_of.as_json(lambda: None))
    assert b"half ? of it" in b"".join(made_of.as_csv())
    assert b"half ? of it" in as_bytes(page_of(made_of))


def test_markup_is_text_on_the_packages_page() -> None:
    made_of = collection(WRITTEN[0])
    list(made_of.as_json(lambda: None))
    text = page_of(made_of)
    assert "<script" not in text
    assert "{{ settings.SECRET_KEY }}" in text
