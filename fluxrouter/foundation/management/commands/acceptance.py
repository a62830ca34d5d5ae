"""List the acceptance criteria with the tests that show them; fail when one has none."""

import ast
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

MARK = "pytest.mark.acceptance"
WIDTH = 100


class Criterion(NamedTuple):
    """One testable sentence of docs/acceptance.yaml."""

    id: str
    area: str
    says: str


class Marked(NamedTuple):
    """A test that names a criterion."""

    id: str
    test: str  # path::name


def read_criteria(file: Path) -> list[Criterion]:
    """The criteria in the file's order, or CommandError when an id is there twice."""
    criteria = [Criterion(**row) for row in yaml.safe_load(file.read_text())]
    ids = [each.id for each in criteria]
    if twice := sorted({each for each in ids if ids.count(each) > 1}):
        raise CommandError(f"{file} has these ids twice: {', '.join(twice)}.")
    return criteria


def marked_tests(folder: Path) -> Iterator[Marked]:
    """Every test under `folder` with each id that it, its class or its module is marked with."""
    for file in sorted(folder.rglob("*.py")):
        module = ast.parse(file.read_text(), str(file))
        path = f"{folder.name}/{file.relative_to(folder)}"
        yield from tests_in(module.body, path, module_ids(module, path))


def tests_in(body: list[ast.stmt], path: str, outer: list[str]) -> Iterator[Marked]:
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        ids = [*outer, *(each for mark in node.decorator_list for each in ids_of(mark, path))]
        if isinstance(node, ast.ClassDef):
            yield from tests_in(node.body, f"{path}::{node.name}", ids)
        elif node.name.startswith("test"):
            yield from (Marked(each, f"{path}::{node.name}") for each in ids)


def module_ids(module: ast.Module, path: str) -> list[str]:
    """Ids in `pytestmark`, which is one mark or a list of marks."""
    marks: list[ast.expr] = []
    for node in module.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets
        ):
            several = isinstance(node.value, ast.List | ast.Tuple)
            marks += node.value.elts if several else [node.value]  # type: ignore[attr-defined]
    return [each for mark in marks for each in ids_of(mark, path)]


def ids_of(mark: ast.expr, path: str) -> list[str]:
    """The ids of one mark; none when it is another mark."""
    if not isinstance(mark, ast.Call) or ast.unparse(mark.func) != MARK:
        return []
    ids = [each.value if isinstance(each, ast.Constant) else None for each in mark.args]
    if not ids or not all(isinstance(each, str) for each in ids):
        raise CommandError(f"{path}, line {mark.lineno}: acceptance ids must be plain strings.")
    return [str(each) for each in ids]


class Command(BaseCommand):
    help = (
        "List every criterion of docs/acceptance.yaml with the tests that name it. Exits 1 when "
        "one has no test or a test names an unknown one. Whether they pass, `make test` says."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        root = Path(settings.BASE_DIR)
        parser.add_argument("--missing", action="store_true", help="only those without a test")
        parser.add_argument("--criteria", type=Path, default=root / "docs" / "acceptance.yaml")
        parser.add_argument("--tests", type=Path, default=root / "tests")

    def handle(self, *args: Any, **options: Any) -> None:
        criteria = read_criteria(options["criteria"])
        shown: dict[str, list[str]] = {each.id: [] for each in criteria}
        unknown: list[Marked] = []
        for marked in marked_tests(options["tests"]):
            if marked.id in shown:
                shown[marked.id].append(marked.test)
            else:
                unknown.append(marked)
        missing = [each for each in criteria if not shown[each.id]]
        self.show(missing if options["missing"] else criteria, shown)
        for marked in unknown:
            self.stdout.write(f"unknown {marked.id} in {marked.test}")
        self.stdout.write(
            f"{len(criteria)} criteria: {len(criteria) - len(missing)} with a test, "
            f"{len(missing)} without. {len(unknown)} unknown."
        )
        if missing or unknown:
            raise CommandError("Not every criterion has a test, or a test names an unknown one.")

    def show(self, criteria: list[Criterion], shown: dict[str, list[str]]) -> None:
        area = ""
        for each in criteria:
            if each.area != area:
                area = each.area
                self.stdout.write(f"\n{area}")
            room = WIDTH - 19
            says = each.says if len(each.says) <= room else f"{each.says[: room - 1]}…"
            self.stdout.write(f"  {len(shown[each.id]) or 'none':>5}  {each.id:9} {says}")
            for test in shown[each.id]:
                self.stdout.write(f"{'':19}{test}")
        self.stdout.write("")
