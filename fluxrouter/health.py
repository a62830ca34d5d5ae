"""Is it alive, is it ready."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from fluxrouter.foundation.alarms import open_alarms


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """503 while the database is away or an alarm is open; the alarms' codes say which."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        codes = sorted(set(open_alarms().values_list("code", flat=True)))
    except Exception:
        return JsonResponse({"ready": False, "alarms": ["database_away"]}, status=503)
    return JsonResponse({"ready": not codes, "alarms": codes}, status=503 if codes else 200)
