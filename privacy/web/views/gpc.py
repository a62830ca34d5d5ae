"""That we honour Global Privacy Control, where machines look for it (w3c.github.io/gpc, 3)."""

from django.http import HttpRequest, JsonResponse

SUPPORT = {"gpc": True, "lastUpdate": "2026-11-24"}  # the day of the last change to this file


def support(request: HttpRequest) -> JsonResponse:
    return JsonResponse(SUPPORT)
