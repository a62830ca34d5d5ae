"""Mail to the privacy address: signed, sealed, told once, and never a request by itself."""

import email
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from fluxrouter.foundation.alarms import open_alarms
from fluxrouter.foundation.keystore import KeyGoneError, keystore
from fluxrouter.foundation.models import TrailEvent
from fluxrouter.sandbox.mailbox import Mailbox, webhooks
from privacy.connectors.resend import receiving
from privacy.models import InboundFile, InboundMail, PrivacyRequest
from privacy.services.inbound import fetching, settling
from privacy.services.inbound.watch import watch_mail
from retention.services.dispose import dispose_due
from tests.support import mails, post, staff
from tests.support.steps import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.acceptance("RIGHT-P12")]


@pytest.fixture(autouse=True)
def receiving_on(settings: Any, monkeypatch: pytest.MonkeyPatch, mailbox: Mailbox) -> None:
    post.turn_on(settings)
    mails.use(monkeypatch, mailbox)


def test_a_mail_is_kept_sealed_and_makes_no_request(mailbox: Mailbox) -> None:
    mail = mails.arrived(mailbox, mails.raw())
    assert mail.read("sender") == f"Ann Lee <{staff.ANN}>"
    assert (mail.read("subject"), mail.read("text")) == ("My data", "Please delete my data.")
    assert (mail.state, mail.marks) == ("waiting", [])
    assert not PrivacyRequest.objects.exists()
    row = str(InboundMail.objects.values().get()) + str(list(TrailEvent.objects.values()))
    assert "ann.lee" not in row
    assert mailbox.messages == {}


@pytest.mark.acceptance("RIGHT-P13")
def test_a_mail_that_is_announced_twice_is_one(mailbox: Mailbox) -> None:
    mail = mails.arrived(mailbox, mails.raw())
    assert mails.announce(mailbox, mail.provider_id) == 200
    assert mails.announce(mailbox, mail.provider_id, event_id="msg_same") == 200
    assert mails.announce(mailbox, mail.provider_id, event_id="msg_same") == 200
    assert fetching.fetch_mail() == {"fetched": 0}
    assert InboundMail.objects.count() == 1
    assert TrailEvent.objects.filter(code="mail.received").count() == 1


@pytest.mark.acceptance("RIGHT-P13")
@pytest.mark.parametrize(
    "headers",
    [
        {"svix-signature": "v1,Zm9yZ2Vk"},
        {"svix-signature": "nonsense"},
        {"svix-id": ""},
        {"svix-timestamp": "1"},
    ],
)
def test_a_forged_announcement_is_refused(mailbox: Mailbox, headers: dict[str, str]) -> None:
    event = webhooks.about_mail(mailbox, mailbox.take_mail(bytes(mails.raw())))
    body, good = webhooks.signed(event, webhooks.MAIL_SECRET)
    assert post.deliver(post.MAIL, (body, {**good, **headers})) == 400
    assert post.deliver(post.MAIL, webhooks.signed(event, webhooks.LETTERS_SECRET)) == 400
    assert not InboundMail.objects.exists()


@pytest.mark.acceptance("RIGHT-P13")
def test_an_old_announcement_is_refused(mailbox: Mailbox) -> None:
    mail_id = mailbox.take_mail(bytes(mails.raw()))
    late = datetime.now(UTC) - timedelta(minutes=6)
    assert mails.announce(mailbox, mail_id, at=late) == 400


@pytest.mark.parametrize(
    "event",
    [
        {"type": "email.delivered", "data": {}},
        {"type": "email.received"},
        {"type": "email.received", "data": None},
        {"type": "email.received", "data": {"email_id": "a/../b"}},
        [],
    ],
)
def test_a_signed_announcement_of_no_mail_makes_none(event: Any) -> None:
    answer = post.deliver(post.MAIL, webhooks.signed(event, webhooks.MAIL_SECRET))
    assert answer in (200, 400)
    assert not InboundMail.objects.exists()


def test_without_its_secret_there_is_no_such_page(settings: Any) -> None:
    settings.ANYMAIL = {**settings.ANYMAIL, "RESEND_INBOUND_SECRET": ""}
    assert post.deliver(post.MAIL, (b"{}", {})) == 404


