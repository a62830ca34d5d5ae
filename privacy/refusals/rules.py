"""Where a reason counts: under which laws, for which rights, and by which article."""

from fnmatch import fnmatchcase

from privacy.refusals.table import REASONS, Extent, Reason, Use
from privacy.regimes.loader import DEFAULT, regime_files
from privacy.regimes.resolver import Law, Laws, grants
from privacy.rights import Right, in_regimes

SILENT = "No such rule found"  # so a file says that its law was searched in vain


def holds(reason: Reason, law: str) -> bool:
    """Whether a law, by its id, has the reason."""
    return reason.everywhere or any(fnmatchcase(law, each.laws) for each in reason.sources)


def article(reason: Reason, law: str) -> str:
    """Where a law has the reason, "" when it has none of its own."""
    fitting = [each.citation for each in reason.sources if fnmatchcase(law, each.laws)]
    return next(filter(None, fitting), "") or of_file(reason, law, named=bool(fitting))


def of_file(reason: Reason, law: str, *, named: bool) -> str:
    """The citation of the rule that the reason rests on, or of the act that has it."""
    regime = regime_files().get(law)
    if regime is None or law == DEFAULT:
        return ""
    rule = getattr(regime.duties, reason.rule) if reason.rule else None
    if rule and rule.value is not None and not rule.citation.startswith(SILENT):
        return str(rule.citation)
    return regime.act if named else ""


def counts(code: str, right: str, laws: Laws) -> bool:
    """Whether a right may be refused with a reason under the laws of a request.

    Every law that likely binds us and grants the right must have the reason, and one of the laws
    in any case. What holds in one state is no reason against somebody whom another law protects.
    """
    reason = REASONS.get(code)
    if reason is None or reason.use is not Use.REFUSES or right not in reason.rights:
        return False
    names = in_regimes([right])
    binding = [law for law in laws.of if law.written.applies == "likely" and gives(law, names)]
    return (
        all(holds(reason, law.id) for law in binding)
        and any(holds(reason, law.id) for law in laws.of)
        and all(is_listed(reason, law) and is_cited(reason, law) for law in laws.of)
    )


def gives(law: Law, names: tuple[str, ...]) -> bool:
    """Whether the law grants one of these; what its file has no rule for counts as granted."""
    rules = law.effective.rights
    return any(not hasattr(rules, name) or grants(law.effective, name) for name in names)


def is_listed(reason: Reason, law: Law) -> bool:
    """A law that lists which free requests may be refused must list this one."""
    rule = law.effective.duties.free_requests.value
    return not reason.only_if or bool(rule and reason.only_if in rule.refusals)


def is_cited(reason: Reason, law: Law) -> bool:
    """A law that wants its provision named in a refusal must have one."""
    rule = law.effective.clocks.refuse.value
    return not (rule and "citation" in rule.must_state) or bool(article(reason, law.id))


def citation(code: str, laws: list[str]) -> str:
    """Where the laws of a request, by their ids, have the reason."""
    reason = REASONS[code]
    articles = [text for law in laws if (text := article(reason, law))]
    ours = f"our own standard, as in {reason.sources[0].citation}"
    return "; ".join(dict.fromkeys(articles)) or ours


def offered(rights: list[str], laws: Laws) -> list[str]:
    """The reasons that staff may choose from for any of these rights."""
    return [code for code in REASONS if any(counts(code, right, laws) for right in rights)]


def problem(code: str, rights: list[str], laws: Laws, *, whole: bool, dated: bool) -> str:
    """Why these rights can't be refused so, in words for staff; "" when they can."""
    unfit = [right for right in rights if not counts(code, right, laws)]
    if unfit:
        names = ", ".join(f"“{Right(right).label}”" for right in unfit)
        return f"This reason doesn’t count for {names} under the laws of this request."
    if whole and REASONS[code].extent is Extent.PART:
        return "This reason takes a part of a right at most. Do the rest."
    if REASONS[code].dated and not dated:
        return "This reason ends some day. Say when, or when you look at it again."
    return ""
