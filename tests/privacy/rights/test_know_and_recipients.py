"""To be told what is held, why, from where, for how long and who gets it."""

import json
from typing import Any

import pytest

from accounts.models import GatewayRequest
from privacy.models import PrivacyRequest
from privacy.processors import PROCESSORS
from privacy.regimes.values import Naming
from privacy.selectors import holdings, recipients
from tests.support.laws import measured_by
from tests.support.lives import Life, pump_once
from tests.support.packages import archive_of, package_text
from tests.support.steps import ANN, approved, reviewed
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
STRANGER = "nobody.here@example.org"


def page(request: PrivacyRequest) -> str:
    return archive_of(request).read("index.html").decode()


def about(request: PrivacyRequest) -> dict[str, Any]:
    return dict(json.loads(archive_of(request).read("about.json")))


def told(world: World, *rights: str) -> PrivacyRequest:
    """A request to be told something; the table of what needs no person approves it."""
    world.add_person(ANN)
    life = reviewed(world, *rights)
    assert life.request.status == "completed", life.problems
    return life.request


@pytest.mark.acceptance("RIGHT-X01")
def test_knowing_tells_for_each_kind_why_from_where_to_whom_and_how_long(world: World) -> None:
    request = told(world, "know")
    held = about(request)["held"]
    assert held
    for each in held:
        for what in ("data", "purpose", "basis", "source", "kept", "records"):
            assert each[what], (each["title"], what)
    titles = {each["title"] for each in held}
    assert {"Your account", "API keys", "Request metadata"} <= titles
    assert any("Stripe" in title for title in titles)
    assert "Your privacy requests" in titles  # this one


@pytest.mark.acceptance("RIGHT-X01")
def test_knowing_shows_no_record_and_no_value_of_one(world: World) -> None:
    request = told(world, "know")
    names = set(archive_of(request).namelist())
    assert names == {"about.json", "index.html", "manifest.json"}
    text = package_text(request)
    assert ANN not in text
    assert "Ann Example" not in text
    assert not request.steps.filter(action="export").exists()


@pytest.mark.acceptance("RIGHT-X01")
def test_what_is_told_is_about_this_person_and_no_copy_of_the_policy(world: World) -> None:
    request = told(world, "know")
    found = {kind for part in holdings.found(request).values() for kind in part}
    assert "billingrecord" in found
    life = Life.begin(world, STRANGER, "know")
    pump_once()
    life.confirm()
    pump_once()
    life.refresh()
    assert life.request.status == "completed", life.problems
    titles = {each["title"] for each in about(life.request)["held"]}
    # What we hold of a stranger is what they just gave us.
    assert titles == {"Your privacy requests", "Resend (mail)"}


@pytest.mark.acceptance("RIGHT-X02")
@pytest.mark.parametrize("right", ["access", "know"])
def test_a_copy_carries_everything_that_the_law_wants_beside_the_data(
    world: World, right: str
) -> None:
    """GDPR Art. 15(1)(a) to (h) and (2)."""
    world.add_person(ANN)
    life = approved(world, right) if right == "access" else reviewed(world, right)
    text = page(life.request)
    for words in (
        "What for",
        "Which data",
        "Who gets it",
        "How long we keep it",
        "corrected or erased, have its use limited, object",
        "complain to the data-protection authority",
        "Where it comes from",
        "What machines decide",
        "Safeguard for the transfer",
        "On which legal basis",
    ):
        assert words in text, words
    assert "7 years after the invoice" in text
    assert "30 days after closing" in text, "a time without its beginning says nothing"
    assert about(life.request)["complaints"]


@pytest.mark.acceptance("RIGHT-X03")
def test_recipients_are_those_that_hold_something_got_calls_or_always_get_something(
    world: World,
) -> None:
    request = told(world, "recipients")
    names = {each["name"] for each in about(request)["recipients"]}
    assert {"Stripe", "Supabase", "Resend", "Chatbase", "Anthropic", "Cloudflare"} <= names
    [anthropic] = [each for each in about(request)["recipients"] if each["name"] == "Anthropic"]
    assert anthropic["why"] == "It answered your requests."
    assert "held" not in about(request)
    life = Life.begin(world, STRANGER, "recipients")
    pump_once()
    life.confirm()
    pump_once()
    life.refresh()
    assert {each["name"] for each in about(life.request)["recipients"]} == {
        row.title for row in PROCESSORS if row.always
    }


