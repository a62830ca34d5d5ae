"""That a child's data goes when somebody tells us of it."""

from datetime import timedelta

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from privacy.letters import LETTERS
from privacy.models import PrivacyRequest
from privacy.rights import RIGHTS, Right
from privacy.services import children
from privacy.services.policy_checks.promise import require, require_none
from privacy.states import TRANSITIONS, Status

LONGEST = timedelta(days=3)  # that a report may wait for staff
TELLING_NOTHING = {"site", "contact", "reference", "offices"}


def childrens_data_is_deleted() -> None:
    """A way to tell us that needs no proof, letters that give no child away, two people who erase,
    and no report that lies about.
    """
    try:
        reverse("privacy:child")
    except NoReverseMatch:
        require(False, "Nobody can report a child’s data: it has no page.")
    require(Status.IN_REVIEW in TRANSITIONS[Status.RECEIVED], "A report would wait for a proof.")
    talkative = [
        name
        for name in (children.RECEIVED, children.DONE)
        if LETTERS[name].facts - TELLING_NOTHING
    ]
    require_none(talkative, "Letters that tell of the child")
    require(RIGHTS[Right.ERASURE].approvers > 1, "One person alone could erase by a report.")
    require_none(forgotten(), "Reports that wait for staff too long")


def forgotten() -> list[str]:
    oldest = timezone.now() - LONGEST
    rows = PrivacyRequest.objects.filter(
        role=PrivacyRequest.Role.CHILD_REPORT,
        status=Status.IN_REVIEW,
        received_at__lt=oldest,
    )
    return [request.reference for request in rows if not children.why_not(request)]
