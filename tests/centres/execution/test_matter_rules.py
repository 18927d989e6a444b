"""`matters.yaml`: what a city lays down for matters, checked by line before anything is loaded."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from city1361.centres.execution import api as execution
from city1361.centres.execution.api import MatterState, Urgency
from city1361.centres.execution.declarations import check_matters, compile_rules, read_matters
from city1361.centres.execution.loading import load_matters
from city1361.centres.execution.models import MatterRules, MatterType
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
    declared, types = read_matters(TINY.parent / name)
    assert declared.example
    assert len(declared.categories) == 8
    assert {entry["category"] for entry in types} == {category.code for category in declared.categories}


@pytest.mark.parametrize(
    ("old", "new", "code", "at"),
    [
        ("default_type: R01", "default_type: R99", "type_unknown", "default_type: R99"),
        ('codes: ["09012"]', 'codes: ["99999"]', "national_code_unknown", '"99999"'),
        ("class_name: 道路设施, category: road}", "class_name: 道路设施, category: rode}", "category_unknown", "rode"),
        ("{code: R02,", "{code: R01,", "type_twice", "人行道破损"),
        ('type: "06012"', 'type: "99999"', "type_unknown", '"99999"'),
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


def test_limits_go_by_type_then_by_urgency() -> None:
    rules = rules_from(compile_rules(read_matters(TINY)[0]))
    assert rules.total("R01", Urgency.URGENT) == Limit(4, "natural_hour")
    assert rules.total("06010", Urgency.NORMAL) == Limit(4, "working_hour")
    assert rules.total("06010", Urgency.URGENT) == Limit(4, "natural_hour")
    assert rules.stage(MatterState.HANDLING, "06012", Urgency.NORMAL) == Limit(1, "working_hour")
    assert rules.stage(MatterState.ADMITTED, "06012", Urgency.PRESSING) == Limit(30, "minute")


@pytest.mark.django_db
def test_a_second_load_changes_nothing() -> None:
    before = list(MatterType.objects.values()), MatterRules.objects.get().edition
    load_matters(TINY)
    assert (list(MatterType.objects.values()), MatterRules.objects.get().edition) == before


@pytest.mark.django_db
def test_a_type_that_is_gone_is_withdrawn_and_new_rules_are_in_force_at_once(folder: Path) -> None:
    assert any(one.code == "R02" for one in execution.matter_types())
    file = folder / "matters.yaml"
    text = file.read_text("utf-8").replace(
        "  - {code: R02, name: 人行道破损, class_name: 道路设施, category: road}\n", ""
    )
    file.write_text(
        text.replace("urgent: {amount: 4, unit: natural_hour}", "urgent: {amount: 5, unit: natural_hour}", 1), "utf-8"
    )
    load_matters(folder)
    assert not any(one.code == "R02" for one in execution.matter_types())
    assert MatterType.objects.get(code="R02").active is False
    assert [one.amount for one in execution.urgencies() if one.urgency is Urgency.URGENT] == [5]


@pytest.mark.django_db
def test_the_phone_page_has_eight_categories_each_with_its_types() -> None:
    categories = execution.categories()
    assert len(categories) == 8
    for category in categories:
        assert category.default_type in {one.code for one in category.types}
    by_code = {category.code: {one.code for one in category.types} for category in categories}
    assert "01037" in by_code["power"]
    assert "09012" in by_code["fire"]
    assert "06010" in by_code["sanitation"]