@pytest.mark.acceptance("RIGHT-X03")
def test_a_model_provider_that_no_table_names_is_told_too(world: World) -> None:
    planted = world.add_person(ANN)
    GatewayRequest.objects.create(account_id=planted.account.pk, model="m", provider="Newcomer")
    life = reviewed(world, "recipients")
    assert "Newcomer" in {each["name"] for each in about(life.request)["recipients"]}


@pytest.mark.acceptance("RIGHT-X04")
def test_without_counsels_signature_recipients_are_named_under_every_law(world: World) -> None:
    """A rule that nobody cleared may only make us wider; ours is to name them."""
    request = told(world, "recipients")
    assert recipients.naming(request) is Naming.NAMED


@pytest.mark.acceptance("RIGHT-X04")
@pytest.mark.parametrize(
    ("namings", "expected"),
    [
        ([Naming.CATEGORIES], Naming.CATEGORIES),
        ([Naming.NONE], Naming.CATEGORIES),
        ([Naming.CATEGORIES, Naming.NAMED], Naming.NAMED),
        ([], Naming.CATEGORIES),
    ],
)
def test_of_several_laws_the_most_exact_one_counts(
    namings: list[Naming], expected: Naming
) -> None:
    assert recipients.most_exact(namings) is expected


@pytest.mark.acceptance("RIGHT-X04")
def test_by_category_no_company_is_named(world: World) -> None:
    request = told(world, "recipients")
    named = recipients.named(request)
    kinds = recipients.by_category(named)
    assert {each.name for each in kinds} <= {row.kind for row in PROCESSORS}
    assert not {each.name for each in kinds} & {"Stripe", "Anthropic", "Supabase"}
    since = {each.name: each.since for each in kinds}
    assert since["AI model providers"] == min(
        each.since for each in named if each.name in ("Anthropic", "OpenAI", "Google Gemini")
    )


@pytest.mark.acceptance("RIGHT-X04")
@pytest.mark.parametrize("regime", ["ch_fadp", "us_ca_ccpa", "us_tx"])
def test_where_counsel_cleared_a_law_that_wants_categories_the_package_has_them(
    world: World, regime: str
) -> None:
    """Texas wants none, and gets what we tell everybody."""
    request = told_under(world, regime)
    listed = about(request)["recipients"]
    assert about(request)["recipients_are"] == "categories"
    assert {each["name"] for each in listed} <= {row.kind for row in PROCESSORS}
    assert len(listed) == len({each["name"] for each in listed}) > 3
    text = page(request)
    for row in PROCESSORS:
        assert row.title not in {each["name"] for each in listed}
        assert f">{row.title}<" not in text
    assert "AI model providers" in text


@pytest.mark.acceptance("RIGHT-X04")
@pytest.mark.parametrize(
    "regimes", [("eu_gdpr",), ("ch_fadp", "us_or"), ("us_mn", "us_ca_ccpa")], ids="+".join
)
def test_where_any_cleared_law_wants_names_the_package_names_them(
    world: World, regimes: tuple[str, ...]
) -> None:
    request = told_under(world, *regimes)
    assert about(request)["recipients_are"] == "named"
    assert {"Anthropic", "Stripe"} <= {each["name"] for each in about(request)["recipients"]}
    assert ">Stripe<" in page(request)


def told_under(world: World, *regimes: str) -> PrivacyRequest:
    """The answer to who got the data, under laws as counsel has signed them."""
    world.add_person(ANN)
    life = Life.begin(world, ANN, "recipients")
    measured_by(life.request, *regimes)
    pump_once()
    life.confirm()
    pump_once()
    life.refresh()
    assert life.request.status == "completed", life.problems
    return life.request


@pytest.mark.acceptance("RIGHT-X05")
def test_secrets_are_named_exactly_and_shown_nowhere(world: World) -> None:
    request = told(world, "know")
    words = about(request)["withheld"]
    assert any("API keys" in each for each in words)
    assert any("password" in each for each in words)
    assert any("tax number" in each for each in words)
    assert any("last four digits" in each for each in words)


def test_every_processor_says_what_it_is_called_why_from_where_and_how_long() -> None:
    for row in PROCESSORS:
        assert row.kind, row.key
        assert row.basis, row.key
        assert row.source, row.key
        assert row.kept, row.key
