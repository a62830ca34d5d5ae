"""What a person sees when something went wrong: plain words, and nothing of the inside."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "error.html", {"title": title, "text": text}, status=status)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return page(
        request,
        400,
        "We could not read that",
        "Go back, check what you entered, and send it again.",
    )


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return page(request, 403, "You may not do that", "Your role does not allow this.")


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return page(
        request, 404, "Page not found", "Check the address, or start from our privacy page."
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return page(
        request, 500, "Something went wrong on our side", "Nothing was lost. Please try again."
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(
        request,
        403,
        "This page was open for too long",
        "Go back, load the page again and send it once more. Your answers are kept.",
    )
