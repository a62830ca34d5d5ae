"""What a rule can say, apart from periods."""

from enum import StrEnum

from pydantic import StrictBool

from privacy.regimes.spans import Number, Span, Strict


class Grant(Strict):
    """A right. `limits` narrow it, `duties` are owed on top."""

    granted: StrictBool
    limits: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()


class Naming(StrEnum):
    """How exactly the recipients of someone's data are told, least first."""

    NONE = "none"
    CATEGORIES = "categories"
    NAMED = "named"


class Recipients(Strict):
    naming: Naming
    limits: tuple[str, ...] = ()


class Proof(StrEnum):
    """How sure we may ask to be who asks, least first."""

    NONE = "none"
    LOW = "low"
    REASONABLE = "reasonable"
    SUBSTANTIAL = "substantial"
    HIGH = "high"


class Verification(Strict):
    """The most proof that may be asked for, by right, and what may never be asked."""

    most: dict[str, Proof] = {}
    forbidden: tuple[str, ...] = ()


class FreeRequests(Strict):
    """`free` requests in `months`, or any number. Afterwards: a fee, or `refusals` as grounds."""

    free: Number | None = None
    months: Number | None = None
    fee: StrictBool = False
    refusals: tuple[str, ...] = ()


class Scope(StrEnum):
    """For which requests somebody may act for the person, least first."""

    GUARDIANS = "guardians"
    OPT_OUT = "opt_out"
    ALL = "all"


class Agents(Strict):
    """Who may act for the person; the proof we may demand, and what may not be demanded."""

    scope: Scope
    demands: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()


class Authority(Strict):
    name: str
    url: str


class Appeal(Strict):
    """Whether we look again when asked, how long one may ask, and who else decides."""

    available: StrictBool
    window: Span | None = None
    escalate: tuple[Authority, ...] = ()
    court: StrictBool = False
    must_state: tuple[str, ...] = ()


class Signal(Strict):
    """Whether a browser's opt-out signal must be obeyed."""

    honour: StrictBool


class Silence(Strict):
    """Whether no answer in time is a refusal, which opens the way to the authority."""

    is_refusal: StrictBool


class Records(Strict):
    """How long the record of a request is kept at least; none means the law names no period."""

    months: Number | None = None


class Hold(Strict):
    """Whether data that was asked for must outlast the way to the authority."""

    holds: StrictBool
    days: Number | None = None


class Keeping(Strict):
    """Months for which data must stay although its erasure was asked for."""

    months: Number


class Downstream(Strict):
    """Who is told of a correction or an erasure, and what excuses from it."""

    processors: StrictBool
    recipients: StrictBool
    months: Number | None = None
    excuses: tuple[str, ...] = ()


class Child(Strict):
    """Below which age a parent decides; member states may have their own."""

    age: Number
    states: dict[str, Number] = {}


class Withheld(Strict):
    """Kinds of data that are named in an answer and never shown."""

    items: tuple[str, ...]


class Letter(Strict):
    """What a letter has to say."""

    must_state: tuple[str, ...]
