"""Letters are kept as they were sent, sealed, and without what opens anything."""

import re
from collections.abc import Callable

import pytest

from accounts.models import User
from fluxrouter.foundation.keystore import keystore
from fluxrouter.foundation.models import TrailEvent
from privacy.letters import LETTERS
from privacy.models import MailToken, PrivacyRequest, SentLetter
from privacy.services import mail, tokens
from privacy.services.fulfilment.context import context_of
from privacy.services.post.kept import MASK, LetterGoneError, masked, open_letter
from privacy.services.processor_letters import write_to_processor
from tests.support import post, staff, tasks
from tests.support.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.acceptance("RIGHT-P01")]
Work = Callable[[], int]
SECRET = re.compile(r"[A-Za-z0-9_-]{32}|\b\d{8}\b")


@pytest.fixture
def hanna() -> User:
    return staff.member("Handler", "hanna")


def sent(request: PrivacyRequest, letter: str = "verify") -> SentLetter:
    return SentLetter.objects.get(step__request=request, step__action=letter)


def test_a_letter_is_kept_as_it_was_sent_but_for_its_secrets(
    world: World, run_work: Work, hanna: User
) -> None:
    request = staff.made()
    run_work()
    message, kept = world.letters(staff.ANN)[0], sent(request)
    secret = world.link(staff.ANN, "verify").strip("/").split("/")[-1]
    assert secret in message.text
    assert open_letter(kept, actor=hanna) == message.text.replace(secret, MASK)
    assert (kept.subject, kept.language, kept.state) == (message.subject, "en", "accepted")
    assert kept.message_ids == [message.id]


@pytest.mark.acceptance("RIGHT-P02")
def test_no_kept_letter_opens_anything(world: World, run_work: Work, hanna: User) -> None:
    request = staff.looked_up()
    for letter in ("verify", "status_link", "download_code"):
        mail.queue(request, letter)
    run_work()
    kept = SentLetter.objects.filter(step__request=request)
    links = {link for row in kept for link in LETTERS[row.step.action].links}
    assert links == {MailToken.Kind.VERIFY, MailToken.Kind.STATUS, MailToken.Kind.DOWNLOAD}
    for row in kept:
        text = open_letter(row, actor=hanna)
        assert MASK in text
        assert SECRET.findall(text) == []


def test_the_text_is_sealed_and_goes_with_the_requests_key(
    world: World, run_work: Work, hanna: User
) -> None:
    request = staff.made()
    run_work()
    kept = sent(request)
    assert b"privacy request" not in bytes(kept.text or b"")
    keystore().destroy(request.pk)
    with pytest.raises(LetterGoneError):
        open_letter(kept, actor=hanna)


def test_a_step_that_is_tried_again_changes_nothing_that_is_kept(
    world: World, run_work: Work, hanna: User
) -> None:
    request = staff.made()
    run_work()
    before = SentLetter.objects.values().get(step__request=request)
    post.try_again(request.steps.get(connector="mail"))
    assert run_work()
    assert SentLetter.objects.values().get(step__request=request) == before
    assert len(world.letters(staff.ANN)) == 1


def test_a_letter_to_a_processor_is_kept_too(world: World, run_work: Work, hanna: User) -> None:
    task = tasks.open_task()
    write_to_processor(task, actor=hanna)
    run_work()
    text = open_letter(sent(task.step.request, "processor_erasure"), actor=hanna)
    assert text == world.letters("support@chatbase.co")[0].text


def test_a_letter_that_goes_to_nobody_is_not_kept(world: World, run_work: Work) -> None:
    request = staff.looked_up()
    step = mail.queue(request, "erasure_notice")  # no account has another address
    run_work()
    step.refresh_from_db()
    assert step.receipt == {"sent": 0}
    assert not SentLetter.objects.filter(step=step).exists()


def test_who_reads_a_letter_is_noted(world: World, run_work: Work, hanna: User) -> None:
    request = staff.made()
    run_work()
    open_letter(sent(request), actor=hanna)
    event = TrailEvent.objects.get(code="letter.opened")
    assert (event.actor, event.data) == (str(hanna.pk), {"step": "mail:verify"})


def test_masking_makes_no_token(world: World) -> None:
    request = staff.made()
    step = request.steps.get(connector="mail")
    secret = tokens.secret_for(request.pk, "verify", step.pk)
    assert masked(f"Open {secret} now", step) == f"Open {MASK} now"
    assert not MailToken.objects.exists()
    assert context_of(request.pk).subject.email == staff.ANN
