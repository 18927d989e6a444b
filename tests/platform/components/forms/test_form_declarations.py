"""A form that contradicts itself is refused with the line on which it does so."""

from __future__ import annotations

from pathlib import Path

import pytest

from city1361.base.kernel.package import Package
from city1361.platform.components.forms.declarations import check_forms

GOOD = """\
title: {zh: 井盖, en: Manhole}
fields:
  - {name: state, kind: choice, label: {zh: 状况, en: State}, options: [{value: a, label: {zh: 甲, en: A}}, {value: b, label: {zh: 乙, en: B}}]}
  - {name: size, kind: number, label: {zh: 口径, en: Size}, element: {standard: GB, code: X1}, show_when: {field: state, equals: [a]}}
"""


def faults(folder: Path, **files: str) -> list[tuple[str, str]]:
    (folder / "forms").mkdir()
    for name, text in files.items():
        (folder / "forms" / f"{name}.yaml").write_text(text, "utf-8")
    return [(problem.code, problem.where) for problem in check_forms(Package("law/x", "x", folder, "0"))]


def test_a_whole_form_is_accepted_and_noted_as_a_use_of_the_component(tmp_path: Path) -> None:
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "manhole.yaml").write_text(GOOD, "utf-8")
    package = Package("law/x", "x", tmp_path, "0")
    assert check_forms(package) == []
    assert [(str(use.kind), use.name) for use in package.used] == [("component", "forms")]


@pytest.mark.parametrize(
    ("good", "bad", "code"),
    [
        ("name: size", "name: state", "field_twice"),
        ("field: state", "field: colour", "condition_field"),
        ("field: state", "field: size", "condition_field"),
        ("equals: [a]", "equals: [c]", "condition_value"),
        ("kind: number", "kind: magic", "declaration"),
        ("kind: number", "kind: number, longest: 3", "declaration"),
        ("kind: number", "kind: number, least: 3, most: 2", "declaration"),
        ("kind: number", "kind: choice", "declaration"),
        ("kind: number", "kind: number, colour: red", "declaration"),
    ],
)
def test_a_contradiction_is_refused_on_its_line(tmp_path: Path, good: str, bad: str, code: str) -> None:
    assert faults(tmp_path, manhole=GOOD.replace(good, bad, 1)) == [(code, "forms/manhole.yaml:4")]


def test_a_data_element_is_one_kind_of_field_throughout(tmp_path: Path) -> None:
    other = GOOD.replace("kind: number", "kind: text")
    assert faults(tmp_path, first=GOOD, second=other) == [("element_kinds", "forms/second.yaml:4")]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ("name: size, reporter: true", "reporter_condition"),
        ("name: size, reporter: true, show_when: null, personal: true", "reporter_personal"),
    ],
)
def test_a_reporter_is_asked_nothing_personal_and_nothing_that_depends_on_the_unasked(
    tmp_path: Path, bad: str, code: str
) -> None:
    text = GOOD.replace("name: size", bad, 1)
    if "personal" in bad:
        text = text.replace("kind: number", "kind: text").replace(", show_when: {field: state, equals: [a]}", "")
    assert faults(tmp_path, manhole=text) == [(code, "forms/manhole.yaml:4")]


def test_a_reporter_is_asked_four_things_at_most(tmp_path: Path) -> None:
    lines = [f"  - {{name: f{i}, kind: yes_no, reporter: true, label: {{zh: 问{i}, en: Q{i}}}}}\n" for i in range(5)]
    assert faults(tmp_path, long="title: {zh: 多, en: Many}\nfields:\n" + "".join(lines)) == [
        ("reporter_fields", "forms/long.yaml:7")
    ]
