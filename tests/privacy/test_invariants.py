"""What must hold for every person: the package is whole, and an erasure leaves no trace."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Account
from fluxrouter.foundation.crypto import read_range
from fluxrouter.foundation.keystore import KeyGoneError, keystore
from fluxrouter.sandbox.stripe import PERSONAL_FIELDS
from privacy.models import Package, PrivacyRequest
from privacy.services.fulfilment.plan import blockers, current_plan
from privacy.services.package import build, parts
from privacy.services.review import ReviewError
from privacy.words import kind_name
from tests.support import traces
from tests.support.dashboards import close_tasks, delete_by_hand
from tests.support.lives import Life, pump_once, staff
from tests.support.markers import Marked, mark
from tests.support.snapshots import everything, everywhere
from tests.support.visitor import Visitor, link
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
ANN = "zq.quitte@example.org"
BOB = "ZQ_Quitte@example.org"
# A person is told that we hold these, not what they say: secrets, hashes, links that open without
# a sign-in, government numbers. Of mails they have the text, and it may hold such links. What
# somebody wrote at the assistant without signing in may be another's, but for the messages that
# hold the address.
WITHHELD = {
    *(f"resend.sent_mail.{name}" for name in ("html", "text", "attachments")),
    "chatbase.mention.title",
    "accounts.ApiKey.digest",
    *(f"auth.flow_state.{name}" for name in ("auth_code", "code_challenge", "invite_token")),
    *(f"auth.flow_state.provider_{name}_token" for name in ("access", "refresh")),
    *(f"auth.mfa_challenges.{name}" for name in ("otp_code", "web_authn_session_data")),
    *(f"auth.mfa_factors.{name}" for name in ("secret", "web_authn_credential")),
    "auth.mfa_factors.last_webauthn_challenge_data",
    "auth.one_time_tokens.token_hash",
    *(f"auth.refresh_tokens.{name}" for name in ("parent", "token")),
    "auth.users.encrypted_password",
    *(f"auth.users.{name}_token" for name in ("confirmation", "recovery", "phone_change")),
    *(f"auth.users.email_change_token_{name}" for name in ("current", "new")),
    "auth.users.reauthentication_token",
    *(f"auth.webauthn_credentials.{name}" for name in ("credential_id", "public_key")),
    *(f"stripe.{kind}.fingerprint" for kind in ("bank_account", "card")),
    *(f"stripe.{kind}.billing_details.tax_id" for kind in ("charge", "payment_method")),
    "stripe.charge.receipt_url",
    "stripe.checkout.session.customer_details.tax_ids[].value",
    "stripe.checkout.session.url",
    "stripe.credit_note.pdf",
    "stripe.invoice.customer_tax_ids[].value",
    *(f"stripe.invoice.{name}" for name in ("hosted_invoice_url", "invoice_pdf")),
    "stripe.payment_method.card.fingerprint",
    "stripe.tax_id.value",
}
# What tax law and the list of stopped accounts keep here.
KEPT_HERE = {
    *(f"accounts.BillingRecord.{name}" for name in ("amount_cents", "bill_to", "invoice_number")),
    "accounts.BillingRecord.stripe_invoice_id",
    *(f"accounts.Restriction.{name}" for name in ("since", "lifted_at")),
}
# At Stripe past payments, what bills say, and the card's last digits; but for what we empty.
KEPT_AT_STRIPE = (
    *("charge", "refund", "dispute", "file", "invoice", "credit_note", "mandate"),
    *("checkout.session", "subscription_schedule", "customer_balance_transaction"),
    "payment_method.card",
)
EMPTIED_AT_STRIPE = (
    *(f"charge.{name}" for name in ("description", "metadata", "receipt_email", "shipping")),
    *("checkout.session.metadata", "checkout.session.url", "subscription_schedule.metadata"),
)


# By kind its ground, but for what Stripe's ledger keeps.
KEPT_ELSEWHERE = {
    "billingrecord": "tax",
    "restriction": "suppression",
    "privacyrequest": "proof",
    "sent_mail": "mail_log",
    "suppression": "no_mail",
    "event": "event_log",
}


def is_kept_at_stripe(place: str) -> bool:
    place = place.removeprefix("stripe.")
    kept = place.startswith(tuple(f"{kind}." for kind in KEPT_AT_STRIPE))
    return kept and not place.startswith(EMPTIED_AT_STRIPE)


def kind_at_stripe(place: str) -> str:
    """How the certificate calls the object that holds it."""
    kind = next(kind for kind in PERSONAL_FIELDS if place.startswith(f"stripe.{kind}."))
    return kind.replace(".", "_")


def grounds(request: PrivacyRequest) -> dict[str, str]:
    """What the certificate lists as kept, with its ground."""
    kept = [item for part in request.plan.values() for item in part["keep"]]
    return {item["what"]: item["ground"] for item in kept}


def run(life: Life) -> PrivacyRequest:
    pump_once()
    life.confirm()
    pump_once()
    life.approve()
    pump_once()
    delete_by_hand(life.world, life.world.people[life.email])
    words = " ".join(life.world.people[life.email].account.full_name)
    close_tasks(life.request, actor=staff("second"), shown=words)
    pump_once()
    life.refresh()
    assert life.request.status == "completed", life.problems
    return life.request


def package_text(request: PrivacyRequest) -> str:
    package = Package.objects.get(request=request)
    with (parts.folder(package.pk) / build.ARCHIVE).open("rb") as file:
        key = keystore().get(package.pk)
        content = b"".join(read_range(file, key, package.size, 0, package.size))
    archive = zipfile.ZipFile(io.BytesIO(content))
    found = {name: archive.read(name).decode() for name in archive.namelist()}
    return json.dumps(found, ensure_ascii=False)


@pytest.fixture
def people(world: World) -> tuple[Marked, Marked]:
    return mark(world, ANN, "Ann"), mark(world, BOB, "Bob")


@pytest.mark.acceptance("SEC-03", "SEC-04", "MAIN-35")
def test_a_package_holds_every_marker_but_secrets_and_nobody_elses(
    world: World, people: tuple[Marked, Marked]
) -> None:
    ann, bob = people
    before = everywhere(world, bob.person)
    text = package_text(run(Life.begin(world, ANN, "access")))
    assert set(ann.texts) - ann.found_in(text) == WITHHELD
    assert bob.found_in(text) == set()
    assert everywhere(world, bob.person) == before


@pytest.mark.acceptance("SEC-02", "SEC-04", "MAIN-38")
def test_after_an_erasure_markers_are_only_where_a_ground_keeps_them(
    world: World,
    people: tuple[Marked, Marked],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level("DEBUG")
    ann, bob = people
    before = everywhere(world, bob.person)
    request = run(Life.begin(world, ANN, "access", "erasure"))
    output = "".join(capfd.readouterr())
    left = {
        "database": ann.found_in(traces.database_dump()),
        "broker": ann.found_in(traces.broker_content()),
        "files": ann.found_in(traces.files(tmp_path)),
        "log": ann.found_in(caplog.text + output),
        **{name: ann.found_in(text) for name, text in traces.sandboxes(world).items()},
    }
    kept = {
        "stripe": {place for place in ann.texts if is_kept_at_stripe(place)},
        "mailbox": {place for place in ann.texts if place.startswith("resend.sent_mail.")},
        "database": KEPT_HERE,
    }
    kept["mailbox"] |= {"address"}
    assert left == dict.fromkeys(left, set()) | kept
    listed = grounds(request)
    ledger = {kind for kind, ground in listed.items() if ground == "processor_ledger"}
    assert {kind_at_stripe(place) for place in left["stripe"]} <= ledger
    assert {
        kind: ground for kind, ground in listed.items() if kind not in ledger
    } == KEPT_ELSEWHERE
    page = Visitor().get(link(request, "status") + "certificate/").text
    assert [kind for kind in listed if kind_name(kind) not in page] == []
    assert everywhere(world, bob.person) == before


@pytest.mark.acceptance("SEC-02")
def test_stripes_notices_of_changes_hold_markers_for_thirty_days_and_the_certificate_says_so(
    world: World, people: tuple[Marked, Marked]
) -> None:
    """They are no part of its dump; nobody can list a person's or delete one."""
    ann, bob = people
    request = run(Life.begin(world, ANN, "erasure"))
    assert "stripe.customer.name" in ann.found_in(traces.stripe_events(world))
    assert bob.found_in(traces.stripe_events(world)) == set()
    page = Visitor().get(link(request, "status") + "certificate/").text
    assert "Notices of changes (events) : 30 days after the last change." in page
    assert "30 days after the last change" in world.letters(ANN)[0].body
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        world.stripe.step_redactions()  # it drops what is too old whenever something happens
        assert ann.found_in(traces.stripe_events(world)) == set()


