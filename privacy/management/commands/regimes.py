"""Print what each law says and what we do about it; or counsel's review sheet."""

import textwrap
from argparse import ArgumentParser
from itertools import zip_longest
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from privacy.deadlines.reckon import CLOCK_OF
from privacy.management.pages.counsel import as_csv, as_markdown
from privacy.management.pages.regime_words import compared, length, plain, say
from privacy.management.pages.regimes import bounded, granted
from privacy.regimes.loader import regime_files
from privacy.regimes.problems import problems
from privacy.regimes.schema import Rights, Rule, RuleSet

WIDTH = 100
RIGHTS = (17, 3, 3, 16, 24, 32)  # widths of columns; with the gaps between them 100
RULES = (22, 24, 24, 27)


class Command(BaseCommand):
    help = (
        "Print rights and clocks of each regime: as its law says, as it binds us, and where it "
        "stands. Exits 1 when a file can't be used."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("regime", nargs="*", help="ids; none means all")
        parser.add_argument("--docs", action="store_true", help="write docs/regimes.md")
        parser.add_argument(
            "--counsel",
            choices=("markdown", "csv"),
            help="print the sheet on which counsel clears rules",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if found := problems():
            raise CommandError("\n".join(found))
        if options["docs"]:
            call_command("generate_docs", stdout=self.stdout)
            return
        chosen = self.chosen(options["regime"])
        if options["counsel"]:
            sheet = as_csv if options["counsel"] == "csv" else as_markdown
            self.stdout.write(sheet(chosen))
            return
        for regime in chosen:
            self.stdout.write("\n".join(page(regime)))

    def chosen(self, ids: list[str]) -> list[RuleSet]:
        files = regime_files()
        if unknown := [each for each in ids if each not in files]:
            raise CommandError(f"Unknown: {', '.join(unknown)}. Known: {', '.join(files)}.")
        return [files[each] for each in ids or files]


def page(regime: RuleSet) -> list[str]:
    """One regime, no line longer than a screen is wide."""
    ours, rules = bounded(regime), dict(regime.rules())
    left = sum(rule.cleared is None for rule in rules.values())
    others = [name for name in rules if name.split(".")[0] != "rights"]
    return [
        "=" * WIDTH,
        f"{regime.id}  {regime.name}, version {regime.version[:12]}",
        *textwrap.wrap(regime.act, WIDTH),
        f"{len(rules)} rules, {left} not cleared. In force since {regime.since}.",
        "",
        *cells(RIGHTS, "right", "law", "we", "law answers in", "we answer in", "where it stands"),
        "-" * WIDTH,
        *(line for right in Rights.model_fields for line in right_lines(regime, ours, right)),
        "",
        *cells(RULES, "rule", "the law says", "we do", "where it stands"),
        "-" * WIDTH,
        *(line for name in others for line in rule_lines(regime, ours, name)),
        "",
    ]


def right_lines(regime: RuleSet, ours: RuleSet, right: str) -> list[str]:
    clock = CLOCK_OF.get(right, "respond")
    written, bound = getattr(regime.clocks, clock), getattr(ours.clocks, clock)
    periods = [length(rule.value) if rule and rule.value else "–" for rule in (written, bound)]
    grants = (granted(regime, right), granted(ours, right))
    stands = known(getattr(regime.rights, right))
    return cells(RIGHTS, plain(right), *grants, *periods, stands)


def rule_lines(regime: RuleSet, ours: RuleSet, name: str) -> list[str]:
    rule, bound = dict(regime.rules())[name], dict(ours.rules()).get(name)
    return cells(RULES, plain(name), say(rule), compared(rule, bound), known(rule))


def known(rule: Rule[Any]) -> str:
    return f"{rule.citation} ({plain(rule.certainty)})"


def cells(widths: tuple[int, ...], *texts: str) -> list[str]:
    """One row, each cell wrapped in its column."""
    columns = [
        textwrap.wrap(each, width) or [""] for each, width in zip(texts, widths, strict=True)
    ]
    return [
        " ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in zip_longest(*columns, fillvalue="")
    ]
