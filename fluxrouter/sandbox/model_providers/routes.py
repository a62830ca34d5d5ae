"""What can be done with an object, as routes for every kind."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from fluxrouter.sandbox.messages import Request, Response
from fluxrouter.sandbox.model_providers.errors import refused
from fluxrouter.sandbox.model_providers.kinds import KINDS, LOOKS
from fluxrouter.sandbox.routing import Route

if TYPE_CHECKING:
    from fluxrouter.sandbox.model_providers.app import ModelProviders

VERSIONS = {"openai": "v1", "anthropic": "v1", "gemini": "v1beta"}
LONGEST_PAGE = 100
MUST_HAVE_ENDED = {
    ("openai", "videos"): "video_must_have_ended",
    ("anthropic", "messages/batches"): "batch_must_have_ended",
}


def retrieve(app: "ModelProviders", request: Request, where: tuple[str, str], id: str) -> Response:  # noqa: A002
    return Response(200, app.look_at(*where, id))


def create(app: "ModelProviders", request: Request, where: tuple[str, str]) -> Response:
    """Takes anything: what is made for a drill is only found and deleted again."""
    parts = (request.json or {}).get("items", []) if where == ("openai", "conversations") else []
    identifier = app.add(*where, parts=parts)
    return Response(200, app.objects[(*where, identifier)])


def delete(app: "ModelProviders", request: Request, where: tuple[str, str], id: str) -> Response:  # noqa: A002
    provider, kind = where
    key = (provider, kind, id)
    answer = Response(200, deletion_of(provider, kind, id))
    if key not in app.objects and not app.rule("second_delete_is_missing"):
        return answer
    found = app.look_up(*key)
    may_be_deleted(app, where, id, request)
    if not app.rule("deleted_is_gone"):
        return answer
    if key in app.working and app.rule("deleting_a_batch_does_not_stop_it"):
        app.left[key] = found
    inside = app.parts.pop(key, [])
    if inside and kind == "conversations" and app.rule("items_outlive_their_conversation"):
        app.left[key] = inside
    app.working.pop(key, None)
    app.objects.pop(key)
    return answer


def deletion_of(provider: str, kind: str, identifier: str) -> dict[str, Any]:
    return {} if provider == "gemini" else {"id": identifier, **KINDS[provider][kind].deleted}


def may_be_deleted(
    app: "ModelProviders",
    where: tuple[str, str],
    identifier: str,
    request: Request,
) -> None:
    """Refuses what must end or be emptied first."""
    key, rule = (*where, identifier), MUST_HAVE_ENDED.get(where, "")
    if key in app.working and rule and app.rule(rule):
        raise refused(where[0], 400, "It must have ended.")
    full = app.objects[key].get("activeDocumentsCount", "0") != "0"
    if full and request.query.get("force") != "true" and app.rule("full_store_needs_force"):
        raise refused("gemini", 400, "The store is not empty.", "FAILED_PRECONDITION")


def cancel(app: "ModelProviders", request: Request, where: tuple[str, str], id: str) -> Response:  # noqa: A002
    found, key = app.look_up(*where, id), (*where, id)
    if key not in app.working:
        raise refused(where[0], 400, "It has ended.")
    if where[0] == "anthropic":
        found["processing_status"] = "canceling"
    if app.working[key] is None:  # else it is cancelled already
        app.working[key] = LOOKS
    if not app.rule("cancelling_takes_time"):
        app.end(key)
    return Response(200, found if where[0] == "anthropic" else {})


def list_parts(
    app: "ModelProviders",
    request: Request,
    where: tuple[str, str],
    id: str,  # noqa: A002
) -> Response:
    app.look_up(*where, id)
    everything = app.parts[(*where, id)]
    names = [part["id"] for part in everything]
    after = request.query.get("after")
    start = names.index(after) + 1 if after in names else 0
    most = min(int(request.query.get("limit", 20)), LONGEST_PAGE)
    page = everything[start : start + most if app.rule("lists_have_pages") else None]
    more = len(everything) > start + len(page)
    ends = {"first_id": page[0]["id"], "last_id": page[-1]["id"]} if page else {}
    return Response(200, {"object": "list", "data": page, "has_more": more, **ends})


def delete_item(
    app: "ModelProviders",
    request: Request,
    where: tuple[str, str],
    id: str,  # noqa: A002
    item: str,
) -> Response:
    """Answers with the conversation (OpenAI: …/subresources/items/methods/delete)."""
    found, everything = app.look_up(*where, id), app.parts[(*where, id)]
    left = [part for part in everything if part["id"] != item]
    if len(left) == len(everything):
        raise refused("openai", 404, "No such item.")
    everything[:] = left
    return Response(200, found)


def list_objects(app: "ModelProviders", request: Request, where: tuple[str, str]) -> Response:
    """Gemini's list of a kind, two a page."""
    every = [found for key, found in app.objects.items() if key[:2] == where]
    start = int(request.query.get("pageToken", 0))
    more = {"nextPageToken": str(start + 2)} if len(every) > start + 2 else {}
    return Response(200, {where[1]: every[start : start + 2], **more})


def routes() -> Iterator[Route]:
    for provider, kinds in KINDS.items():
        for name, kind in kinds.items():
            where = (provider, name)
            top = f"/{provider}/{VERSIONS[provider]}/{name}"
            one = f"{top}/<id>"

            def on(handler: Callable[..., Response]) -> Callable[..., Response]:
                return partial(handler, where=where)  # noqa: B023 - used before the next turn

            if kind.parts:
                yield Route("GET", f"{one}/{kind.parts}", on(list_parts))
            if name == "conversations":
                yield Route("DELETE", f"{one}/items/<item>", on(delete_item))
            if kind.ended and name != "videos":
                suffix = ":cancel" if provider == "gemini" else "/cancel"
                yield Route("POST", f"{one}{suffix}", on(cancel))
            if provider == "gemini":
                yield Route("GET", top, on(list_objects))
            yield Route("GET", one, on(retrieve))
            yield Route("DELETE", one, on(delete))
            yield Route("POST", top, on(create))


ROUTES = tuple(routes())
