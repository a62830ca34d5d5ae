"""Letters, incoming mail and releases in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings

from privacy.models import SentLetter
from privacy.services.post import delivery
from tests.support import mails, post, staff

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
]
Open = Callable[..., Any]
LETTER = """Dear FluxRouter,

please erase everything that you hold about me. I have used the service since 2025 with this \
address.

Kind regards
Ann Lee"""


@pytest.fixture
def site(open_site: Open) -> Any:
    opened = open_site()
    session = staff.signed_in(staff.member("Approver")).cookies[
        django_settings.SESSION_COOKIE_NAME
    ]
    cookie = {"name": session.key, "value": session.value, "url": opened.address}
    opened.page.context.add_cookies([cookie])
    return opened


@pytest.mark.acceptance("RIGHT-P06", "RIGHT-P07")
def test_a_letter_that_came_back_is_read_and_settled(
    site: Any, world: Any, run_work: Callable[[], int]
) -> None:
    request = staff.looked_up("access")
    run_work()
    letter = SentLetter.objects.get(step__request=request)
    delivery.take_in(delivery.Head("evt_1", "bounced", letter.message_ids[0], None))
    site.open(staff.page_url(request))
    site.inspect()
    site.follow("Read this letter")
    site.page.fill("#id_reason", "They say that the day is wrong.")
    site.press("Read this letter")
    assert "/privacy/verify/…/" in site.page.content()
    site.inspect()
    site.open(staff.do_url(request, "settle_letter", letter.step))
    site.inspect()
    site.page.check("input[value=other_way]")
    site.press("Settle")
    assert "Settled. The timeline says how." in site.page.content()


@pytest.mark.acceptance("RIGHT-P09")
def test_the_letter_is_seen_before_it_is_decided(site: Any) -> None:
    request = staff.looked_up("access")
    site.open(staff.do_url(request, "withdraw"))
    site.page.fill("#id_reason", "They told us by phone.")
    site.press("See the letter first")
    assert "What would be sent" in site.page.content()
    site.inspect()
    site.press("Withdraw for the person")
    assert "Withdrawn." in site.page.content()


@pytest.mark.acceptance("RIGHT-P19", "RIGHT-P20")
def test_a_mail_is_read_and_taken_in(
    site: Any, settings: Any, mailbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.turn_on(settings)
    mails.use(monkeypatch, mailbox)
    message = mails.raw(LETTER, Auto_Submitted="auto-generated")
    message.add_attachment(b"%PDF-1.7 Hello.", "application", "pdf", filename="mandate.pdf")
    mail = mails.arrived(mailbox, message)
    site.open("/admin/privacy/inboundmail/")
    site.inspect()
    site.open(f"/admin/privacy/inboundmail/{mail.pk}/change/")
    site.inspect()
    site.press("Release file 1")
    site.press("Read this mail")
    assert "please erase everything" in site.page.content()
    site.inspect()
    site.press("Take it in as a request")
    assert site.page.input_value("#id_email") == staff.ANN
    site.inspect()
    site.page.check("input[name=role][value=account_holder]")
    site.page.check("input[name=rights][value=erasure]")
    site.page.select_option("#id_country", "DE")
    site.press("Take in this request")
    assert "is taken in. The mail belongs to it." in site.page.content()


@pytest.mark.acceptance("RIGHT-P26")
def test_a_translation_is_released(site: Any) -> None:
    site.open("/admin/privacy/letterrelease/")
    site.inspect()
    site.open("/admin/privacy/letterrelease/de/denied/")
    site.inspect()
    site.page.fill("#id_reviewer", "Dr. Rita Recht")
    site.press("Release it")
    assert "Dr. Rita Recht" in site.page.content()
