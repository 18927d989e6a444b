"""`grids.yaml` of the instance folder: the item list that lets tasks in, and the tags people may carry. Optional."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field

from city1361.base.kernel.ids import new_id
from city1361.grassroots.grids.models import GridRules
from city1361.grassroots.grids.terms import GridTaskKind
from city1361.platform.assurance.standards.instance.api import BrokenInstance, Declaration, Folder

FILE = "grids.yaml"
CODE = r"^[a-z][a-z0-9_]{0,31}$"


class ItemEntry(Declaration):
    """A grid item: what a town may ask of its grids without asking anybody. tag: only households with such people."""

    code: str = Field(pattern=CODE)
    name: str = Field(min_length=2, max_length=20)
    kind: GridTaskKind
    per_household: bool = True
    tag: str = ""
    guidance: str = Field(default="", max_length=200)
    basis: str = Field(default="", max_length=200)
    example: bool = True


class TagEntry(Declaration):
    """A tag."""

    code: str = Field(pattern=CODE)
    name: str = Field(min_length=2, max_length=10)


class DeclaredGrids(Declaration):
    """The whole file."""

    tags: list[TagEntry] = Field(default_factory=list)
    items: list[ItemEntry] = Field(default_factory=list)


def read_grids(path: Path) -> DeclaredGrids:
    """Raises BrokenInstance with every fault. A city without the file has no item: every task needs its commander."""
    if not (path / FILE).exists():
        return DeclaredGrids()
    folder = Folder(path)
    declared = folder.declaration(DeclaredGrids, FILE)
    if declared is not None:
        _check(folder, declared)
    if declared is None or folder.problems:
        raise BrokenInstance(folder.problems)
    return declared


def _check(folder: Folder, declared: DeclaredGrids) -> None:
    tags = {tag.code for tag in declared.tags}
    seen: set[str] = set()
    for place, item in enumerate(declared.items):
        line = folder.line_of(FILE, "items", place)
        if item.code in seen:
            folder.fault("repeated_item", "事项“{code}”重复", FILE, line, remedy="请删去一个", code=item.code)
        if item.tag and item.tag not in tags:
            folder.fault("unknown_tag", "没有人员标签“{code}”", FILE, line, remedy="请先在tags中声明", code=item.tag)
        seen.add(item.code)


def check_grids(path: Path) -> list[Any]:
    """The faults of the section."""
    try:
        read_grids(path)
    except BrokenInstance as broken:
        return list(broken.problems)
    return []


def load_grids(path: Path) -> str:
    """Write it; a second load changes nothing."""
    declared = read_grids(path)
    content = declared.model_dump(mode="json")
    known = GridRules.objects.first()
    if known is None or known.content != content:
        GridRules.objects.update_or_create(id=1, defaults={"edition": new_id(), "content": content})
    return "网格事项{count}项".format(count=len(declared.items))  # noqa: UP032 - translated where it is told
