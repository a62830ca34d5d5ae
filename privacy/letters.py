"""The letters that we mail, as one table."""

from typing import NamedTuple

from privacy.models.token import MailToken

Kind = MailToken.Kind


class Letter(NamedTuple):
    """A letter: its subject, which secrets it carries, and to whom it goes.

    `on_file` sends it to the addresses of the person's accounts as we hold them, not to the one
    given with the request (when these differ).
    """

    subject: str
    links: tuple[str, ...] = ()
    on_file: bool = False


# By action of the ledger's `mail` steps; the text is templates/privacy/mail/<action>.txt.
LETTERS: dict[str, Letter] = {
    "verify": Letter("Please confirm your privacy request", (Kind.VERIFY,)),
    "confirmed": Letter("Your privacy request is confirmed", (Kind.STATUS,)),
    "erasure_approved": Letter("We are about to erase your data", (Kind.STATUS, Kind.STOP)),
    "erasure_notice": Letter("Somebody asked us to erase your data", (Kind.STOP,), on_file=True),
    "package_ready": Letter("Your data is ready to download", (Kind.STATUS,)),
    "download_code": Letter("Your download code", (Kind.DOWNLOAD,)),
    "erased": Letter("Your data is erased", (Kind.STATUS,)),
    "done": Letter("Your privacy request is done", (Kind.STATUS,)),
    "denied": Letter("Our answer to your privacy request", (Kind.STATUS,)),
    "unconfirmed": Letter("We could not confirm your privacy request"),
    "withdrawn": Letter("Your privacy request is withdrawn"),
    "status_link": Letter("The status of your privacy request", (Kind.STATUS,)),
}
