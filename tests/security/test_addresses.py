"""Whoever proves one address gets nothing of another one, however alike the two look."""

import pytest
from django.utils import timezone

from accounts.identity import accounts_of
from accounts.models import Account, SupportMessage
from fluxrouter.foundation.sealed import email_index
from privacy.connectors.base import Subject
from privacy.connectors.database import DatabaseConnector
from privacy.connectors.supabase_auth import tables
from tests.support.staff import made
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
KELVIN = "\u212aevin@example.org"  # its first letter is the sign of the unit; `lower()` makes it k
PAIRS = (
    (KELVIN, "kevin@example.org"),
    ("\u017fam@example.org", "sam@example.org"),  # a long s
    ("ann@stra\u00dfe.example", "ann@strasse.example"),  # two domains since IDNA 2008
    ("ann.lee@example.org", "annlee@example.org"),
    ("ann_lee@example.org", "annxlee@example.org"),
    ("ann%@example.org", "anna@example.org"),
    ("ann+x@example.org", "ann@example.org"),
)


def subject(email: str) -> Subject:
    return Subject(made(email=email).pk, email, {})


@pytest.mark.parametrize(("proved", "victim"), PAIRS)
@pytest.mark.parametrize("turned", [False, True])
def test_another_address_finds_no_account_message_or_request(
    proved: str, victim: str, turned: bool
) -> None:
    if turned:
        proved, victim = victim, proved
    Account.objects.create(email=victim, created_at=timezone.now())
    SupportMessage.objects.create(
        email=victim, subject="Hello", body="Secret", received_at=timezone.now()
    )
    made(email=victim)
    assert accounts_of(proved) == []
    asker = subject(proved)
    found = DatabaseConnector().discover(asker).found
    assert found == {"privacyrequest": 1}, "only the request that they made themselves"
    exported = [each.json for each in DatabaseConnector().export(asker, {})]
    assert not any(victim in text for text in exported if victim not in proved)


@pytest.mark.parametrize(("proved", "victim"), PAIRS)
def test_another_address_finds_no_sign_in(world: World, proved: str, victim: str) -> None:
    world.add_person(victim)
    assert tables.users_of(subject(proved)) == []


@pytest.mark.parametrize("typed", ["Kevin@Example.org", " KEVIN@EXAMPLE.ORG "])
def test_the_same_address_in_another_case_is_found(typed: str) -> None:
    Account.objects.create(email="kEvin@example.org", created_at=timezone.now())
    assert len(accounts_of(typed)) == 1
    assert email_index(typed) == email_index("kevin@example.org")


@pytest.mark.parametrize(
    "email",
    [
        '"a\\\'b%s;--\\\\"@example.org',
        "o'brien@example.org",
        "100%s@example.org",
        "a`b{c}|d~$1@example.org",
    ],
)
def test_an_address_with_signs_of_sql_finds_its_own_rows_and_no_more(
    world: World, email: str
) -> None:
    person, other = world.add_person(email), world.add_person("bob@example.org")
    asker = subject(email)._replace(refs={"accounts": [str(person.account.pk)]})
    text = "".join(each.json for each in DatabaseConnector().export(asker, {}))
    assert str(person.account.pk) in text
    assert str(other.account.pk) not in text
    assert tables.users_of(asker) == [str(person.user.id)]
    assert tables.traces(asker, [str(person.user.id)])["users"] == 1
