"""OpenAI, Anthropic and Gemini as far as stored objects go, in memory, under three prefixes."""

from typing import Any
from uuid import uuid4

from fluxrouter.sandbox.faults import Fault
from fluxrouter.sandbox.kit import App, Request, Response, Router
from fluxrouter.sandbox.model_providers import doors, routes
from fluxrouter.sandbox.model_providers.errors import error, refused
from fluxrouter.sandbox.model_providers.kinds import KINDS, LOOKS, WORKING, Json
from fluxrouter.sandbox.model_providers.rules import RULES

REFUSED = {("gemini", "files"), ("gemini", "cachedContents")}
Key = tuple[str, str, str]


class ModelProviders(App):
    """One account at each provider. `left` is what nobody can reach any more and still is."""

    router = Router()

    def __init__(self, broken: frozenset[str] = frozenset()) -> None:
        super().__init__(broken)
        if strange := broken - set(RULES):
            raise ValueError(f"no such rules: {sorted(strange)}")
        self.keys = dict(doors.KEYS)
        self.objects: dict[Key, Json] = {}
        self.parts: dict[Key, list[Json]] = {}
        self.left: dict[Key, Any] = {}
        # What works still: how many looks until it ends; None until it is cancelled.
        self.working: dict[Key, int | None] = {}

    def add(
        self,
        provider: str,
        kind: str,
        *,
        parts: list[Json] | None = None,
        working: bool = False,
        **fields: Any,
    ) -> str:
        """Stores an object as if the past had left it; gives its id."""
        made = KINDS[provider][kind]
        identifier = f"{made.prefix}{uuid4().hex}"
        name = {"name": f"{kind}/{identifier}"} if provider == "gemini" else {"id": identifier}
        key, state = (provider, kind, identifier), WORKING[provider, kind] if working else {}
        with self.lock:
            self.objects[key] = {**made.shape, **name, **state, **fields}
            if made.parts:
                self.parts[key] = [{"id": f"part_{uuid4().hex}", **part} for part in parts or []]
            if working:
                self.working[key] = LOOKS if kind == "videos" else None
        return identifier

    def held(self, provider: str, kind: str, identifier: str) -> list[Any]:
        """All that is there of an object, reachable or not."""
        key = (provider, kind, identifier)
        return [kept[key] for kept in (self.objects, self.parts, self.left) if kept.get(key)]

    def seed(self, objects: list[Json]) -> list[str]:
        """`{"provider": "openai", "kind": "files", …}`."""
        return [self.add(each.pop("provider"), each.pop("kind"), **each) for each in objects]

    def reset(self) -> None:
        super().reset()
        for kept in (self.objects, self.parts, self.left, self.working):
            kept.clear()

    def dump(self) -> dict[str, Any]:
        return {
            name: {"/".join(key): value for key, value in kept.items()}
            for name, kept in (
                ("objects", self.objects),
                ("parts", self.parts),
                ("left", self.left),
            )
        }

    def receive(self, request: Request) -> Response | None:
        return doors.refusal(self, request)

    def finish(self, request: Request, response: Response, fault: Fault | None) -> Response:
        """Puts the kit's own errors into the envelope of the provider that was asked."""
        provider = doors.provider_of(request)
        if provider in KINDS and isinstance(response.body, dict):
            code = response.body.get("error")
            if isinstance(code, str):
                response.body = error(provider, response.status, "The sandbox failed.").body
            if response.status == 429:
                response.headers.setdefault("retry-after", "1")
        return response

    def look_up(self, provider: str, kind: str, identifier: str) -> Json:
        """The object, or the refusal of what isn't there."""
        found = self.objects.get((provider, kind, identifier))
        if found is not None:
            return found
        if (provider, kind) in REFUSED and self.rule("missing_file_is_refused"):
            text = "You do not have permission to access it or it may not exist."
            raise refused(provider, 403, text)
        raise refused(provider, 404, "No such object.")

    def look_at(self, provider: str, kind: str, identifier: str) -> Json:
        """A retrieval; work that is about to end ends under such looks."""
        found, key = self.look_up(provider, kind, identifier), (provider, kind, identifier)
        if (looks := self.working.get(key)) is not None:
            self.working[key] = looks - 1
            if looks <= 1:
                self.end(key)
        return found

    def end(self, key: Key) -> None:
        self.working.pop(key)
        self.objects[key].update(KINDS[key[0]][key[1]].ended)


for each in routes.ROUTES:
    ModelProviders.router.add(each)


def create_app(broken: frozenset[str] = frozenset()) -> ModelProviders:
    return ModelProviders(broken)
