"""`matters.yaml`: what a city lays down for matters, checked by line before anything is loaded."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from city1361.centres.execution import api as execution
from city1361.centres.execution.api import MatterState, Urgency
from city1361.centres.execution.models import MatterRules, MatterType
from city1361.centres.execution.packages.declarations import check_matters, compile_rules, read_matters
from city1361.centres.execution.packages.loading import load_matters
from city1361.centres.execution.rules import Limit, rules_from

TINY = Path(__file__).resolve().parents[3] / "instances" / "tiny"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the tiny city that a test may break."""
    return Path(shutil.copytree(TINY, tmp_path / "city"))


def line_of(folder: Path, text: str) -> int:
    lines = (folder / "matters.yaml").read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


@pytest.mark.parametrize("name", ["tiny", "chongqing"])
def test_the_shipped_files_are_right_and_say_that_they_are_examples(name: str) -> None:
    assert check_matters(TINY.parent / name) == []
    declared = read_matters(TINY.parent / name)
    assert declared.example
    assert len(declared.categories) == 8


@pytest.mark.parametrize(
    ("old", "new", "code", "at"),
    [
        ("default_type: R01", "default_type: R99", "type_unknown", "default_type: R99"),
        ('codes: ["09012"]', 'codes: ["99999"]', "national_code_unknown", '"99999"'),
        ("standard: GB/T 47678.5-2026", "standard: GB/T 1", "national_missing", "GB/T 1"),
        ("number_prefix: SJ", "number_prefix: sj", "declaration", "number_prefix"),
        ("\nexample: true", "\nexample: true\npriority: high", "declaration", "priority"),
        (
            "normal: {amount: 3, unit: working_day}",
            "normal: {amount: 0, unit: working_day}",
            "declaration",
            "amount: 0",
        ),
        ("unit: natural_hour}", "unit: lunar_month}", "declaration", "lunar_month"),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_remedy(folder: Path, old: str, new: str, code: str, at: str) -> None:
    file = folder / "matters.yaml"
    file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
    problems = check_matters(folder)
    assert code in {problem.code for problem in problems}
    problem = next(problem for problem in problems if problem.code == code)
    assert problem.where == f"matters.yaml:{line_of(folder, at)}"
    assert problem.remedy


def test_general_limits_go_by_urgency() -> None:
    rules = rules_from(compile_rules(read_matters(TINY)))
    assert rules.total("R01", Urgency.URGENT) == Limit(4, "natural_hour")
    assert rules.stage(MatterState.ADMITTED, "06012", Urgency.PRESSING) == Limit(30, "minute")


@pytest.mark.django_db
def test_a_second_load_changes_nothing() -> None:
    before = list(MatterType.objects.values()), MatterRules.objects.get().edition
    load_matters(TINY)
    assert (list(MatterType.objects.values()), MatterRules.objects.get().edition) == before


@pytest.mark.django_db
def test_every_type_stands_under_a_button_and_every_button_has_types() -> None:
    categories = {category.code for category in read_matters(TINY).categories}
    assert set(MatterType.objects.filter(active=True).values_list("category", flat=True)) == categories


@pytest.mark.django_db
def test_new_rules_are_in_force_at_once_and_types_move_to_their_new_button(folder: Path) -> None:
    assert MatterType.objects.get(code="09012").category == "fire"
    file = folder / "matters.yaml"
    text = file.read_text("utf-8").replace(', codes: ["09012"]', "")
    file.write_text(
        text.replace("urgent: {amount: 4, unit: natural_hour}", "urgent: {amount: 5, unit: natural_hour}", 1), "utf-8"
    )
    load_matters(folder)
    assert MatterType.objects.get(code="09012").category == "other"
    assert [one.amount for one in execution.urgencies() if one.urgency is Urgency.URGENT] == [5]
