"""Addresses of the public pages."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.urls import path
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from privacy.web.views import (
    answer,
    appeal,
    authority,
    certificate,
    check,
    child,
    download,
    gpc,
    opt_in,
    question,
    resend_webhooks,
    start,
    status,
    stop,
    stripe_webhook,
    verify,
    withdraw,
)

View = Callable[..., HttpResponseBase]
_plain = require_http_methods(["GET", "HEAD", "POST"])


def private(view: View) -> Any:
    """No copy of the page stays anywhere: not in the browser, not on the way."""
    return cache_control(private=True, no_store=True)(_plain(view))


app_name = "privacy"
REQUEST = "privacy/request/<uuid:draft_id>/"
STATUS = "privacy/status/<str:secret>/"
urlpatterns = [
    path("", _plain(start.home), name="home"),
    path("privacy/", private(start.start), name="start"),
    path("privacy/promises/", _plain(start.promises), name="promises"),
    path("privacy/categories/", _plain(start.categories), name="categories"),
    path("privacy/processors/", _plain(start.processors), name="processors"),
    path("privacy/retention/", _plain(start.retention), name="retention"),
    path(f"{REQUEST}check/", private(check.check), name="check"),
    path(f"{REQUEST}sent/", private(check.sent), name="sent"),
    path(f"{REQUEST}sent/again/", private(check.send_again), name="sent_again"),
    path(f"{REQUEST}<slug:slug>/", private(question.question), name="question"),
    path("privacy/verify/<str:secret>/", private(verify.verify), name="verify"),
    path("privacy/verify/<str:secret>/again/", private(verify.again), name="verify_again"),
    path(STATUS, private(status.status), name="status"),
    path(f"{STATUS}certificate/", private(certificate.certificate), name="certificate"),
    path(f"{STATUS}answer/", private(answer.answer), name="answer"),
    path(f"{STATUS}withdraw/", private(withdraw.withdraw), name="withdraw"),
    path(f"{STATUS}allow-sale/", private(opt_in.allow_sale), name="allow_sale"),
    path(f"{STATUS}allow-sale/confirm/", private(opt_in.confirm_sale), name="confirm_sale"),
    path(f"{STATUS}appeal/", private(appeal.appeal), name="appeal"),
    path(f"{STATUS}appeal/back/", private(appeal.take_back_appeal), name="take_back_appeal"),
    path(f"{STATUS}complaint/", private(appeal.complaint), name="complaint"),
    path(
        f"{STATUS}complaint/back/",
        private(appeal.take_back_complaint),
        name="take_back_complaint",
    ),
    path(f"{STATUS}code/send/", private(download.send_code), name="send_code"),
    path(f"{STATUS}code/", private(download.enter_code), name="code"),
    path(f"{STATUS}package/delete/", private(download.delete), name="delete_package"),
    path("privacy/authority/<str:secret>/", private(authority.authority), name="authority"),
    path("privacy/child/", private(child.child), name="child"),
    path("privacy/child/sent/", _plain(child.sent), name="child_sent"),
    path("privacy/stop/<str:secret>/", private(stop.stop), name="stop"),
    path("privacy/download/<uuid:package_id>/", private(download.download), name="download"),
    path(".well-known/gpc.json", _plain(gpc.support), name="gpc"),
    path("webhooks/stripe/", stripe_webhook.stripe_webhook, name="stripe_webhook"),
    path("webhooks/resend/letters/", resend_webhooks.tracking, name="resend_letters"),
    path("webhooks/resend/mail/", resend_webhooks.inbound, name="resend_mail"),
]
