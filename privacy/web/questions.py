"""The order of the questions: which comes next, which was before, which is still open."""

from collections.abc import Callable
from typing import Any, NamedTuple

from privacy.models import PrivacyRequest
from privacy.selectors.people import ACTS_FOR
from privacy.web import forms, people_forms, place_forms

Role = PrivacyRequest.Role
Answers = dict[str, Any]

ASKED_TO_EXPLAIN = {"rectification", "restriction", "objection"}


def always(answers: Answers) -> bool:
    return True


class Question(NamedTuple):
    """A page of the form. `needed` says whether it is asked; `open` whether it must still be."""

    slug: str
    form: type[forms.QuestionForm]
    needed: Callable[[Answers], bool] = always
    required: str = ""  # the answer without which the request can't be sent


QUESTIONS = (
    Question("role", forms.RoleForm),
    Question("which", forms.CustomerForm, lambda given: given.get("role") == Role.END_USER),
    Question(
        "person", forms.PersonForm, lambda given: given.get("role") == Role.AGENT, "permission"
    ),
    Question("child", people_forms.ChildForm, lambda given: given.get("role") == Role.GUARDIAN),
    Question(
        "own", people_forms.OwnForm, lambda given: given.get("role") in ACTS_FOR, "own_email"
    ),
    Question("rights", forms.RightsForm, required="rights"),
    Question(
        "message",
        forms.MessageForm,
        lambda given: bool(ASKED_TO_EXPLAIN.intersection(given.get("rights", ()))),
    ),
    Question("place", place_forms.PlaceForm, required="country"),
    Question("state", place_forms.StateForm, lambda given: given.get("country") == "US"),
    Question("province", place_forms.ProvinceForm, lambda given: given.get("country") == "CA"),
    Question("elsewhere", place_forms.ElsewhereForm, place_forms.may_be_protected_elsewhere),
    Question("email", forms.EmailForm, required="email"),
    Question("language", place_forms.LanguageForm, place_forms.has_another_language),
)
BY_SLUG = {question.slug: question for question in QUESTIONS}
# Questions whose answer may bring up another one.
LEADS_TO = {
    "role": ("which", "person", "child", "own"),
    "place": ("state", "province", "elsewhere"),
    "state": ("elsewhere",),
    "province": ("elsewhere",),
    "rights": ("message",),
}


def next_slug(slug: str, answers: Answers, *, changing: bool) -> str:
    """The page after `slug`. A changed answer leads back to the check, or to what it opens."""
    if changing:
        opened = (BY_SLUG[each] for each in LEADS_TO.get(slug, ()))
        return next((each.slug for each in opened if is_new(each, answers)), "check")
    later = QUESTIONS[QUESTIONS.index(BY_SLUG[slug]) + 1 :]
    return next((each.slug for each in later if each.needed(answers)), "check")


def is_new(question: Question, answers: Answers) -> bool:
    """Asked by these answers, and not answered yet."""
    return question.needed(answers) and not any(
        name in answers for name in question.form.base_fields
    )


def previous_slug(slug: str, answers: Answers) -> str | None:
    """The page before `slug`; None when it is the first."""
    earlier = reversed(QUESTIONS[: QUESTIONS.index(BY_SLUG[slug])])
    return next((each.slug for each in earlier if each.needed(answers)), None)


def last_slug(answers: Answers) -> str:
    """The page before the check."""
    return next(each.slug for each in reversed(QUESTIONS) if each.needed(answers))


def first_open(answers: Answers) -> str | None:
    """The first question without whose answer nothing can be sent; None when all are there."""
    return next(
        (
            each.slug
            for each in QUESTIONS
            if each.required and each.needed(answers) and not answers.get(each.required)
        ),
        None,
    )
