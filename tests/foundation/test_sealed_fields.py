"""Sealed fields: nothing readable in the database, and each ciphertext opens in one place only."""

import uuid

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.utils import timezone

from fluxrouter.foundation.crypto import SealError
from fluxrouter.foundation.keystore import KeyGoneError, keystore
from fluxrouter.foundation.sealed import email_index
from privacy.models import Draft, PrivacyRequest, RequestNote
from privacy.services import intake
from tests.support.database import rolled_back
from tests.support.rows import make_request

pytestmark = [rolled_back, pytest.mark.acceptance("MAIN-42")]

EMAIL = "marker-of-ann@example.org"
TEXT = "Ann called about marker-of-ann's invoice."


def stored(table: str, pk: uuid.UUID) -> str:
    """The row as a dump would show it, with its bytes read as text too."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t::text FROM {table} t WHERE id = %s", [pk])
        ((text,),) = cursor.fetchall()
    return text + "".join(
        bytes.fromhex(part.split('"')[0]).decode("latin-1")
        for part in text.replace("\\\\x", "\\x").split("\\x")[1:]
    )


def note_on(request: PrivacyRequest, text: str = TEXT) -> RequestNote:
    note = RequestNote(request=request, about="denied", written_at=timezone.now())
    note.write("text", text)
    note.save()
    return note


def test_the_database_holds_no_plain_text() -> None:
    request = make_request(EMAIL)
    request.write("details", TEXT)
    request.save()
    rows = (
        stored("privacy_privacyrequest", request.pk),
        stored("privacy_requestnote", note_on(request).pk),
    )
    for row in rows:
        assert "marker-of-ann" not in row
        assert "example.org" not in row


@pytest.mark.acceptance("MAIN-07")
def test_a_drafts_answers_are_sealed() -> None:
    draft = intake.start_draft("cookie")
    intake.save_answers(draft, email=EMAIL)
    draft.refresh_from_db()
    assert intake.read_answers(draft) == {"email": EMAIL}
    assert "marker-of-ann" not in stored("privacy_draft", draft.pk)


def test_what_was_written_is_read_again_and_found_by_its_index() -> None:
    request = make_request(f" {EMAIL.upper()} ")
    found = PrivacyRequest.objects.get(email_index=email_index(EMAIL))
    assert found.read("email") == EMAIL.upper()
    assert found == request


def test_an_empty_text_is_nothing() -> None:
    request = make_request()
    for empty in ("", None):
        request.write("details", empty)
        assert request.details is None
        assert request.read("details") == ""


def test_a_misspelt_field_is_an_error() -> None:
    with pytest.raises(FieldDoesNotExist):
        make_request().write("emial", EMAIL)


def test_a_ciphertext_does_not_open_in_another_row() -> None:
    """Both notes have the request's key, so only the place tells them apart."""
    request = make_request()
    one, other = note_on(request, "one"), note_on(request, "other")
    RequestNote.objects.filter(pk=other.pk).update(text=one.text)
    other.refresh_from_db()
    with pytest.raises(SealError):
        other.read("text")


def test_a_ciphertext_does_not_open_in_another_field() -> None:
    request = make_request(EMAIL)
    PrivacyRequest.objects.filter(pk=request.pk).update(details=request.email)
    request.refresh_from_db()
    with pytest.raises(SealError):
        request.read("details")


def test_a_ciphertext_does_not_open_in_another_model() -> None:
    request = make_request(EMAIL)
    note = note_on(request)
    RequestNote.objects.filter(pk=note.pk).update(text=request.email)
    note.refresh_from_db()
    with pytest.raises(SealError):
        note.read("text")


def test_two_models_never_share_a_place() -> None:
    """A draft and its request have one id and one key."""
    pk = uuid.uuid4()
    assert Draft(id=pk)._place("answers") != PrivacyRequest(id=pk)._place("answers")


def test_a_destroyed_key_makes_the_rows_unreadable() -> None:
    request = make_request(EMAIL)
    note = note_on(request)
    keystore().destroy(request.pk)
    for row, name in ((request, "email"), (note, "text")):
        with pytest.raises(KeyGoneError) as raised:
            row.read(name)
        assert "marker" not in str(raised.value)


def test_names_of_rows_say_nothing_personal() -> None:
    request = make_request(EMAIL)
    for row in (request, note_on(request), *request.steps.all(), intake.start_draft("c")):
        assert "marker" not in f"{row} {row!r}"
