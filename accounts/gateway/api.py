"""The feed over HTTP: docs/gateway-feed.md is its description for whoever builds the gateway."""

from threading import BoundedSemaphore
from typing import Any

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, ParseError
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from accounts.gateway import feed
from accounts.gateway.keys import Scope, find_key, note_use

LONGEST_WAIT = 25  # seconds; less than proxies and gunicorn's graceful stop allow
LONG_POLLS = 3  # at once in a process, of its eight threads: the others serve people
COME_BACK = 5  # seconds, when there was no room to wait here


class GatewayAuthentication(BaseAuthentication):
    """`Authorization: Bearer <key>`."""

    def authenticate(self, request: Request) -> tuple[None, Any] | None:
        scheme, _, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        key = find_key(secret.strip())
        if key is None:
            raise AuthenticationFailed("unknown_key")
        note_use(key)
        return None, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="gateway"'


class MayReadRestrictions(BasePermission):
    message = "wrong_scope"

    def has_permission(self, request: Request, view: APIView) -> bool:
        key: Any = request.auth
        return bool(key) and Scope.RESTRICTIONS in key.scopes


class PerKey(SimpleRateThrottle):
    """In each web process."""

    rate = "600/min"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        key: Any = request.auth
        return f"gateway-{key.pk}"


class RestrictionsView(APIView):
    """GET ?cursor=&wait=: {"cursor", "generation", "changes", "more", "poll_after"}."""

    authentication_classes = (GatewayAuthentication,)
    permission_classes = (MayReadRestrictions,)
    throttle_classes = (PerKey,)
    room = BoundedSemaphore(LONG_POLLS)

    def get(self, request: Request) -> Response:
        try:
            given = request.query_params.get("cursor", "")
            cursor = feed.Cursor.parse(given) if given else None
            page, waited = self.look(cursor, seconds(request.query_params.get("wait", "0")))
        except feed.BadCursorError:
            raise ParseError("bad_cursor") from None
        except feed.CursorGoneError as gone:
            return answer({"detail": gone.code}, 410)
        return answer(
            {
                "cursor": str(page.cursor),
                "generation": page.cursor.generation,
                "changes": page.changes,
                "more": page.more,
                "poll_after": 0 if page.more or waited else COME_BACK,
            }
        )

    def look(self, cursor: feed.Cursor | None, wait: int) -> tuple[feed.Page, bool]:
        """The page, and whether there was room to wait for it. Without room it comes at once."""
        if not wait or not self.room.acquire(blocking=False):
            return feed.read(cursor), False
        try:
            return feed.wait(cursor, wait), True
        finally:
            self.room.release()


def seconds(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise ParseError("bad_wait")
    return min(int(text), LONGEST_WAIT)


def answer(body: dict[str, Any], status: int = 200) -> Response:
    return Response(body, status=status, headers={"Cache-Control": "no-store"})
