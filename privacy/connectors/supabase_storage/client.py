"""Storage's calls, and their errors in the ledger's words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import httpx
from pydantic import ValidationError
from storage3.exceptions import StorageApiError
from storage3.types import SearchV2Options
from supabase import Client

from privacy.connectors.errors import ConnectorError, NeedsHumanError, UnknownOutcomeError
from privacy.connectors.supabase_client import GoneError, by_status

PAGE = 1_000  # objects of a list, names of a removal (supabase/storage: src/storage/limits.ts)
PIECE = 1 << 20  # bytes of a file that are in memory at once


def translate(status: int, code: str) -> ConnectorError:
    """Storage's answer as one of the ledger's kinds; its text, which may name files, is dropped.

    `status` is the one in the body: HTTP's is 400 for most (supabase/storage:
    src/internal/errors/storage-error.ts).
    """
    return NeedsHumanError("payment_required") if status == 402 else by_status(status, code)


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turns the client's errors into ConnectorErrors, without their text."""
    try:
        yield
    except StorageApiError as error:
        status = str(error.status)
        raise translate(int(status) if status.isdigit() else 500, str(error.code)) from None
    except (httpx.HTTPError, ValidationError, ValueError, KeyError, TypeError):
        # No answer, or one in no known shape (a gateway's HTML page, a field that is missing).
        raise UnknownOutcomeError("no_answer") from None


class Files:
    """The calls that an export and an erasure need."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def names_under(self, bucket: str, prefix: str) -> Iterator[list[str]]:
        """Every name that begins with `prefix`, at any depth, page by page."""
        cursor = ""
        while True:
            options: SearchV2Options = {"prefix": prefix, "limit": PAGE, "with_delimiter": False}
            if cursor:
                options["cursor"] = cursor
            with storage_errors():
                page = self.client.storage.from_(bucket).list_v2(options)
            yield [each.name for each in page.objects if each.name.startswith(prefix)]
            if not page.hasNext:
                return
            if page.nextCursor in (None, cursor):
                raise UnknownOutcomeError("no_answer")
            cursor = str(page.nextCursor)

    def remove(self, bucket: str, names: list[str]) -> int:
        """How many of these are gone by this call. What wasn't removed is no error there."""
        try:
            with storage_errors():
                answer: list[dict[str, Any]] = self.client.storage.from_(bucket).remove(names)
                return len({each["name"] for each in answer} & set(names))
        except GoneError:
            return 0

    def pieces(self, bucket: str, name: str) -> Iterator[bytes]:
        """A file's bytes as they come: the client's own download holds a whole file in memory."""
        url = f"{self.client.storage_url}object/{quote(bucket, safe='')}/{quote(name)}"
        headers = {"apikey": self.client.supabase_key, "accept-encoding": "identity"}
        with (
            storage_errors(),
            self.client.storage.session.stream("GET", url, headers=headers) as response,
        ):
            if response.is_error:
                response.read()
                raise refusal(response)
            yield from response.iter_raw(PIECE)

    def upload(self, bucket: str, name: str, content: bytes) -> None:
        with storage_errors():
            options: Any = {"content-type": "text/plain", "upsert": "true"}
            self.client.storage.from_(bucket).upload(quote(name), content, options)


def refusal(response: httpx.Response) -> StorageApiError:
    """An error answer to a call past the client, as the client would raise it."""
    try:
        body = response.json()
        return StorageApiError("", str(body["error"]), body["statusCode"])
    except (ValueError, KeyError, TypeError):
        return StorageApiError("", "no_answer", response.status_code)
