"""Staff at incoming mail: reading, taking in, joining, discarding, and its files."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from fluxrouter.foundation.keystore import keystore
from fluxrouter.foundation.models import TrailEvent
from fluxrouter.sandbox.mailbox import Mailbox
from privacy.models import InboundMail, PrivacyRequest
from privacy.services.inbound import reading, settling
from privacy.services.review import ReviewError
from tests.support import mails, post, staff
from tests.support.steps import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.acceptance("RIGHT-P19")]
LIST = "/admin/privacy/inboundmail/"
PDF = b"%PDF-1.7\nA letter of authority."


@pytest.fixture(autouse=True)
def receiving_on(settings: Any, monkeypatch: pytest.MonkeyPatch, mailbox: Mailbox) -> None:
    post.turn_on(settings)
    mails.use(monkeypatch, mailbox)


@pytest.fixture
def hanna() -> User:
    return staff.member("Handler", "hanna")


@pytest.fixture
def client(hanna: User) -> Client:
    return staff.signed_in(hanna)


@pytest.fixture
def mail(mailbox: Mailbox) -> InboundMail:
    message = mails.raw("<b>Delete me</b>, please.")
    message.add_attachment(PDF, "text", "html", filename="authority.html")
    came = timezone.now() - timedelta(days=2)
    return mails.arrived(mailbox, message, created_at=came.isoformat())


def page(mail: InboundMail) -> str:
    return f"{LIST}{mail.pk}/change/"


def do(mail: InboundMail, name: str) -> str:
    return f"{LIST}{mail.pk}/do/{name}/"


def codes(mail: InboundMail) -> list[str]:
    found = TrailEvent.objects.filter(chain_id=mail.pk).order_by("seq")
    return list(found.values_list("code", flat=True))


def entered(**changes: Any) -> dict[str, Any]:
    received = timezone.now() - timedelta(days=2)
    return {
        "entered": "1",
        "channel": "email",
        "received_at_0": f"{received:%Y-%m-%d}",
        "received_at_1": "09:30",
        "role": "account_holder",
        "rights": ["erasure"],
        "country": "DE",
        "state": "",
        "email": staff.ANN,
        "message": "Delete me, please.",
        **changes,
    }


def test_list_and_page_show_nothing_of_what_a_mail_says(client: Client, mail: InboundMail) -> None:
    listed, shown = client.get(LIST).text, client.get(page(mail)).text
    assert "Waits for staff" in listed
    assert "Read this mail" in shown
    for text in (listed, shown):
        for personal in (staff.ANN, "Ann Lee", "My data", "Delete me", "authority"):
            assert personal not in text
    assert codes(mail) == ["mail.received"]


def test_a_mail_is_read_as_words_and_the_trail_says_who_did(
    client: Client, mail: InboundMail, hanna: User
) -> None:
    text = client.post(do(mail, "read")).text
    assert staff.ANN in text
    assert "&lt;b&gt;Delete me&lt;/b&gt;, please." in text
    assert "named “authority.html”" in text
    assert codes(mail) == ["mail.received", "mail.read"]
    assert TrailEvent.objects.get(code="mail.read").actor == str(hanna.pk)
    assert client.get(do(mail, "read")).status_code == 302
    assert codes(mail) == ["mail.received", "mail.read"]


@pytest.mark.acceptance("RIGHT-P20")
def test_a_mail_is_taken_in_with_its_date_and_is_still_to_be_confirmed(
    client: Client, mail: InboundMail
) -> None:
    form = client.post(do(mail, "take-in")).text
    assert f'value="{staff.ANN}"' in form
    assert f'value="{mail.received_at:%Y-%m-%d}"' in form
    assert "My data" in form
    answer = client.post(do(mail, "take-in"), entered())
    request = PrivacyRequest.objects.get()
    assert answer.url == staff.page_url(request)
    assert (request.status, request.channel) == ("verifying", "email")
    assert request.verified_at is None
    assert request.received_at.date() == mail.received_at.date()
    mail.refresh_from_db()
    assert (mail.state, mail.request) == ("taken_in", request)
    assert "Incoming mail that belongs here" in client.get(answer.url).text


@pytest.mark.acceptance("RIGHT-P20")
def test_a_mistake_in_the_form_takes_nothing_in(client: Client, mail: InboundMail) -> None:
    assert "Error" in client.post(do(mail, "take-in"), entered(email="")).text
    assert not PrivacyRequest.objects.exists()
    mail.refresh_from_db()
    assert mail.state == "waiting"


@pytest.mark.acceptance("RIGHT-P20")
def test_a_mail_that_somebody_else_settled_makes_no_request(
    client: Client, mail: InboundMail, hanna: User
) -> None:
    settling.discard(mail, settling.Why.SPAM, actor=hanna)
    assert client.post(do(mail, "take-in"), entered()).status_code == 409
    assert client.post(do(mail, "join"), {"reference": "FR-0000-0000"}).status_code == 409
    assert client.post(do(mail, "discard"), {"why": "spam"}).status_code == 409
    assert not PrivacyRequest.objects.exists()


@pytest.mark.acceptance("RIGHT-P21")
def test_a_mail_is_joined_to_a_request_by_hand_and_changes_nothing_there(
    client: Client, mail: InboundMail
) -> None:
    request, other = staff.made(), staff.made(email="bob@example.org")
    text = client.post(do(mail, "read")).text
    assert request.reference in text
    assert other.reference not in text
    before = (request.status, request.due_on, request.verified_at, request.steps.count())
    answer = client.post(do(mail, "join"), {"reference": f" {request.reference.lower()} "})
    assert answer.url == staff.page_url(request)
    request.refresh_from_db()
    assert before == (
        request.status,
        request.due_on,
        request.verified_at,
        request.steps.count(),
    )
    assert TrailEvent.objects.filter(chain_id=request.pk, code="mail.belongs").exists()
    assert "Incoming mail joined to this request" in client.get(answer.url).text


@pytest.mark.acceptance("RIGHT-P21")
def test_a_mail_is_joined_to_nothing_that_is_not_there(client: Client, mail: InboundMail) -> None:
    answer = client.post(do(mail, "join"), {"reference": "FR-0000-0000"})
    assert answer.status_code == 409
    assert "No request that is still worked on has this reference." in answer.text
    mail.refresh_from_db()
    assert mail.state == "waiting"


def test_a_mail_is_discarded_with_a_reason(client: Client, mail: InboundMail) -> None:
    assert client.post(do(mail, "discard"), {}).status_code == 422
    assert client.post(do(mail, "discard"), {"why": "spam"}).url == LIST
    assert TrailEvent.objects.get(code="mail.discarded").data == {"why": "spam"}
    assert "0 incoming mail" in client.get(LIST).text
    assert "No request" in client.get(f"{LIST}?state=all").text


def test_two_who_settle_a_mail_at_once_settle_it_once(mail: InboundMail, hanna: User) -> None:
    request = staff.made()

    def join() -> None:
        settling.join(mail, request.reference, actor=hanna)

    errors = at_once(lambda: settling.discard(mail, settling.Why.SPAM, actor=hanna), join)
    assert [type(error) for error in errors] == [ReviewError]
    assert len(codes(mail)) == 2


@pytest.mark.acceptance("RIGHT-P15")
def test_a_file_is_saved_only_once_somebody_released_it(
    client: Client, mail: InboundMail, hanna: User
) -> None:
    file = mail.files.get()
    release, save = (f"{LIST}file/{file.pk}/{name}/" for name in ("release", "save"))
    assert client.post(save).status_code == 409
    assert f'action="{save}"' not in client.get(page(mail)).text
    assert client.post(release).status_code == 302
    answer = client.post(save)
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="attachment-1.pdf"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"].startswith("no-store")
    assert codes(mail)[1:] == ["mail.file_released", "mail.file_read"]
    assert client.get(save).status_code == 302
    file.refresh_from_db()
    assert file.released_by == hanna


@pytest.mark.acceptance("RIGHT-P22")
@pytest.mark.parametrize("role", ["Viewer", "Auditor"])
@pytest.mark.parametrize("name", ["read", "take-in", "join", "discard"])
def test_who_may_not_do_it_has_no_button_and_no_way(
    mail: InboundMail, role: str, name: str
) -> None:
    client = staff.signed_in(staff.member(role))
    assert f'action="{do(mail, name)}"' not in client.get(page(mail)).text
    assert client.post(do(mail, name), {"why": "spam"}).status_code == 403
    for each in ("release", "save"):
        assert client.post(f"{LIST}file/{mail.files.get().pk}/{each}/").status_code == 403
    assert codes(mail) == ["mail.received"]


@pytest.mark.acceptance("RIGHT-P22")
def test_without_a_sign_in_there_is_nothing(mail: InboundMail) -> None:
    for url in (LIST, page(mail), do(mail, "read")):
        assert Client().get(url).status_code == 302
        assert "login" in Client().post(url).url


def test_what_has_no_such_name_is_not_there(client: Client, mail: InboundMail) -> None:
    assert client.post(do(mail, "delete")).status_code == 404
    assert client.post(f"{LIST}file/{mail.files.get().pk}/show/").status_code == 404
    assert client.post(page(mail)).status_code == 403


def test_a_mail_whose_key_is_gone_is_said_to_be_gone(
    client: Client, mail: InboundMail, hanna: User
) -> None:
    keystore().destroy(mail.pk)
    assert "nobody can read it any more" in client.post(do(mail, "read")).text
    reading.release_file(mail.files.get(), actor=hanna)
    answer = client.post(f"{LIST}file/{mail.files.get().pk}/save/")
    assert answer.status_code == 409


def test_a_mail_that_is_not_fetched_yet_says_so(client: Client) -> None:
    mail = InboundMail.objects.create(provider_id="one", received_at=timezone.now())
    assert "Not fetched yet" in client.get(LIST).text
    text = client.get(page(mail)).text
    assert "Not fetched yet" in text
    assert "Read this mail" not in text
