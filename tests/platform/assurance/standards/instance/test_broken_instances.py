"""A broken folder is refused with file, line, reason and remedy, and nothing of it is loaded."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Invalid
from city1361.platform.assurance.standards.areas.models import Area
from city1361.platform.assurance.standards.instance import api
from city1361.platform.assurance.standards.instance.models import LoadedSection

TINY = Path(__file__).parents[5] / "instances" / "tiny"
BY = By.system("测试", channel="command")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


def _replace(file: str, old: str, new: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        text = (folder / file).read_text("utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), "utf-8")

    return damage


def _append(file: str, text: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        with (folder / file).open("a", encoding="utf-8") as stream:
            stream.write(text)

    return damage


DIVISIONS, AREAS, OUTLINES = "areas/divisions.csv", "areas/areas.yaml", "boundaries/districts.geojson"
ORGANISATIONS, CODES = "organisations.yaml", "codes/gbt47678_5_2026.csv"

BROKEN = {
    "wrong column": (_replace(DIVISIONS, "parent_code", "parent"), "csv_columns", f"{DIVISIONS}:1"),
    "unknown parent": (_replace(DIVISIONS, "town,119901\n", "town,119909\n"), "area_parent", f"{DIVISIONS}:6"),
    "parent of the wrong level": (
        _replace(DIVISIONS, "town,119901\n", "town,119900\n"),
        "area_parent",
        f"{DIVISIONS}:6",
    ),
    "code twice": (
        _append(DIVISIONS, "119903001002,又一个社区居民委员会,village,119903001\n"),
        "area_code_twice",
        f"{DIVISIONS}:21",
    ),
    "code too short": (_replace(DIVISIONS, "119901001,示", "1199011,示"), "area_code_format", f"{DIVISIONS}:6"),
    "unknown level": (_replace(DIVISIONS, ",district,", ",county,"), "area_level", f"{DIVISIONS}:3"),
    "no name": (_replace(DIVISIONS, "榜样街道", ""), "area_name", f"{DIVISIONS}:7"),
    "two cities": (_append(DIVISIONS, "129900,另一市,city,\n"), "area_one_city", f"{DIVISIONS}:1"),
    "bad yaml": (_replace(AREAS, "governed:\n", "governed: [\n"), "yaml_syntax", f"{AREAS}:"),
    "misspelt key": (_replace(AREAS, "effective:", "effectiv:"), "declaration", f"{AREAS}:27"),
    "impossible date": (_replace(AREAS, "2025-03-01", "2025-02-30"), "yaml_syntax", f"{AREAS}:27"),
    "unknown area in a change": (_replace(AREAS, 'areas: ["119903001"]', 'areas: ["119903009"]'), "area_unknown", f"{AREAS}:32"),
    "a change before the beginning": (_replace(AREAS, "2025-03-01", "2020-03-01"), "change_too_early", f"{AREAS}:27"),
    "a move of what is gone": (
        _replace(AREAS, "\nboundaries:", "      - {code: \"119903\", into: \"119901\"}\n\nboundaries:"),
        "change_impossible",
        f"{AREAS}:26",
    ),
    "a zone without its town": (_replace(AREAS, '["119902200"]', '["119901"]'), "area_wrong_level", f"{AREAS}:24"),
    "fewer grids than villages": (_replace(AREAS, "total: 55", "total: 9"), "grids_number", f"{AREAS}:"),
    "polygon without area": (
        _replace(OUTLINES, "[[[110.13, 30.03], [110.17, 30.03],", "[[[110.13, 30.03]], [[110.17, 30.03],"),
        "outline_broken",
        f"{OUTLINES}:3",
    ),
    "polygon off the earth": (_replace(OUTLINES, "[110.20, 30.00]", "[1110.20, 30.00]"), "outline_broken", f"{OUTLINES}:2"),
    "polygon with a number that is none": (_replace(OUTLINES, "[110.20, 30.00]", "[NaN, 30.00]"), "outline_broken", f"{OUTLINES}:2"),
    "polygon nested without end": (_replace(OUTLINES, '"features": [', '"features": [' + "[" * 100_000), "geojson_shape", f"{OUTLINES}:1"),
    "broken json": (_replace(OUTLINES, '{"type": "Feature", "id": "119903"', '{"type": "Feature", "id" "119903"'), "geojson_syntax", f"{OUTLINES}:3"),
    "outline of nobody": (_replace(OUTLINES, '"id": "119901"', '"id": "999999"'), "outline_unknown", f"{OUTLINES}:2"),
    "credit code with a wrong check": (
        _replace(ORGANISATIONS, "security_admin, audit_admin]}", 'security_admin, audit_admin], uscc: {"119900": "11500000009275780K"}}'),
        "credit_check",
        f"{ORGANISATIONS}:",
    ),
    "unknown post": (_replace(ORGANISATIONS, "posts: [director, duty, check]", "posts: [director, dutty]"), "post_unknown", f"{ORGANISATIONS}:"),
    "unknown line": (_replace(ORGANISATIONS, "line: operation", "line: operations"), "line_unknown", f"{ORGANISATIONS}:"),
    "organisation twice": (
        _replace(ORGANISATIONS, "kind: law_enforcement, level: town", "kind: command_centre, level: town"),
        "organisation_twice",
        f"{ORGANISATIONS}:",
    ),
    "code of another standard": (_replace(CODES, "GB/T 47678.5-2026,component,01002", "GB/T 1,component,01002"), "code_foreign", f"{CODES}:3"),
    "code twice in a list": (_append(CODES, "GB/T 47678.5-2026,matter,06010,市容环境类,又一次\n"), "code_twice", f"{CODES}:405"),
    "file nobody declared": (_append("notes.txt", "x"), "file_undeclared", "notes.txt"),
    "unknown time zone": (_replace("instance.yaml", "Asia/Shanghai", "Asia/Nowhere"), "declaration", "instance.yaml:5"),
    "unknown section": (_replace("instance.yaml", "section: codes", "section: cods"), "section_unknown", "instance.yaml"),
    "declared file that is missing": (_replace("instance.yaml", "areas/divisions.csv", "areas/divisionen.csv"), "file_missing", "instance.yaml"),
}  # fmt: skip


def _find(problems: list[Invalid], code: str) -> Invalid:
    found = next((problem for problem in problems if problem.code == code), None)
    assert found is not None, [str(problem) for problem in problems]
    return found


@pytest.mark.parametrize(("damage", "code", "where"), BROKEN.values(), ids=BROKEN.keys())
def test_each_fault_is_named_by_file_line_and_remedy(
    folder: Path, damage: Callable[[Path], None], code: str, where: str
) -> None:
    damage(folder)
    problem = _find(api.check(folder), code)
    assert problem.where.startswith(where)
    assert ":" in problem.where or not where.endswith(":")
    assert problem.remedy
    assert "{" not in str(problem).replace("{known}", "")


def test_the_folder_as_it_stands_is_right(folder: Path) -> None:
    assert api.check(folder) == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["credit code with a wrong check", "polygon off the earth", "code twice"])
def test_nothing_of_a_broken_folder_is_loaded(folder: Path, name: str) -> None:
    _replace(DIVISIONS, "样板镇", "改名镇")(folder)  # a change that a half load would bring in
    damage, code, _ = BROKEN[name]
    damage(folder)
    before = list(LoadedSection.objects.order_by("name").values_list())
    with pytest.raises(api.BrokenInstance) as refused:
        api.instance_load(by=BY, path=folder)
    _find(refused.value.problems, code)
    assert list(LoadedSection.objects.order_by("name").values_list()) == before
    assert not Area.objects.filter(name="改名镇").exists()


def test_a_folder_without_its_declaration_is_refused(tmp_path: Path) -> None:
    assert [problem.where for problem in api.check(tmp_path)] == ["instance.yaml"]
    with pytest.raises(api.BrokenInstance):
        api.declaration(tmp_path)