@pytest.mark.parametrize(
    "kind", ["server_error", "rate_limited", "unavailable", "reply_lost", "truncated_page"]
)
def test_what_cannot_be_fetched_is_tried_again(mailbox: Mailbox, kind: str) -> None:
    mail_id = mailbox.take_mail(bytes(mails.raw()))
    mails.announce(mailbox, mail_id)
    mailbox.faults.add(kind, path_prefix="/emails/receiving/")
    assert fetching.fetch_mail() == {"fetched": 0}
    assert InboundMail.objects.get().fetched_at is None
    assert fetching.fetch_mail() == {"fetched": 1}
    assert InboundMail.objects.get().read("text") == "Please delete my data."


def test_two_that_fetch_a_mail_at_once_keep_it_once(mailbox: Mailbox) -> None:
    message = mails.raw()
    message.add_attachment(b"%PDF-1.7 one", "application", "pdf", filename="a.pdf")
    mails.announce(mailbox, mailbox.take_mail(bytes(message)))
    mail = InboundMail.objects.get()

    def fetch() -> None:
        fetching.fetch(mail)

    assert at_once(fetch, fetch) == []
    assert mail.files.count() == 1


def test_a_mail_that_is_gone_before_we_fetch_it_is_shown_as_that(mailbox: Mailbox) -> None:
    mail_id = mailbox.take_mail(bytes(mails.raw()))
    mails.announce(mailbox, mail_id)
    mailbox.received.clear()
    fetching.fetch_mail()
    assert InboundMail.objects.get().marks == ["gone"]


def test_the_key_goes_only_to_the_mail_service(mailbox: Mailbox) -> None:
    mails.arrived(mailbox, mails.raw())
    statuses = {(call.template, call.status) for call in mailbox.calls}
    assert ("/raw/<mail_id>", 200) in statuses  # it refuses whoever sends a key


def test_a_mail_is_not_fetched_from_an_open_address(mailbox: Mailbox) -> None:
    link = {"download_url": "http://169.254.169.254/latest"}
    mail_id = mailbox.take_mail(bytes(mails.raw()), raw=link)
    mails.announce(mailbox, mail_id)
    assert fetching.fetch_mail() == {"fetched": 0}


@pytest.mark.acceptance("RIGHT-P14")
def test_a_huge_mail_leaves_its_head(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "LARGEST", 64 * 1024)
    mail = mails.arrived(mailbox, bytes(mails.raw()) + b"x" * 100_000)
    assert mail.marks == ["too_large"]
    assert mail.read("sender") == f"Ann Lee <{staff.ANN}>"
    assert mail.read("subject") == "My data"


@pytest.mark.acceptance("RIGHT-P14")
def test_of_a_hundred_files_the_first_are_kept(mailbox: Mailbox) -> None:
    message = mails.raw()
    for number in range(100):
        message.add_attachment(b"%PDF-1.7 one", "application", "pdf", filename=f"{number}.pdf")
    mail = mails.arrived(mailbox, message)
    assert InboundFile.objects.count() == 20
    assert mail.marks == ["files_left_out"]
    assert mail.read("text") == "Please delete my data."


@pytest.mark.acceptance("RIGHT-P15")
def test_a_file_is_sealed_and_judged_by_its_bytes(mailbox: Mailbox) -> None:
    message = mails.raw()
    page = b"<html><script>alert(1)</script></html>"
    message.add_attachment(page, "image", "png", filename="../../photo.png")
    message.add_attachment(b"\x89PNG\r\n\x1a\n", "text", "html", filename="page.html")
    mail = mails.arrived(mailbox, message)
    found = {file.media_type: file for file in mail.files.all()}
    assert set(found) == {"application/octet-stream", "image/png"}
    assert found["application/octet-stream"].read("name").endswith(".png")
    assert "/" not in found["application/octet-stream"].read("name")
    assert page not in bytes(found["application/octet-stream"].content or b"")


@pytest.mark.parametrize(
    ("headers", "mark"),
    [
        ({"Auto_Submitted": "auto-replied"}, "automatic"),
        ({"Auto_Submitted": "no"}, None),
        ({"Precedence": "bulk"}, "automatic"),
        ({"List_Id": "<news.example.org>"}, "automatic"),
        ({"Return_Path": "<>"}, "returned"),
    ],
)
@pytest.mark.acceptance("RIGHT-P16")
def test_mail_of_machines_is_marked_and_answered_by_nobody(
    mailbox: Mailbox, headers: dict[str, str], mark: str | None
) -> None:
    mail = mails.arrived(mailbox, mails.raw(**headers))
    assert mail.marks == ([mark] if mark else [])
    assert mail.state == "waiting"
    assert mailbox.messages == {}


