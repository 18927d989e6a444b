"""Code lists."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
from django.db import IntegrityError

from city1361.base.kernel.errors import Missing
from city1361.platform.assurance.standards.codes import api as codes
from city1361.platform.assurance.standards.codes.models import Code

pytestmark = pytest.mark.django_db

TINY = Path(__file__).parents[5] / "instances" / "tiny"
STANDARD = "GB/T 47678.5-2026"


def test_the_list_has_153_components_and_250_matters_marked_unverified() -> None:
    assert {row.kind: row.count for row in codes.code_lists()} == {"component": 153, "matter": 250}
    assert not any(row.verified for row in codes.code_lists())
    assert not any(code.verified for code in codes.matter_types())


def test_the_same_digits_mean_different_things_in_the_two_kinds() -> None:
    assert codes.code(STANDARD, "component", "01001").name == "供水井盖"
    assert codes.code(STANDARD, "matter", "01001").name == "供水井盖异常"


def test_a_code_stands_once_per_standard_and_kind() -> None:
    row = Code.objects.get(standard=STANDARD, kind="matter", code="06010")
    with pytest.raises(IntegrityError):
        Code.objects.create(list=row.list, standard=STANDARD, kind="matter", code="06010", name="x", class_name="x")


def test_matter_types_are_found_by_word_code_and_major_class() -> None:
    assert "暴露垃圾" in [code.name for code in codes.matter_types("垃圾")]
    assert [code.name for code in codes.matter_types("06010")] == ["暴露垃圾"]
    assert {code.major for code in codes.matter_types(major="09")} == {"09"}
    assert codes.matter_types("没有这种事") == []


def test_major_classes_add_up() -> None:
    majors = codes.majors()
    assert [major for major, _, _ in majors] == [f"{number:02d}" for number in range(1, 11)]
    assert sum(count for _, _, count in majors) == 250
    assert Counter(code.class_name for code in codes.matter_types()) == {name: count for _, name, count in majors}


def test_an_unknown_code_is_missing() -> None:
    with pytest.raises(Missing, match="99999"):
        codes.matter_type("99999")


def test_a_second_load_changes_nothing() -> None:
    assert "改动0行" in codes.load_codes(TINY)


def test_a_code_that_leaves_the_list_is_still_known_but_no_longer_offered(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(TINY, tmp_path / "tiny"))
    file = folder / "codes/gbt47678_5_2026.csv"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if ",matter,06010," not in line), "utf-8")
    assert "改动1行" in codes.load_codes(folder)
    assert codes.code(STANDARD, "matter", "06010").name == "暴露垃圾"
    assert codes.matter_types("06010") == []
    with pytest.raises(Missing):
        codes.matter_type("06010")
