"""Answering our question from the status page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from privacy.models import MailToken
from privacy.selectors.questions import open_question
from privacy.services import questions
from privacy.services.review import ReviewError
from privacy.web.answer_form import AnswerForm
from privacy.web.views.tokens import with_status

PAGE = "privacy/web/answer.html"


@with_status
def answer(request: HttpRequest, token: MailToken, secret: str) -> HttpResponse:
    """409 when it is answered already, or the request has ended: nothing is written over."""
    privacy_request = token.request
    question = open_question(privacy_request)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    values = {"secret": secret, "privacy_request": privacy_request, "question": question}
    if question is None:
        status = 409 if request.method == "POST" else 200
        return render(request, PAGE, values, status=status)
    if request.method == "POST" and form.is_valid():
        try:
            questions.answer(privacy_request, form.cleaned_data["answer"])
        except ReviewError:
            return render(request, PAGE, {**values, "question": None}, status=409)
        return redirect("privacy:status", secret=secret)
    return render(request, PAGE, {**values, "form": form})