@pytest.mark.acceptance("RIGHT-P16")
def test_a_message_about_undelivered_mail_is_marked(mailbox: Mailbox) -> None:
    message = mails.raw(sender="MAILER-DAEMON@mx.example.org")
    assert mails.arrived(mailbox, message).marks == ["returned"]


def test_the_earlier_moment_counts_as_receipt(mailbox: Mailbox) -> None:
    came = timezone.now() - timedelta(days=3)
    mail = mails.arrived(mailbox, mails.raw(), created_at=came.isoformat())
    assert mail.received_at == came


def test_mail_without_a_raw_form_is_read_from_its_fields(mailbox: Mailbox) -> None:
    fields = {"raw": None, "html": "<p>Delete&nbsp;me</p>", "attachments": [{"filename": "a"}]}
    mail = mails.arrived(mailbox, mails.raw(), **fields)
    assert mail.read("text") == "Delete\xa0me"
    assert mail.marks == ["files_left_out"]


@pytest.mark.acceptance("RIGHT-P17")
def test_mail_that_waits_more_than_two_working_days_is_an_alarm(mailbox: Mailbox) -> None:
    thursday = datetime(2027, 3, 11, 15, 0, tzinfo=UTC)
    with time_machine.travel(thursday, tick=False):
        mail = InboundMail.objects.create(
            provider_id="one", received_at=thursday, fetched_at=thursday
        )
    for day, expected in ((15, 0), (16, 1)):
        with time_machine.travel(datetime(2027, 3, day, 23, 0, tzinfo=UTC), tick=False):
            assert watch_mail() == {"mail_waiting": expected}
    hanna = staff.member("Handler")
    settling.discard(mail, settling.Why.SPAM, actor=hanna)
    assert not open_alarms().filter(code="mail_waiting").exists()


@pytest.mark.acceptance("RIGHT-P17")
def test_mail_that_cannot_be_fetched_for_an_hour_is_an_alarm() -> None:
    now = timezone.now()
    mail = InboundMail.objects.create(provider_id="one", received_at=now - timedelta(minutes=61))
    InboundMail.objects.create(provider_id="two", received_at=now - timedelta(minutes=59))
    assert watch_mail() == {"mail_waiting": 1}
    assert open_alarms().get(code="mail_waiting").about == str(mail.pk)


@pytest.mark.acceptance("RIGHT-P18")
def test_discarded_mail_goes_after_thirty_days_with_its_key(mailbox: Mailbox) -> None:
    message = mails.raw()
    message.add_attachment(b"%PDF-1.7 one", "application", "pdf", filename="a.pdf")
    mail, waiting = mails.arrived(mailbox, message), mails.arrived(mailbox, mails.raw())
    settling.discard(mail, settling.Why.SPAM, actor=staff.member("Handler"))
    settled = timezone.now()
    for days, left in ((29, 2), (31, 1)):
        with time_machine.travel(settled + timedelta(days=days), tick=False):
            dispose_due()
        assert InboundMail.objects.count() == left
    assert not InboundFile.objects.exists()
    assert InboundMail.objects.get() == waiting
    with pytest.raises(KeyGoneError):
        keystore().get(mail.pk)


@pytest.mark.acceptance("RIGHT-P18")
def test_mail_of_a_request_stays_until_the_requests_key_is_destroyed(mailbox: Mailbox) -> None:
    mail, request = mails.arrived(mailbox, mails.raw()), staff.made()
    settling.join(mail, request.reference.lower(), actor=staff.member("Handler"))
    later = timezone.now() + timedelta(days=90)
    with time_machine.travel(later, tick=False):
        dispose_due()
        assert InboundMail.objects.exists()
        PrivacyRequest.objects.update(key_destroyed_at=later)
        dispose_due()
    assert not InboundMail.objects.exists()


def test_a_mail_inside_a_mail_is_a_file(mailbox: Mailbox) -> None:
    message = mails.raw("See below.")
    message.add_attachment(email.message_from_bytes(bytes(mails.raw("Inner words."))))
    mail = mails.arrived(mailbox, message)
    assert mail.read("text") == "See below."
    assert mail.files.get().media_type == "text/plain"
