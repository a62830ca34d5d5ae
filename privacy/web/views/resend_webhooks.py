"""Where the mail service says what became of our letters, and that mail came for us.

anymail reads and checks both (anymail.dev/en/stable/esps/resend/#status-tracking-webhooks). What
it hands on is cut down to a head before anything of ours sees it.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from anymail.exceptions import AnymailConfigurationError, AnymailWebhookValidationFailure
from anymail.signals import EventType
from anymail.webhooks.resend import ResendInboundWebhookView, ResendTrackingWebhookView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from privacy.services.inbound import announced
from privacy.services.post import delivery

NO_EVENT = (AnymailConfigurationError, ValueError, LookupError, TypeError, AttributeError)
LONGEST = 1024 * 1024  # bytes; an event lists addresses and names of files, and no content


class Checked:
    """Refuses every bad signature alike: what isn't base64 or UTF-8 raises other errors there."""

    def run_validators(self, request: HttpRequest) -> None:
        try:
            super().run_validators(request)  # type: ignore[misc]  # the view has it
        except ValueError:
            raise AnymailWebhookValidationFailure("not a signature") from None

    def parse_events(self, request: HttpRequest) -> list[Any]:
        """Signed, and yet not what we know: refused for good, so that it isn't sent for ever."""
        try:
            found: list[Any] = super().parse_events(request)  # type: ignore[misc]
        except NO_EVENT:
            raise AnymailWebhookValidationFailure("not an event") from None
        return found


class Tracking(Checked, ResendTrackingWebhookView):  # type: ignore[misc]  # anymail has no types
    """Status of letters. Two kinds of event are newer than anymail's table."""

    event_types: ClassVar = {
        **ResendTrackingWebhookView.event_types,
        "email.failed": EventType.FAILED,
        "email.suppressed": EventType.REJECTED,
    }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.run_validators(request)
        for event in self.parse_events(request):
            delivery.take_in(
                delivery.Head(
                    str(event.event_id or ""),
                    str(event.event_type),
                    str(event.message_id or ""),
                    event.timestamp,
                )
            )
        return HttpResponse()


class Inbound(Checked, ResendInboundWebhookView):  # type: ignore[misc]  # anymail has no types
    """Mail for us. The event names it; its content is fetched later, with limits."""

    def _fetch_inbound_email(self, email_id: str) -> None:
        return None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.run_validators(request)
        for event in self.parse_events(request):
            message_id = (event.esp_event.get("data") or {}).get("email_id")
            announced.take_in(str(message_id or ""), event.timestamp)
        return HttpResponse()


tracking_view = Tracking.as_view()
inbound_view = Inbound.as_view()


def when_set(secret: str, view: Callable[..., HttpResponseBase]) -> Callable[..., Any]:
    """Without its secret there is no such page: nothing unsigned is ever read."""

    @csrf_exempt
    @require_POST
    def page(request: HttpRequest) -> HttpResponseBase:
        if not settings.ANYMAIL.get(secret):
            raise Http404
        body = request.read(LONGEST + 1)
        if len(body) > LONGEST:
            return HttpResponse(status=413)
        request._body = body  # where `request.body`, which has forms' limit, looks first
        return view(request)

    return page


tracking = when_set("RESEND_SIGNING_SECRET", tracking_view)
inbound = when_set("RESEND_INBOUND_SECRET", inbound_view)
