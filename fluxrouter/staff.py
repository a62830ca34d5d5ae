"""The admin site: Django's, with our name, the open alarms on every page, and a dashboard."""

from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from fluxrouter.foundation.alarms import open_alarms


class AlarmRow(NamedTuple):
    """An alarm in words ({} is the number), and the page that shows what it is about."""

    one: str
    many: str
    model: str = "foundation.alarm"
    query: str = ""


ALARMS: dict[str, AlarmRow] = {
    "request_overdue": AlarmRow(
        "1 request is overdue", "{} requests are overdue", "privacy.privacyrequest", "?due=overdue"
    ),
    "clock_overdue": AlarmRow(
        "1 date beside the answer’s has passed",
        "{} dates beside the answers’ have passed",
        "privacy.privacyrequest",
    ),
    "deemed_refused": AlarmRow(
        "Our silence on 1 request is a refusal by law",
        "Our silence on {} requests is a refusal by law",
        "privacy.privacyrequest",
        "?due=overdue",
    ),
    "extension_void": AlarmRow(
        "1 extension gives no time", "{} extensions give no time", "privacy.privacyrequest"
    ),
    "law_changed": AlarmRow(
        "1 law changed while requests are open", "{} laws changed while requests are open"
    ),
    "step_parked": AlarmRow(
        "1 step waits for a person",
        "{} steps wait for a person",
        "privacy.privacyrequest",
        "?status=all&waiting=step",
    ),
    "step_in_vain": AlarmRow(
        "1 step asks in vain",
        "{} steps ask in vain",
        "privacy.privacyrequest",
        "?status=all",
    ),
    "task_overdue": AlarmRow(
        "1 task by hand is overdue",
        "{} tasks by hand are overdue",
        "privacy.manualtask",
        "?due=overdue",
    ),
    "appeal_overdue": AlarmRow(
        "1 appeal or complaint is overdue",
        "{} appeals or complaints are overdue",
        "privacy.appeal",
        "?due=overdue",
    ),
    "letter_bounced": AlarmRow(
        "A letter came back",
        "Letters of {} requests came back",
        "privacy.privacyrequest",
        "?status=all&waiting=letter",
    ),
    "hold_review": AlarmRow(
        "1 legal hold must be reviewed",
        "{} legal holds must be reviewed",
        "retention.legalhold",
        "?state=open",
    ),
    "dormant_letter_refused": AlarmRow(
        "The owner of 1 unused account can’t be told",
        "The owners of {} unused accounts can’t be told",
        "foundation.alarm",
    ),
    "mail_waiting": AlarmRow(
        "1 mail waits too long", "{} mails wait too long", "privacy.inboundmail"
    ),
    "child_report": AlarmRow(
        "1 report of a child’s data waits",
        "{} reports of a child’s data wait",
        "privacy.privacyrequest",
    ),
    "forwarding_late": AlarmRow(
        "1 request of a customer’s end user is late",
        "{} requests of customers’ end users are late",
        "privacy.privacyrequest",
    ),
    "drill_failed": AlarmRow("The last fire drill failed", "Fire drills failed", "privacy.drill"),
    "gateway_silent": AlarmRow(
        "1 gateway stopped asking what is restricted",
        "{} gateways stopped asking what is restricted",
    ),
    "retirement_waits": AlarmRow(
        "1 day of calls can’t go: somebody reads it",
        "{} days of calls can’t go: somebody reads them",
        "retention.retirement",
        "?state__exact=summed_up",
    ),
    "window_missed": AlarmRow(
        "1 job of the retention schedule missed its time",
        "{} jobs of the retention schedule missed their time",
        "foundation.jobrun",
    ),
    "job_failed": AlarmRow("1 periodic job failed", "{} periodic jobs failed"),
    "database_exposed": AlarmRow(
        "A table is open to the Data API", "Tables are open to the Data API"
    ),
}


class Banner(NamedTuple):
    """One line of the alarm banner; `url` is empty for whoever may not open its page."""

    text: str
    url: str
    code: str


def banners(user: Any) -> list[Banner]:
    """The open alarms, one line per code; and what no job can raise an alarm about."""
    # Models are ready only now.
    from retention.services.watch import missed_windows  # noqa: PLC0415

    counts: dict[str, int] = {}
    for code in open_alarms().order_by("raised_at").values_list("code", flat=True):
        counts[code] = counts.get(code, 0) + 1
    if missed := missed_windows(timezone.now()):
        counts["window_missed"] = len(missed)
    return [banner(code, number, user) for code, number in counts.items()]


def banner(code: str, number: int, user: Any) -> Banner:
    words = code.replace("_", " ").capitalize()
    row = ALARMS.get(code) or AlarmRow(words, f"{words} ({{}})")
    app, model = row.model.split(".")
    may_open = user.has_perm(f"{app}.view_{model}")
    url = reverse(f"admin:{app}_{model}_changelist") + row.query if may_open else ""
    return Banner(row.one if number == 1 else row.many.format(number), url, code)


class StaffSite(AdminSite):
    """Signing in needs an active member of staff; what they see is their role's."""

    site_header = f"{settings.SITE_NAME} data rights"
    site_title = f"{settings.SITE_NAME} data rights"
    index_title = "Today"
    enable_nav_sidebar = False  # it needs JavaScript to be of use

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        alarms = banners(request.user) if self.has_permission(request) else []
        return {**super().each_context(request), "alarms": alarms}

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        # Models are ready only now.
        from privacy.admin.chart import due_chart  # noqa: PLC0415
        from privacy.admin.queue import dashboard  # noqa: PLC0415

        context = dict(extra_context or {})
        if request.user.has_perm("privacy.view_privacyrequest"):
            context |= {"numbers": dashboard(), "chart": due_chart()}
        return super().index(request, context)
