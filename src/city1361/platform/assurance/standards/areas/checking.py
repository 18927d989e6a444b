"""Everything wrong with `areas/` and its boundaries, found without the database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from city1361.base.kernel.scope import Level
from city1361.platform.assurance.standards.areas.declarations import (
    FILE,
    AreasDeclaration,
    Division,
    read_declaration,
    read_divisions,
)
from city1361.platform.assurance.standards.areas.outline_file import read_outlines
from city1361.platform.assurance.standards.areas.references import check_references
from city1361.platform.assurance.standards.areas.timeline import History, ImpossibleChange, compile_history
from city1361.platform.assurance.standards.instance.api import BrokenInstance, Folder


@dataclass(frozen=True, slots=True)
class DeclaredAreas:
    """What the folder says of areas: `outlines` are repaired geometries by first code, as in the boundary file."""

    declaration: AreasDeclaration
    history: History
    outlines: dict[str, Any]


def check_areas(path: Path) -> list[Any]:
    """The faults of the section `areas`."""
    folder = Folder(path)
    _read(folder)
    return list(folder.problems)


def read_areas(path: Path) -> DeclaredAreas:
    """The section `areas`. Raises BrokenInstance when anything is wrong with it."""
    folder = Folder(path)
    found = _read(folder)
    if found is None or folder.problems:
        raise BrokenInstance(folder.problems)
    return found


def _read(folder: Folder) -> DeclaredAreas | None:
    declaration = read_declaration(folder)
    if declaration is None:
        return None
    divisions = read_divisions(folder, declaration.divisions.file)
    if folder.problems:
        return None
    check_references(folder, declaration, divisions)
    if folder.problems:
        return None
    try:
        history = compile_history(declaration, divisions)
    except ImpossibleChange as impossible:
        folder.fault(
            "change_impossible", "变更涉及的区域“{code}”在当日并不存在", FILE, folder.line_of(FILE, "changes"),
            remedy="请核对变更日期与created的起始日期", code=str(impossible),
        )  # fmt: skip
        return None
    outlines = read_outlines(folder, declaration.boundaries, history) if declaration.boundaries else {}
    _check_grids(folder, declaration, divisions)
    return DeclaredAreas(declaration, history, outlines)


def _check_grids(folder: Folder, declaration: AreasDeclaration, divisions: list[Division]) -> None:
    if declaration.grids is None:
        return
    line = folder.line_of(FILE, "grids", "total")
    villages = sum(division.level == Level.VILLAGE for division in divisions)
    if declaration.boundaries is None:
        folder.fault(
            "grids_without_boundaries", "没有边界就不能切分网格", FILE, line, remedy="请登记boundaries，或删去grids"
        )
    if not villages <= declaration.grids.total < villages * 1000:
        folder.fault(
            "grids_number", "{villages}个村社区应有{villages}到{most}个网格", FILE, line,
            remedy="每个村社区至少一个网格，至多999个", villages=villages, most=villages * 1000 - 1,
        )  # fmt: skip