@pytest.mark.acceptance("SEC-02", "MAIN-42")
def test_the_address_on_a_request_is_unreadable_without_its_key(
    world: World, people: tuple[Marked, Marked]
) -> None:
    request = run(Life.begin(world, ANN, "erasure"))
    assert request.read("email") == ANN
    keystore().destroy(request.pk)
    with pytest.raises(KeyGoneError):
        request.read("email")
    assert ANN not in traces.database_dump()


@pytest.mark.acceptance("SEC-02")
def test_the_walk_sees_what_an_erasure_leaves(world: World, people: tuple[Marked, Marked]) -> None:
    """The scan itself: before an erasure every marker is somewhere."""
    ann, _ = people
    held = [traces.database_dump(), *traces.sandboxes(world).values()]
    found = ann.found_in(" ".join(held))
    assert found == set(ann.texts)


@pytest.mark.acceptance("SEC-04", "MAIN-33")
def test_a_customer_that_two_people_share_stops_the_erasure(
    world: World, people: tuple[Marked, Marked]
) -> None:
    ann, bob = people
    Account.objects.filter(pk=bob.person.account.pk).update(stripe_customer_id=ann.person.customer)
    before = [everything(world.stripe, one.person) for one in people]
    life = Life.begin(world, ANN, "erasure")
    pump_once()
    life.confirm()
    pump_once()
    life.refresh()
    assert blockers(current_plan(life.request)) == ["shared_customer"]
    with pytest.raises(ReviewError):
        life.approve()
    pump_once()
    assert [everything(world.stripe, one.person) for one in people] == before
