"""Is it alive, is it ready."""

from datetime import timedelta

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from fluxrouter.foundation.alarms import open_alarms
from fluxrouter.foundation.models import JobRun
from retention.services.watch import missed_windows

UNREADY = {"database_away", "database_exposed"}
LONGEST_SILENCE = timedelta(minutes=5)  # a job is due each minute


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """Which alarms are open, by code. 503 only where serving on would do harm or can't work:
    an alarm about one request must not take the site away from everybody.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        codes = set(open_alarms().values_list("code", flat=True)) | silence()
    except Exception:
        codes = {"database_away"}
    ready = not codes & UNREADY
    answer = {"ready": ready, "alarms": sorted(codes)}
    return JsonResponse(answer, status=200 if ready else 503)


def silence() -> set[str]:
    """A scheduler that is dead can't raise an alarm, so whoever asks for readiness looks."""
    last = JobRun.objects.filter(job="mail_alarms").order_by("-window").first()
    now = timezone.now()
    silent = last and now - last.window > LONGEST_SILENCE
    found = {"scheduler_silent": silent, "window_missed": missed_windows(now)}
    return {code for code, is_so in found.items() if is_so}
