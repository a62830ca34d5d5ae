"""The list of acceptance criteria, and the command that compares it with the tests."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from fluxrouter.foundation.management.commands.acceptance import (
    Marked,
    marked_tests,
    read_criteria,
)

CRITERIA = """
- {id: MAIN-01, area: Claims, says: "One thing."}
- {id: MAIN-02, area: Claims, says: "Another thing."}
"""
ONE_EACH = """
import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.acceptance("MAIN-01")]

@pytest.mark.parametrize("n", [1])
@pytest.mark.acceptance("MAIN-02")
def test_both(n): ...

class TestMore:
    def test_first(self): ...
    def helper(self): ...
"""


class Project:
    """A little tree of tests with its criteria."""

    def __init__(self, root: Path) -> None:
        self.tests, self.criteria = root / "tests", root / "acceptance.yaml"
        self.tests.mkdir()
        self.criteria.write_text(CRITERIA)

    def write(self, text: str) -> None:
        (self.tests / "test_it.py").write_text(text)

    def run(self, **options: object) -> str:
        out = StringIO()
        try:
            call_command(
                "acceptance", tests=self.tests, criteria=self.criteria, stdout=out, **options
            )
        except CommandError:
            return f"{out.getvalue()}FAILED"
        return out.getvalue()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_marks_of_module_class_and_function_are_found(project: Project) -> None:
    project.write(ONE_EACH)
    assert list(marked_tests(project.tests)) == [
        Marked("MAIN-01", "tests/test_it.py::test_both"),
        Marked("MAIN-02", "tests/test_it.py::test_both"),
        Marked("MAIN-01", "tests/test_it.py::TestMore::test_first"),
    ]


def test_a_complete_list_passes(project: Project) -> None:
    project.write(ONE_EACH)
    shown = project.run()
    assert "tests/test_it.py::test_both" in shown
    assert shown.strip().endswith("2 criteria: 2 with a test, 0 without. 0 unknown.")


def test_a_criterion_without_a_test_fails(project: Project) -> None:
    project.write('import pytest\n@pytest.mark.acceptance("MAIN-01")\ndef test_one(): ...\n')
    assert project.run().endswith("FAILED")
    missing = project.run(missing=True)
    assert "none  MAIN-02" in missing
    assert "test_one" not in missing


def test_an_unknown_id_fails(project: Project) -> None:
    project.write(ONE_EACH.replace('"MAIN-02"', '"MAIN-02", "MAIN-99"'))
    shown = project.run()
    assert "unknown MAIN-99 in tests/test_it.py::test_both" in shown
    assert shown.endswith("FAILED")


def test_a_module_mark_without_a_test_shows_nothing(project: Project) -> None:
    project.write('import pytest\npytestmark = pytest.mark.acceptance("MAIN-01")\n')
    assert "none  MAIN-01" in project.run()


@pytest.mark.parametrize("arguments", ["", "NAME", "1", "*IDS"])
def test_ids_that_nobody_can_read_are_refused(project: Project, arguments: str) -> None:
    project.write(f"import pytest\n@pytest.mark.acceptance({arguments})\ndef test_it(): ...\n")
    with pytest.raises(CommandError, match=r"tests/test_it\.py, line 2: .* plain strings"):
        call_command("acceptance", tests=project.tests, criteria=project.criteria)


def test_an_id_that_is_there_twice_is_refused(project: Project) -> None:
    project.criteria.write_text(CRITERIA.replace("MAIN-02", "MAIN-01"))
    with pytest.raises(CommandError, match="twice: MAIN-01"):
        read_criteria(project.criteria)


def test_our_own_criteria_are_one_sentence_each() -> None:
    criteria = read_criteria(settings.BASE_DIR / "docs" / "acceptance.yaml")
    assert len(criteria) > 100
    for each in criteria:
        assert each.area
        assert each.says.endswith(".")
        assert each.says.count(". ") == 0, each.id


def test_our_own_tests_name_no_unknown_criterion() -> None:
    known = {each.id for each in read_criteria(settings.BASE_DIR / "docs" / "acceptance.yaml")}
    unknown = [each for each in marked_tests(settings.BASE_DIR / "tests") if each.id not in known]
    assert unknown == []
