"""Who was told of a change, as the page of a request shows it."""

from datetime import datetime
from typing import Any, NamedTuple

from privacy.models import DownstreamNotice, PrivacyRequest
from privacy.selectors.notices import notices
from privacy.services.downstream import duties

WAYS = {
    DownstreamNotice.Way.CALL: "By its interface",
    DownstreamNotice.Way.TASK: "By hand, with a letter",
    DownstreamNotice.Way.NOTHING: "Nothing to tell",
}


class NoticeRow(NamedTuple):
    company: str
    kind: str
    how: str
    state: str
    told_at: datetime | None
    acknowledged_at: datetime | None
    excuse: str


def notice_page(request: PrivacyRequest) -> dict[str, Any]:
    """For the template: nothing when the request changes nothing, or hasn't begun."""
    rows = [
        NoticeRow(
            each.recipient.title,
            str(each.kind.label),
            WAYS[each.way],
            each.state,
            each.told_at,
            each.acknowledged_at,
            each.excuse,
        )
        for each in notices(request)
    ]
    return {"notices": rows, "duties": duties(request) if rows else []}
