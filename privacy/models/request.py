"""A data-subject request."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils import timezone

from fluxrouter.foundation.sealed import SealedField, SealedModel
from fluxrouter.foundation.trail import SYSTEM, append_event
from privacy.rights import Right
from privacy.states import CLOSED, Status, TransitionError, check_transition


class PrivacyRequest(SealedModel):
    """Who asks for what. Its id is also the id of its event chain and of its data key."""

    class Role(models.TextChoices):
        ACCOUNT_HOLDER = "account_holder", "I have a FluxRouter account"
        END_USER = "end_user", "I use a service that runs on FluxRouter"
        VISITOR = "visitor", "I visited your site or wrote to you"
        AGENT = "agent", "I ask on somebody’s behalf"
        GUARDIAN = "guardian", "I ask for my child, or for somebody in my care"
        CHILD_REPORT = "child_report", "I report that a child gave you data"

    class Channel(models.TextChoices):
        WEB = "web", "Web form"
        EMAIL = "email", "E-mail"
        PHONE = "phone", "Phone"
        LETTER = "letter", "Letter"
        SYSTEM = "system", "Our own systems"  # an erasure repeated, or a fire drill

    reference = models.CharField(max_length=14, unique=True)
    role = models.CharField(max_length=20, choices=Role)
    rights = ArrayField(models.CharField(max_length=20, choices=Right))
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.WEB)
    country = models.CharField(max_length=2)
    state = models.CharField(max_length=3, blank=True)
    also_in = ArrayField(models.CharField(max_length=6), default=list, blank=True)  # as DE, US-CA
    language = models.CharField(max_length=5, default="en")  # that letters are written in
    status = models.CharField(max_length=12, choices=Status, default=Status.RECEIVED)

    email = SealedField()
    email_index = models.BinaryField(max_length=32, null=True)
    corrections = SealedField()  # JSON: new values by field (`privacy.correctable`)
    details = SealedField()  # JSON: the customer's name, the person represented, a message

    received_at = models.DateTimeField()
    due_on = models.DateField()  # the earliest safe date of what is still to be answered
    laws = models.JSONField(default=dict)  # {"regimes": [ids], "versions": {id: SHA-256}}
    is_urgent = models.BooleanField(default=False)  # a child's data
    split_from = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    verified_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    key_destroyed_at = models.DateTimeField(null=True)

    round = models.PositiveSmallIntegerField(default=0)  # which look-up the plan rests on
    plan = models.JSONField(default=dict)  # as the approver saw it
    refs = models.JSONField(default=dict)  # ids of the person's records, per system
    # What filed it and approves it, as `privacy.standing_rules` names it; "" for people.
    standing_rule = models.CharField(max_length=20, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(fields=["due_on"], name="request_queue"),
            models.Index(fields=["email_index"], name="request_by_email"),
        ]
        ordering = ["due_on", "received_at"]
        verbose_name = "request"
        permissions = [
            ("handle_privacyrequest", "Can work on requests"),
            ("approve_privacyrequest", "Can approve, deny and give the second approval"),
            ("take_in_privacyrequest", "Can enter a request that came by mail, phone or letter"),
            ("reveal_privacyrequest", "Can reveal a request's contact details"),
            ("decide_appeal", "Can decide appeals and complaints"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.status not in CLOSED

    def lock(self) -> "PrivacyRequest":
        """The row as it is now; nobody else changes it until the transaction ends.

        Rows that refer to it may be added meanwhile: who adds them may hold what we wait for.
        """
        return PrivacyRequest.objects.select_for_update(no_key=True).get(pk=self.pk)

    def record(self, code: str, *, actor: str = SYSTEM, **data: Any) -> None:
        """Append to this request's trail."""
        append_event(self.pk, code, actor=actor, given=data)

    def transition_to(
        self, new: Status, *, actor: str = SYSTEM, reason: str = "", **changes: Any
    ) -> None:
        """Move to `new`, with `changes` to other columns, and tell the trail; all or nothing.

        Raises TransitionError when the table forbids it or somebody else was faster.
        `reason` is a code.
        """
        old = Status(self.status)
        check_transition(old, new)
        if new in CLOSED and self.closed_at is None:  # what follows later is no later answer
            changes["closed_at"] = timezone.now()
        with transaction.atomic():
            rows = PrivacyRequest.objects.filter(pk=self.pk, status=old)
            if not rows.update(status=new, **changes):
                raise TransitionError("Somebody else moved this request first.")
            self.record(f"request.{new}", actor=actor, was=str(old), reason=reason)
        self.status = new
        for field, value in changes.items():
            setattr(self, field, value)

    def days_left(self, now: datetime) -> int:
        return (self.due_on - now.date()).days
