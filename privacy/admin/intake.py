"""Taking in a request that came by e-mail, phone or letter."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts.models import User
from fluxrouter.foundation.sealed import email_index
from privacy.admin.views import TEMPLATES, page_url, posted, staff
from privacy.letters.texts import ENGLISH
from privacy.letters.versions import LANGUAGES
from privacy.models import PrivacyRequest
from privacy.places import STATES, countries, language_name, place_name
from privacy.rights import GROUPS, without_proof
from privacy.services.intake import Answers, parted, take_in

AT_ONCE = "It is in effect, and the person gets a letter that says so."
TO_CONFIRM = "We asked the person to confirm the address."
TAKE_IN = "privacy.take_in_privacyrequest"
LONGEST_AGO = timedelta(days=366)
# The others are ours: the form's, and that of requests which nobody asked for.
OF_PEOPLE = (
    PrivacyRequest.Channel.EMAIL,
    PrivacyRequest.Channel.PHONE,
    PrivacyRequest.Channel.LETTER,
)
CHANNELS = [(str(channel), str(channel.label)) for channel in OF_PEOPLE]
ROLES = [
    ("account_holder", "They have a FluxRouter account"),
    ("end_user", "They use a service that runs on FluxRouter"),
    ("visitor", "They visited our site or wrote to us"),
    ("agent", "They ask on somebody’s behalf"),
    ("guardian", "They ask for their child, or for somebody in their care"),
]
DETAILS = ("own_email", "customer", "message")
GROUPED = [(name, [(right.value, right.label) for right in rights]) for name, rights in GROUPS]
STATE_CHOICES = [("", ""), *((place_name(each), [*STATES[each].items()]) for each in STATES)]
LANGUAGE_CHOICES = [(code, language_name(code)) for code in LANGUAGES]


def date_and_time() -> forms.SplitDateTimeWidget:
    """Two inputs of the browser's own, each with its name."""
    widget = forms.SplitDateTimeWidget(
        date_attrs={"type": "date", "aria-label": "Date received"},
        time_attrs={"type": "time", "aria-label": "Time received, UTC"},
        date_format="%Y-%m-%d",
        time_format="%H:%M",
    )
    widget.widgets[0].input_type, widget.widgets[1].input_type = "date", "time"
    return widget


class IntakeForm(forms.Form):
    channel = forms.ChoiceField(
        label="How did it come?", choices=CHANNELS, widget=forms.RadioSelect
    )
    received_at = forms.SplitDateTimeField(
        label="When did it reach us? (UTC)",
        help_text="The first moment, even if it lay about since: the time to answer starts then.",
        widget=date_and_time(),
    )
    role = forms.ChoiceField(label="Who asks?", choices=ROLES, widget=forms.RadioSelect)
    rights = forms.MultipleChoiceField(
        label="What do they ask for?",
        choices=GROUPED,
        help_text="What needs no proof is in effect at once, as a request of its own.",
        widget=forms.CheckboxSelectMultiple,
    )
    country = forms.ChoiceField(label="Country", choices=[])
    state = forms.ChoiceField(
        label="State or province (USA and Canada)", choices=STATE_CHOICES, required=False
    )
    elsewhere = forms.ChoiceField(
        label="Another country where they are now, if they say so", choices=[], required=False
    )
    language = forms.ChoiceField(
        label="Language of our letters",
        help_text="A letter that nobody has checked in it yet goes out in English.",
        choices=LANGUAGE_CHOICES,
        initial=ENGLISH,
        required=False,
    )
    email = forms.EmailField(
        label="E-mail address",
        help_text="We write to it and ask them to confirm it, where proof is needed.",
    )
    own_email = forms.EmailField(
        label="The asker’s own e-mail address, if they ask for somebody else",
        help_text="Of an agent or a parent. The address above is then that of the person or the "
        "child. Nobody writes to a child: a parent’s own address is needed.",
        required=False,
    )
    customer = forms.CharField(
        label="The service that they use, if they use one that runs on FluxRouter",
        help_text="As they name it. It is passed on to that customer.",
        max_length=200,
        required=False,
    )
    message = forms.CharField(
        label="What they wrote or said (optional)",
        help_text="Sealed. Only what is needed to answer.",
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 5}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("country", "elsewhere"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker)
            field.choices = [("", ""), *countries()]

    def clean_received_at(self) -> Any:
        received_at, now = self.cleaned_data["received_at"], timezone.now()
        if received_at > now:
            raise forms.ValidationError("This moment is still to come. Times are in UTC.")
        if received_at < now - LONGEST_AGO:
            raise forms.ValidationError("This is more than a year ago. Check the year.")
        return received_at

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("state") not in STATES.get(cleaned.get("country", ""), {}):
            cleaned["state"] = ""
        if cleaned.get("role") == "guardian" and not cleaned.get("own_email"):
            self.add_error("own_email", "Enter the parent’s own address: letters go there.")
        return cleaned

    def answers(self) -> Answers:
        entered = self.cleaned_data
        return Answers(
            role=entered["role"],
            rights=entered["rights"],
            country=entered["country"],
            state=entered["state"],
            also_in=(entered["elsewhere"],) if entered["elsewhere"] else (),
            language=entered["language"] or ENGLISH,
            email=entered["email"],
            details={name: entered[name] for name in DETAILS if entered[name]} or None,
        )


def enter(form: IntakeForm, user: User) -> tuple[PrivacyRequest, bool]:
    """The request, and whether it is new: a second click finds what the first one made."""
    entered = form.cleaned_data
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two clicks of one person queue here
        known = PrivacyRequest.objects.filter(
            email_index=email_index(entered["email"]),
            received_at=entered["received_at"],
            channel=entered["channel"],
            rights=sorted(set(parted(entered["rights"])[0])),
        ).first()
        if known:
            return known, False
        made = take_in(
            form.answers(),
            channel=entered["channel"],
            received_at=entered["received_at"],
            actor=str(user.pk),
        )
    return made, True


def intake_view(request: HttpRequest, site: AdminSite) -> HttpResponse:
    user = staff(request)
    if not user.has_perm(TAKE_IN):
        raise PermissionDenied
    form = IntakeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        made, is_new = enter(form, user)
        at_once = without_proof(made.rights)
        said = f"is taken in. {AT_ONCE if at_once else TO_CONFIRM}"
        messages.success(
            request, f"{made.reference} {said if is_new else 'was taken in already.'}"
        )
        return redirect(page_url(made))
    context = {
        **site.each_context(request),
        "title": "Take in a request",
        "opts": PrivacyRequest._meta,
        "form": form,
    }
    return TemplateResponse(request, TEMPLATES + "take_in.html", context)
