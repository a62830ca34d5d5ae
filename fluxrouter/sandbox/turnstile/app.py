"""`POST /turnstile/v0/siteverify`, with tokens that tests ask for instead of a widget."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from fluxrouter.sandbox.kit import App, Request, Response, Router
from fluxrouter.sandbox.turnstile.rules import (
    DUMMY_TOKEN,
    FAILS,
    LONGEST_TOKEN,
    PASSES,
    RULES,
    SPENT,
    TOKEN_LIVES,
)

SECRET = "0x4AAAAAAA-sandbox"  # noqa: S105 - a stand-in's
router = Router()
DUMMIES = {PASSES: "", FAILS: "invalid-input-response", SPENT: "timeout-or-duplicate"}


def _now() -> datetime:
    return datetime.now(UTC)


class Turnstile(App):
    """Remembers its tokens. `asked` holds the fields of each check, to look at what was sent."""

    router = router

    def __init__(self, clock: Callable[[], datetime], broken: frozenset[str]) -> None:
        super().__init__(broken)
        if strange := broken - set(RULES):
            raise ValueError(f"no such rules: {sorted(strange)}")
        self.clock = clock
        self.tokens: dict[str, datetime] = {}
        self.used: set[str] = set()
        self.answers: dict[tuple[str, str], dict[str, Any]] = {}
        self.asked: list[dict[str, Any]] = []

    def issue(self) -> str:
        """What the widget does once somebody has passed."""
        with self.lock:
            token = f"0.{uuid4().hex}"
            self.tokens[token] = self.clock()
        return token

    def reset(self) -> None:
        super().reset()
        for kept in (self.tokens, self.used, self.answers, self.asked):
            kept.clear()

    def dump(self) -> dict[str, Any]:
        return {"asked": self.asked}

    def error_response(self, status: int, code: str) -> Response:
        return Response(status, _verdict("internal-error"))

    def problem(self, token: str) -> str:
        """Why a token is no good, or ""."""
        if len(token) > LONGEST_TOKEN and self.rule("token_has_2048_characters"):
            return "invalid-input-response"
        if token == DUMMY_TOKEN and not self.rule("dummy_token_is_refused"):
            return ""
        if token not in self.tokens:
            return "invalid-input-response"
        age = self.clock() - self.tokens[token]
        old = age > TOKEN_LIVES and self.rule("token_lives_300_seconds")
        spent = token in self.used and self.rule("token_is_used_once")
        return "timeout-or-duplicate" if old or spent else ""


def _verdict(code: str = "", at: datetime | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = {"success": not code, "error-codes": [code] if code else []}
    if at:
        answer |= {"challenge_ts": at.isoformat(), "hostname": "localhost", "action": "request"}
    return answer


@router.route("POST", "/turnstile/v0/siteverify")
def siteverify(app: Turnstile, request: Request) -> Response:
    is_json = request.headers.get("content-type", "").startswith("application/json")
    given = request.json if is_json else request.form
    app.asked.append({name: value for name, value in given.items() if name != "secret"})
    secret, token = given.get("secret", ""), given.get("response", "")
    if not secret:
        return Response(200, _verdict("missing-input-secret"))
    if not token:
        return Response(200, _verdict("missing-input-response"))
    if secret in DUMMIES and app.rule("dummy_secrets_ignore_the_token"):
        return Response(200, _verdict(DUMMIES[secret], app.clock()))
    if secret != SECRET and app.rule("secret_is_checked"):
        return Response(200, _verdict("invalid-input-secret"))
    again = (given.get("idempotency_key", ""), token)
    if again[0] and again in app.answers and app.rule("same_key_same_answer"):
        return Response(200, app.answers[again])
    app.answers[again] = _verdict(app.problem(token), app.clock())
    app.used.add(token)
    return Response(200, app.answers[again])


def create_app(
    *, clock: Callable[[], datetime] = _now, broken: frozenset[str] = frozenset()
) -> Turnstile:
    return Turnstile(clock, broken)
