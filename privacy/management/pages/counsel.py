"""The sheet on which counsel clears rules, as Markdown or CSV."""

import csv
import io
from collections.abc import Iterable, Iterator

from privacy.management.pages.markdown import table
from privacy.management.pages.regime_words import plain, say
from privacy.management.pages.regimes import signature, sources
from privacy.regimes.schema import RuleSet

HEADS = ("regime", "rule", "value", "citation", "known", "cleared", "name, date, signature")
HOW = (
    "To clear a rule: compare value and citation with the act's text in force, correct the file "
    "if they differ, and write `cleared: {by: <name>, on: <date>}` under the rule in "
    "`privacy/regimes/<regime>.yaml`. A cleared rule is used as it stands, also where it gives "
    "more time than default. The version is the hash of the file that was reviewed."
)


def rows(regime: RuleSet) -> Iterator[tuple[str, ...]]:
    for name, rule in regime.rules():
        known = plain(rule.certainty)
        yield regime.id, name, say(rule), sources(rule), known, signature(rule), ""


def as_markdown(regimes: Iterable[RuleSet]) -> str:
    lines = ["# Review by counsel", "", HOW, ""]
    for regime in regimes:
        lines += [
            f"## {regime.name}: {regime.act}",
            "",
            f"Version `{regime.version}`. Text: {regime.page or 'our own promise'}",
            "",
            *table(HEADS[1:], [row[1:] for row in rows(regime)]),
            "",
            "Reviewed by ______________________________ on ______________",
            "",
        ]
    return "\n".join(lines)


def as_csv(regimes: Iterable[RuleSet]) -> str:
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow((*HEADS, "version"))
    for regime in regimes:
        writer.writerows((*row, regime.version) for row in rows(regime))
    return sheet.getvalue()
