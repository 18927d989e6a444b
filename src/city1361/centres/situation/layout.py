"""What an instance declares for wall and reviews. `wall.yaml`: boards with what each counts, the lens of central
districts. `reviews.yaml`: red heads (版头) of documents, by area. Both optional."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import shapely
import shapely.geometry
from pydantic import Field

from city1361.centres.situation.models import ReviewLayout, WallLayout
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.instance.api import BrokenInstance, Declaration, Folder

FILE, REVIEWS = "wall.yaml", "reviews.yaml"


class BoardEntry(Declaration):
    """A board and the categories of matters that belong to it; a board without any shows that nothing is declared."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")
    name: str = Field(min_length=2, max_length=10)
    icon: str = Field(default="gauge", max_length=40)
    categories: list[str] = Field(default_factory=list, max_length=3)


class LensEntry(Declaration):
    """Areas too small on the map, by their codes, row by row as they lie to one another."""

    name: str = Field(min_length=2, max_length=10)
    rows: list[list[str]]


class RiverEntry(Declaration):
    """A river sketched on the city's map: a LineString of that name in a GeoJSON file of the instance, WGS-84 degrees.
    points are filled in when the instance is loaded, in GCJ-02 like all outlines."""

    name: str = Field(min_length=1, max_length=10)
    file: str = Field(pattern=r"^boundaries/[a-z0-9_]+\.geojson$")
    source: str = Field(min_length=2, max_length=40)
    points: list[tuple[float, float]] = Field(default_factory=list)


class DeclaredWall(Declaration):
    """The whole file. example: nobody has confirmed which category belongs to which board."""

    example: bool = True
    boards: list[BoardEntry] = Field(default_factory=list)
    lens: LensEntry | None = None
    rivers: list[RiverEntry] = Field(default_factory=list, max_length=8)


def read_wall(path: Path) -> DeclaredWall:
    """Raises BrokenInstance with every fault. A city without the file has a wall without boards and lens."""
    if not (path / FILE).exists():
        return DeclaredWall()
    folder = Folder(path)
    declared = folder.declaration(DeclaredWall, FILE)
    if declared is not None:
        rivers = [one.model_copy(update={"points": _line(path / one.file, one.name)}) for one in declared.rivers]
        declared = declared.model_copy(update={"rivers": rivers})
        _check(folder, declared)
    if declared is None or folder.problems:
        raise BrokenInstance(folder.problems)
    return declared


def _check(folder: Folder, declared: DeclaredWall) -> None:
    seen: set[str] = set()
    for place, board in enumerate(declared.boards):
        if board.code in seen:
            line = folder.line_of(FILE, "boards", place)
            folder.fault("repeated_board", "板块“{code}”重复", FILE, line, remedy="请删去一个", code=board.code)
        seen.add(board.code)
    for place, river in enumerate(declared.rivers):
        if len(river.points) < 2:
            line = folder.line_of(FILE, "rivers", place)
            folder.fault("river_missing", "{file}中没有河流“{name}”的线", FILE, line, remedy="请检查文件名和要素的name", file=river.file, name=river.name)  # fmt: skip


def _line(file: Path, name: str) -> list[tuple[float, float]]:
    """The points of the LineString of that name; none where the file cannot be read or holds no such line."""
    try:
        features = json.loads(file.read_text("utf-8"))["features"]
        found = next(one["geometry"] for one in features if one["properties"].get("name") == name)
        drawn = shapely.geometry.shape(found)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration, shapely.errors.ShapelyError):
        return []
    if drawn.geom_type != "LineString":
        return []
    return [areas.wgs84_to_gcj02(x, y) for x, y in drawn.coords]


def check_wall(path: Path) -> list[Any]:
    """The faults of the section."""
    try:
        read_wall(path)
    except BrokenInstance as broken:
        return list(broken.problems)
    return []


def load_wall(path: Path) -> str:
    """Write it; a second load changes nothing."""
    declared = read_wall(path)
    WallLayout.objects.update_or_create(id=1, defaults={"content": declared.model_dump(mode="json")})
    return "大屏板块{count}个".format(count=len(declared.boards))  # noqa: UP032 - translated where it is told


def layout() -> DeclaredWall:
    """What was declared; nothing where no instance is loaded."""
    found = WallLayout.objects.filter(id=1).first()
    return DeclaredWall.model_validate(found.content) if found else DeclaredWall()


class RedHeadEntry(Declaration):
    """The red head of an area's documents. number: 发文字号, in which {year} becomes the year."""

    area: str = Field(min_length=2, max_length=16)
    text: str = Field(min_length=4, max_length=40)
    number: str = Field(default="", max_length=40)


class DeclaredReviews(Declaration):
    """The whole file."""

    red_heads: list[RedHeadEntry] = Field(default_factory=list)


def read_reviews(path: Path) -> DeclaredReviews:
    """Raises BrokenInstance with every fault. Without the file documents have no red head."""
    if not (path / REVIEWS).exists():
        return DeclaredReviews()
    folder = Folder(path)
    declared = folder.declaration(DeclaredReviews, REVIEWS)
    if declared is None or folder.problems:
        raise BrokenInstance(folder.problems)
    return declared


def check_reviews(path: Path) -> list[Any]:
    """The faults of the section."""
    try:
        read_reviews(path)
    except BrokenInstance as broken:
        return list(broken.problems)
    return []


def load_reviews(path: Path) -> str:
    """Write it; a second load changes nothing."""
    declared = read_reviews(path)
    ReviewLayout.objects.update_or_create(id=1, defaults={"content": declared.model_dump(mode="json")})
    return "版头{count}个".format(count=len(declared.red_heads))  # noqa: UP032 - translated where it is told


def red_heads() -> dict[str, RedHeadEntry]:
    """The declared red heads by the code of their area."""
    found = ReviewLayout.objects.filter(id=1).first()
    declared = DeclaredReviews.model_validate(found.content) if found else DeclaredReviews()
    return {one.area: one for one in declared.red_heads}
