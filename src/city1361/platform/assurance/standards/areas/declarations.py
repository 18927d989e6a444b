"""`areas/areas.yaml` and the table of divisions, as declared. Reading finds every fault by file and line."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import Field

from city1361.base.kernel.scope import Level
from city1361.platform.assurance.standards.areas.terms import AreaKind, Tree
from city1361.platform.assurance.standards.instance.api import Declaration, Folder

FILE = "areas/areas.yaml"
COLUMNS = ("code", "name", "level", "parent_code")
CODE_LENGTHS = {"city": 6, "district": 6, "town": 9, "village": 12}
PARENT_LEVELS = {"district": "city", "town": "district", "village": "town"}


class Divisions(Declaration):
    """The table every code of which holds from `valid_from`."""

    file: str
    valid_from: date
    code_system: str = Field(max_length=40)
    source: str = Field(max_length=300)


class Created(Declaration):
    """An area that stands in no table: a development zone, or a district founded later."""

    code: str = Field(min_length=1, max_length=32)
    name: str = Field(min_length=1, max_length=100)
    short_name: str = Field(default="", max_length=50)
    level: Literal["district", "town"]
    kind: AreaKind
    code_system: str = Field(max_length=40)
    parent: str
    trees: list[Tree] = Field(min_length=1)
    valid_from: date
    source: str = Field(max_length=300)
    approximate: bool = False


class Governed(Declaration):
    """Areas that `by` governs though the statutory tree puts them elsewhere."""

    by: str
    valid_from: date
    source: str = Field(max_length=300)
    approximate: bool = False
    areas: list[str] = Field(min_length=1)


class Transfer(Declaration):
    """Areas that get another parent."""

    to: str
    areas: list[str] = Field(min_length=1)


class Abolition(Declaration):
    """An area that ends; what still stands under it goes to `into`."""

    code: str
    into: str


class Change(Declaration):
    """What changed on a day."""

    effective: date
    source: str = Field(max_length=300)
    approximate: bool = False
    transferred: list[Transfer] = Field(default_factory=list)
    abolished: list[Abolition] = Field(default_factory=list)


class Union(Declaration):
    """An area whose boundary is made of others'."""

    code: str
    of: list[str] = Field(min_length=1)
    approximate: bool = False


class Boundaries(Declaration):
    """A GeoJSON file of district outlines. `codes` maps outdated feature ids to codes."""

    file: str
    crs: Literal["GCJ-02"]
    source: str
    codes: dict[str, str] = Field(default_factory=dict)
    unions: list[Union] = Field(default_factory=list)


class Grids(Declaration):
    """How many grids to invent, and since when they hold."""

    total: int = Field(gt=0, le=1_000_000)
    valid_from: date
    source: str = Field(max_length=300)


class AreasDeclaration(Declaration):
    """`areas/areas.yaml`."""

    divisions: Divisions
    created: list[Created] = Field(default_factory=list)
    governed: list[Governed] = Field(default_factory=list)
    changes: list[Change] = Field(default_factory=list)
    boundaries: Boundaries | None = None
    grids: Grids | None = None


@dataclass(frozen=True, slots=True)
class Division:
    """A row of the table of divisions."""

    code: str
    name: str
    level: Level
    parent: str
    line: int


def read_declaration(folder: Folder) -> AreasDeclaration | None:
    return folder.declaration(AreasDeclaration, FILE)


def read_divisions(folder: Folder, file: str) -> list[Division]:
    """The rows that are right; a fault for each of the others."""
    path = posixpath.normpath(f"areas/{file}")
    found: dict[str, Division] = {}
    for row in folder.rows(path, COLUMNS):
        code, level = row["code"], row["level"]
        wrong = _row_fault(code, row["name"], level)
        if wrong:
            folder.fault(wrong[0], wrong[1], path, row.line, remedy=wrong[2], code=code, level=level)
        elif code in found:
            folder.fault(
                "area_code_twice", "代码{code}重复，首次出现在第{first}行", path, row.line,
                remedy="每个代码只能出现一次", code=code, first=found[code].line,
            )  # fmt: skip
        else:
            found[code] = Division(code, row["name"], Level(level), row["parent_code"], row.line)
    _check_parents(folder, path, found)
    return list(found.values())


def _row_fault(code: str, name: str, level: str) -> tuple[str, str, str] | None:
    if level not in CODE_LENGTHS:
        return "area_level", "未知的层级“{level}”", "可用：city district town village"
    if not (code.isascii() and code.isdigit()) or len(code) != CODE_LENGTHS[level]:
        return "area_code_format", "{level}的代码“{code}”格式不正确", "市和区县6位，镇街9位，村社区12位数字"
    if not name or len(name) > 100:
        return "area_name", "代码{code}的名称为空或过长", "请填写1到100个字的名称"
    return None


def _check_parents(folder: Folder, path: str, found: dict[str, Division]) -> None:
    cities = [division for division in found.values() if division.level == Level.CITY]
    if len(cities) != 1:
        folder.fault(
            "area_one_city",
            "应有且只有一个城市，实有{count}个",
            path,
            1,
            remedy="一个实例只装一个城市",
            count=len(cities),
        )
    for division in found.values():
        parent = found.get(division.parent)
        if division.level == Level.CITY:
            if division.parent:
                folder.fault("area_parent", "城市不能有上级", path, division.line, remedy="请清空parent_code")
        elif parent is None or parent.level != PARENT_LEVELS[division.level]:
            folder.fault(
                "area_parent", "代码{code}的上级“{parent}”不存在或层级不对", path, division.line,
                remedy="上级应为已列出的{level}", code=division.code, parent=division.parent,
                level=PARENT_LEVELS[division.level],
            )  # fmt: skip
