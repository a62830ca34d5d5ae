"""The public answer for whom we can't make sure of."""

import pytest
from django.test import Client
from django.urls import reverse

from privacy.connectors.registry import connectors
from privacy.datamap import SUBJECT_ROWS
from privacy.processors import PROCESSORS
from tests.support.world import World


@pytest.mark.django_db(databases=["default", "owner", "supabase"])
@pytest.mark.acceptance("RIGHT-X21")
def test_every_category_stands_on_a_public_page(world: World, client: Client) -> None:
    page = client.get(reverse("privacy:categories")).content.decode()
    for title in (*(row.title for row in SUBJECT_ROWS), *(row.title for row in PROCESSORS)):
        assert f"<h2>{title}</h2>" in page, title
    for row in SUBJECT_ROWS:
        assert row.purpose in page
        assert row.basis in page
    assert connectors()["database"].describe().keys() == {row.collection for row in SUBJECT_ROWS}


@pytest.mark.django_db
@pytest.mark.acceptance("RIGHT-X21")
def test_the_page_is_the_same_for_everybody(client: Client) -> None:
    url = reverse("privacy:categories")
    first, second = client.get(url), Client().get(url)
    assert first.content == second.content
    assert not first.cookies
