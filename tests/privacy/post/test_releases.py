"""A translated letter is sent only after a named reviewer released exactly that version."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from accounts.models import User
from fluxrouter.foundation.models import TrailEvent
from privacy.grounds import GROUNDS
from privacy.letters import LETTERS, render
from privacy.letters.texts import texts
from privacy.letters.versions import DRAFTS, digest_of, gaps, words_of
from privacy.letters.vocabulary import KEPT, LONGER, REFUSED, RIGHTS
from privacy.management.pages.letter_examples import EXAMPLE
from privacy.models import LetterRelease, PrivacyRequest, SentLetter
from privacy.services.post.releases import Version, entry, language_of, releasable
from privacy.services.post.releasing import release, revoke
from privacy.services.review import ReviewError
from tests.support import staff
from tests.support.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.acceptance("RIGHT-P23")]
Work = Callable[[], int]
SAME = {"Profiling"}  # one word in two languages
LIST = "/admin/privacy/letterrelease/"
URL = f"{LIST}de/verify/"


@pytest.fixture
def april() -> User:
    return staff.member("Approver", "april")


def of_a_german() -> PrivacyRequest:
    request = staff.made()
    PrivacyRequest.objects.update(language="de")
    request.refresh_from_db()
    return request


def release_now(april: User, letter: str = "verify", language: str = "de") -> None:
    digest = digest_of(letter, language)
    release(letter, language, digest=digest, reviewer="Dr. Rita Recht", actor=april)


def subject_sent(world: World, run_work: Work) -> str:
    run_work()
    return world.letters(staff.ANN)[0].subject


def test_a_draft_is_not_sent(world: World, run_work: Work) -> None:
    of_a_german()
    assert subject_sent(world, run_work) == LETTERS["verify"].subject
    assert SentLetter.objects.get().language == "en"


def test_a_released_text_is_sent_and_kept(world: World, run_work: Work, april: User) -> None:
    release_now(april)
    of_a_german()
    assert subject_sent(world, run_work) == texts("de")["subjects"]["verify"]
    assert world.letters(staff.ANN)[0].text.startswith(texts("de")["greeting"].strip())
    assert SentLetter.objects.get().language == "de"


def test_a_release_counts_for_its_letter_and_language_alone(april: User) -> None:
    release_now(april)
    request = of_a_german()
    assert language_of("verify", request) == "de"
    assert language_of("confirmed", request) == "en"
    request.language = "fr"
    assert language_of("verify", request) == "en"
    request.language = "xx"
    assert language_of("verify", request) == "en"


@pytest.mark.acceptance("RIGHT-P24")
@pytest.mark.parametrize("what", ["subject", "element"])
def test_another_word_and_english_is_sent_again(
    april: User, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    release_now(april)
    request = of_a_german()
    if what == "subject":
        changed = {**texts("de")["subjects"], "verify": "Anders"}
        monkeypatch.setitem(texts("de"), "subjects", changed)
    else:
        monkeypatch.setitem(texts("de"), "greeting", "Hallo,")
    assert entry("verify", "de").state is Version.CHANGED
    assert language_of("verify", request) == "en"


@pytest.mark.acceptance("RIGHT-P24")
def test_a_text_that_another_letter_uses_changes_no_release(
    april: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    release_now(april)
    monkeypatch.setitem(texts("de"), "certificate", "Anders")
    assert entry("verify", "de").state is Version.RELEASED


@pytest.mark.acceptance("RIGHT-P24")
def test_what_was_not_read_is_not_released(april: User, monkeypatch: pytest.MonkeyPatch) -> None:
    read = digest_of("verify", "de")
    monkeypatch.setitem(texts("de"), "greeting", "Hallo,")
    with pytest.raises(ReviewError, match="changed while you read it"):
        release("verify", "de", digest=read, reviewer="Dr. Rita Recht", actor=april)
    assert not LetterRelease.objects.exists()


@pytest.mark.acceptance("RIGHT-P25")
def test_a_letter_with_a_text_still_to_be_written_is_not_released(
    april: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(texts("de"), "confirm", " ")
    assert gaps("verify", "de") == ["confirm"]
    assert entry("verify", "de").state is Version.GAPS
    with pytest.raises(ReviewError, match="still to be written"):
        release_now(april)
    assert language_of("verify", of_a_german()) == "en"


def test_a_version_is_released_once(april: User) -> None:
    release_now(april)
    with pytest.raises(ReviewError, match="released already"):
        release_now(april)
    assert LetterRelease.objects.count() == 1


def test_a_revoked_release_counts_no_more_and_may_come_again(april: User) -> None:
    release_now(april)
    request = of_a_german()
    revoke(LetterRelease.objects.get(), actor=april)
    assert language_of("verify", request) == "en"
    with pytest.raises(ReviewError, match="revoked already"):
        revoke(LetterRelease.objects.get(), actor=april)
    release_now(april)
    assert language_of("verify", request) == "de"


def test_companies_get_english(april: User) -> None:
    assert "processor_erasure" not in releasable()
    assert language_of("processor_erasure", of_a_german()) == "en"
    assert set(releasable()) < set(LETTERS)


# Staff


def sent(**changes: Any) -> dict[str, Any]:
    digest = digest_of("verify", "de")
    return {"reviewer": "Dr. Rita Recht", "digest": digest, **changes}


@pytest.mark.acceptance("RIGHT-P26")
def test_an_approver_releases_for_a_named_reviewer(april: User) -> None:
    client = staff.signed_in(april)
    assert "Draft" in client.get(LIST).text
    text = client.get(URL).text
    assert "Who read it" in text
    assert client.post(URL, sent(reviewer="")).status_code == 200
    assert not LetterRelease.objects.exists()
    assert client.post(URL, sent()).url == LIST
    assert "Dr. Rita Recht" in client.get(LIST).text
    row = LetterRelease.objects.get()
    assert (row.reviewer, row.released_by) == ("Dr. Rita Recht", april)
    event = TrailEvent.objects.get(code="letter.released")
    assert event.data == {"letter": "verify", "language": "de", "digest": row.digest}
    assert client.post(URL, sent()).status_code == 409
    assert client.post(URL, {"revoke": "1"}).url == LIST
    assert TrailEvent.objects.filter(code="letter.release_revoked").exists()
    assert client.post(URL, {"revoke": "1"}).status_code == 409


@pytest.mark.acceptance("RIGHT-P26")
@pytest.mark.parametrize("role", ["Viewer", "Handler", "Auditor"])
def test_nobody_else_releases(role: str) -> None:
    client = staff.signed_in(staff.member(role))
    assert client.get(URL).status_code == 200
    assert "Release it" not in client.get(URL).text
    for form in (sent(), {"revoke": "1"}):
        assert client.post(URL, form).status_code == 403
    assert not LetterRelease.objects.exists()


@pytest.mark.acceptance("RIGHT-P26")
def test_what_was_released_since_the_page_was_opened_is_told(
    april: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = sent()
    monkeypatch.setitem(texts("de"), "greeting", "Hallo,")
    answer = staff.signed_in(april).post(URL, form)
    assert answer.status_code == 409
    assert "changed while you read it" in answer.text


def test_only_texts_that_are_there_have_a_page(april: User) -> None:
    client = staff.signed_in(april)
    for path in ("en/verify", "de/processor_erasure", "xx/verify", "de/nothing"):
        assert client.get(f"{LIST}{path}/").status_code == 404


@pytest.mark.acceptance("RIGHT-P25")
@pytest.mark.parametrize("language", DRAFTS)
def test_the_names_in_a_letter_are_in_its_language(language: str) -> None:
    facts = replace(
        EXAMPLE,
        rights=RIGHTS,
        refused=tuple(
            each._replace(right=RIGHTS[0], reason=REFUSED[0]) for each in EXAMPLE.refused or ()
        ),
        extension_reasons=LONGER,
        kept=tuple(GROUNDS.values()),
    )
    for letter in ("denied", "erased", "extension", "verify"):
        text = " ".join(render(letter, facts, language).text.split())
        for english in (*RIGHTS, *REFUSED, *LONGER, *KEPT):
            assert english not in text


def test_what_a_person_wrote_stays_as_it_is() -> None:
    refused = EXAMPLE.refused or ()
    said = refused[0]._replace(explanation="It is Bob’s account.")
    text = render("denied", replace(EXAMPLE, refused=(said,)), "de").text
    assert "In Ihrem Fall: It is Bob’s account." in text


@pytest.mark.acceptance("RIGHT-P25")
@pytest.mark.parametrize("language", DRAFTS)
def test_every_language_has_every_text_of_every_letter(language: str) -> None:
    missing = {letter: gaps(letter, language) for letter in releasable()}
    assert {letter: names for letter, names in missing.items() if names} == {}


@pytest.mark.parametrize("language", DRAFTS)
def test_no_text_is_left_in_english(language: str) -> None:
    same = {
        name
        for letter in releasable()
        for name, text in words_of(letter, language).items()
        if text and text == words_of(letter, "en")[name] and name not in SAME
    }
    assert same == set()
