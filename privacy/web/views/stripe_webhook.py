"""Where Stripe says that something happened (docs.stripe.com/webhooks)."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from privacy.connectors.stripe.webhook import BadSignatureError
from privacy.services import webhooks

LONGEST = 1024 * 1024  # bytes; an event holds one object


@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """The signature is over the bytes as they came, so nothing may parse them before."""
    if not settings.STRIPE_WEBHOOK_SECRET:
        raise Http404
    body = request.read(LONGEST + 1)
    if len(body) > LONGEST:
        return HttpResponse(status=413)
    try:
        webhooks.take_in(body, request.headers.get("Stripe-Signature", ""))
    except BadSignatureError:
        return HttpResponse(status=400)
    return HttpResponse(status=200)
