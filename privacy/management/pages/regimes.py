"""docs/regimes.md: every regime with every rule, as the law says it and as it binds us."""

from collections import Counter
from datetime import date
from typing import Any

from privacy.management.pages.markdown import NOTE, table
from privacy.management.pages.regime_words import compared, period, plain, say
from privacy.regimes.careful import CAREFUL, effective
from privacy.regimes.loader import DEFAULT, regime_files
from privacy.regimes.schema import Certainty, Rights, Rule, RuleSet

INTRODUCTION = (
    "What each law says, from the files in `privacy/regimes/`. Nothing here is legal advice. A "
    "rule that counsel hasn't cleared never makes us later, narrower or dearer than "
    "`default`: the column *we do* says what it does. `manage.py regimes --counsel` prints the "
    "sheet on which counsel clears rules."
)
SURE = {
    Certainty.TEXT_READ: "the sentence of the law was read",
    Certainty.SECONDARY: "read about, in a guide or a survey",
    Certainty.FROM_KNOWLEDGE: "remembered; look it up before relying on it",
    Certainty.POLICY: "our own promise",
}
MAIN_CLOCKS = ("acknowledge", "respond", "opt_out", "appeal")
# Rules that begin on a later day are shown as they will be.
LAST_DAY = date.max


def bounded(regime: RuleSet) -> RuleSet:
    return effective(regime, regime_files()[DEFAULT], LAST_DAY)


def short(rule: Rule[Any] | None) -> str:
    return period(rule.value) if rule and rule.value else "–"


def extension(regime: RuleSet) -> str:
    value = regime.extensions.respond.value
    return period(value.total) if value else "none"


def clocks_row(regime: RuleSet) -> tuple[str, ...]:
    clocks = [short(getattr(regime.clocks, name)) for name in MAIN_CLOCKS]
    silence = regime.duties.silence
    refuses = bool(silence and silence.value and silence.value.is_refusal)
    return (
        f"`{regime.id}`",
        regime.name,
        *clocks[:2],
        extension(regime),
        *clocks[2:],
        "a refusal" if refuses else "–",
    )


def granted(regime: RuleSet, right: str) -> str:
    value = getattr(regime.rights, right).value
    if value is None:
        return "–"
    yes = value.granted if hasattr(value, "granted") else value.naming != "none"
    return "yes" if yes else "–"


def rights_row(regime: RuleSet) -> tuple[str, ...]:
    return (f"`{regime.id}`", *(granted(regime, right) for right in Rights.model_fields))


def signature(rule: Rule[Any]) -> str:
    return f"{rule.cleared.by}, {rule.cleared.on}" if rule.cleared else "no"


def sources(rule: Rule[Any]) -> str:
    return f"{rule.citation}. {rule.note}" if rule.note else rule.citation


def section(regime: RuleSet) -> list[str]:
    ours = dict(bounded(regime).rules())
    rows = [
        (
            f"`{name}`",
            say(rule),
            compared(rule, ours.get(name)),
            sources(rule),
            plain(rule.certainty),
            signature(rule),
        )
        for name, rule in regime.rules()
    ]
    applies = "binds us" if regime.applies == "likely" else "we follow it by our own choice"
    facts = f"`{regime.id}`, version `{regime.version[:12]}`. {regime.act}."
    return [
        f"### {regime.name}",
        "",
        facts,
        f"In force since {regime.since}; {applies}. {regime.why}",
        *regime.notes,
        *([f"Text: <{regime.page}>"] if regime.page else []),
        "",
        *table(("rule", "the law says", "we do", "where it stands", "known", "cleared"), rows),
        "",
    ]


def certainty_rows() -> list[tuple[str, str, str]]:
    rules = [rule for regime in regime_files().values() for _, rule in regime.rules()]
    counts = Counter(rule.certainty for rule in rules)
    cleared = Counter(rule.certainty for rule in rules if rule.cleared)
    return [
        (plain(sure), means, f"{counts[sure]}, {cleared[sure]} of them cleared")
        for sure, means in SURE.items()
    ]


def regimes() -> list[str]:
    files = list(regime_files().values())
    heads = ("regime", "where", "acknowledge", "respond", "in all, extended", "opt-out", "appeal")
    careful = [(row.kind, row.means) for row in CAREFUL.values()]
    return [
        "# Regimes",
        "",
        NOTE,
        "",
        INTRODUCTION,
        "",
        "## Clocks, as the laws say",
        "",
        *table((*heads, "silence is"), [clocks_row(regime) for regime in files]),
        "",
        "## Rights, as the laws say",
        "",
        "We grant them all to everybody; the table says where a law does.",
        "",
        *table(
            ("regime", *(plain(right) for right in Rights.model_fields)),
            [rights_row(regime) for regime in files],
        ),
        "",
        "## How well the rules are known",
        "",
        *table(("known", "means", "rules"), certainty_rows()),
        "",
        "## What more careful means",
        "",
        "Of an uncleared rule and default, by kind of rule:",
        "",
        *table(("kind", "the more careful of two"), careful),
        "",
        "## Every rule",
        "",
        *[line for regime in files for line in section(regime)],
    ]
