"""Letters to processors: what we ask them to erase, and by which ids they know the person."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from fluxrouter.foundation.crypto import SealError
from fluxrouter.foundation.keystore import KeyGoneError
from privacy import letters
from privacy.connectors.base import Outcome
from privacy.letters import Facts, Rendered
from privacy.letters.parts import Identifier
from privacy.models import FulfilmentStep, ManualTask
from privacy.processors import Processor, processor_of
from privacy.rights import Right
from privacy.selectors.refusals import granted_rights
from privacy.selectors.tasks import is_open
from privacy.services import mail
from privacy.services.fulfilment import ledger
from privacy.services.fulfilment.context import Context
from privacy.services.manual import reference_of
from privacy.services.nudge import nudge
from privacy.services.review import ReviewError

LETTER = "processor_erasure"
NO_ERASURE = (
    "The letter asks for an erasure, and this person asked for none. Do it in the processor’s "
    "dashboard, or write to the processor yourself."
)
SHORTEST = timedelta(days=3)  # that a processor gets, however late we are
State = FulfilmentStep.State

# By processor: what it may know the person by. It learns nothing else from us.
KNOWN_BY: dict[str, tuple[str, ...]] = {
    "stripe": ("email", "customers"),
    "supabase": ("email", "auth_users"),
    "resend": ("email",),
    "chatbase": ("email", "auth_users"),
    "openai": ("objects",),
    "anthropic": ("objects",),
    "gemini": ("objects",),
}
NAMES = {
    "email": "E-mail address",
    "customers": "Customer id",
    "auth_users": "User id",
    "objects": "Object",
}


def identifiers(task: ManualTask) -> tuple[Identifier, ...]:
    """What the processor may find the person by. Personal."""
    request = task.step.request
    known: dict[str, Callable[[], list[str]]] = {
        "email": lambda: [request.read("email")],
        "customers": lambda: request.refs.get("customers", []),
        "auth_users": lambda: request.refs.get("auth_users", []),
        "objects": lambda: objects(task),
    }
    kinds = KNOWN_BY.get(task.processor, ())
    return tuple(
        Identifier(NAMES[kind], value) for kind in kinds for value in known[kind]() if value
    )


def objects(task: ManualTask) -> list[str]:
    """As they were at the approval; or what the system's own connector found there."""
    found = Context(task.step.request).receipt(task.step.action, "discover", "prepare")
    refs = [f"{kind}/{item}" for kind, ids in found.get("refs", {}).items() for item in ids]
    return task.step.cursor.get("objects") or refs


def problem(task: ManualTask) -> str:
    """Why no letter can be made, in words for staff; "" when one can."""
    if Right.ERASURE not in granted_rights(task.step.request):
        return NO_ERASURE
    try:
        known = identifiers(task)
    except (KeyGoneError, SealError):
        return "The key of this request is gone: nobody can say whom it is about."
    return "" if known else "We hold nothing that this processor knows the person by."


def compose(task: ManualTask) -> Rendered:
    """The letter exactly as it is sent. Personal. Raises MissingElementError or KeyGoneError."""
    facts = Facts(
        site=settings.SITE_NAME,
        processor=processor_of(task.processor).title,
        identifiers=identifiers(task),
        task_reference=reference_of(task),
        task_due_on=max(task.due_on, timezone.now().date() + SHORTEST),
        reply_to=settings.PRIVACY_OFFICER_EMAIL,
    )
    return letters.render(LETTER, facts)


def goes_by_mail(processor: Processor) -> bool:
    """Or else staff copy the letter into the processor's web form."""
    return "@" in processor.contact and "/" not in processor.contact


def letter_step(task: ManualTask) -> FulfilmentStep | None:
    """The letter in the ledger, if it was ordered."""
    steps = task.step.request.steps.filter(connector="mail", action=LETTER)
    return steps.filter(object=str(task.pk)).first()


def preview(task: ManualTask, *, actor: User) -> Rendered:
    """The letter, for staff's eyes: the trail says who saw it, as it names the person."""
    letter = compose(task)
    with transaction.atomic():
        task.step.request.record(
            "processor.letter_shown", actor=str(actor.pk), processor=task.processor
        )
    return letter


def write_to_processor(task: ManualTask, *, actor: User) -> None:
    """Order the letter, or write down that staff sent it through the web form. Once."""
    by_mail = goes_by_mail(processor_of(task.processor))
    if Right.ERASURE not in granted_rights(task.step.request):
        raise ReviewError(NO_ERASURE)
    compose(task)  # a letter that can't be made isn't ordered
    with transaction.atomic():
        request = task.step.request.lock()
        task = ManualTask.objects.select_related("step__request").get(pk=task.pk)
        if not is_open(task):
            raise ReviewError("This task isn’t open any more.")
        if task.letter_at or letter_step(task):
            raise ReviewError("This letter is written already.")
        request.record(
            "processor.written",
            actor=str(actor.pk),
            processor=task.processor,
            how="mail" if by_mail else "form",
        )
        if by_mail:
            order(task)
        else:
            ManualTask.objects.filter(pk=task.pk).update(letter_at=timezone.now())


def order(task: ManualTask) -> None:
    FulfilmentStep.objects.create(
        request=task.step.request,
        connector="mail",
        action=LETTER,
        object=str(task.pk),
        position=task.step.position,
        state=State.READY,
        not_before=timezone.now(),
    )
    nudge()


def send(step: FulfilmentStep, context: Context) -> Outcome:
    """Send an ordered letter to the processor, unless its task was closed meanwhile."""
    task = ManualTask.objects.select_related("step__request").get(pk=step.object)
    if not is_open(task):
        return Outcome(receipt={"sent": 0})
    letter = compose(task)
    ledger.check_held(step)
    mail.post(
        step,
        letter,
        processor_of(task.processor).contact,
        reply_to=settings.PRIVACY_OFFICER_EMAIL,
    )
    ManualTask.objects.filter(pk=task.pk).update(letter_at=timezone.now())
    return Outcome(receipt={"sent": 1})
