"""Finding a person's contacts and mails at Resend."""

from collections.abc import Iterator
from email.utils import parseaddr

from accounts.models import Account
from fluxrouter.foundation.crypto import fold_address
from privacy.connectors.base import Discovery, Subject
from privacy.connectors.resend.client import Resend
from privacy.connectors.rest import Json
from privacy.grounds import Ground

RECIPIENTS = ("to", "cc", "bcc", "reply_to")


def spellings(subject: Subject) -> list[str]:
    """The address in every spelling that we know: whether Resend heeds the case isn't said."""
    accounts = Account.objects.filter(pk__in=subject.refs.get("accounts", []))
    spelled = {subject.email, *accounts.values_list("email", flat=True)}
    return sorted({*spelled, *map(fold_address, spelled)})


def contacts(resend: Resend, subject: Subject) -> dict[str, Json]:
    """By id."""
    found = map(resend.contact, spellings(subject))
    return {contact["id"]: contact for contact in found if contact}


def suppressions(resend: Resend, subject: Subject) -> list[Json]:
    found = map(resend.suppression, spellings(subject))
    return list({row["id"]: row for row in found if row}.values())


def sent_mail(resend: Resend, subject: Subject) -> Iterator[Json]:
    """The log's rows of mails to or from the person, without anybody else's address."""
    mine = {fold_address(each) for each in spellings(subject)}
    for mail in resend.sent():
        own = {
            name: [each for each in _listed(mail, name) if _bare(each) in mine]
            for name in RECIPIENTS
        }
        if any(own.values()):
            yield {**mail, **own}


def _listed(mail: Json, name: str) -> list[str]:
    value = mail.get(name) or []
    return [value] if isinstance(value, str) else list(map(str, value))


def _bare(recipient: str) -> str:
    """`Ann <ann@example.org>` without the name."""
    return fold_address(parseaddr(recipient)[1])


def discover(resend: Resend, subject: Subject) -> Discovery:
    held = contacts(resend, subject)
    kept = {
        "sent_mail": (sum(1 for _ in sent_mail(resend, subject)), Ground.MAIL_LOG),
        "suppression": (len(suppressions(resend, subject)), Ground.NO_MAIL),
    }
    discovery = Discovery(refs={"contacts": sorted(held)})
    if held:
        discovery.found["contact"] = discovery.erase["contact"] = len(held)
    for kind, (number, ground) in kept.items():
        if number:
            discovery.found[kind] = number
            discovery.keep.append({"what": kind, "count": number, "ground": ground.value})
    return discovery
