"""The file of district outlines: GeoJSON, repaired, complete. Finds what is wrong by line."""

from __future__ import annotations

import json
import posixpath
from typing import Any

import numpy
import shapely
from shapely.geometry import shape as geometry_from

from city1361.base.kernel.scope import Level
from city1361.platform.assurance.standards.areas import boundaries
from city1361.platform.assurance.standards.areas.declarations import FILE, Boundaries
from city1361.platform.assurance.standards.areas.terms import Tree
from city1361.platform.assurance.standards.areas.timeline import History
from city1361.platform.assurance.standards.instance.api import Folder

EARTH = (-180.0, -90.0, 180.0, 90.0)


def read_outlines(folder: Folder, declared: Boundaries, history: History) -> dict[str, Any]:
    """Repaired geometries by first code, with a fault for each that cannot be used or is missing."""
    file = posixpath.normpath(f"areas/{declared.file}")
    text = folder.text(file)
    if text is None:
        return {}
    try:
        features = json.loads(text)["features"]
    except json.JSONDecodeError as error:
        folder.fault("geojson_syntax", "JSON语法错误", file, error.lineno, remedy="请检查文件是否完整")
        return {}
    except (KeyError, TypeError, RecursionError):
        folder.fault("geojson_shape", "不是GeoJSON FeatureCollection", file, 1, remedy="应含features数组")
        return {}
    found: dict[str, Any] = {}
    for i, feature in enumerate(features):
        identifier = str(feature.get("id", "")) if isinstance(feature, dict) else ""
        line = _feature_line(text, identifier, i)
        code = declared.codes.get(identifier, identifier)
        if code not in history.areas:
            folder.fault(
                "outline_unknown", "第{place}个边界的编号“{id}”不是区域代码", file, line,
                remedy="请在boundaries.codes中对应到区域代码", place=i + 1, id=identifier,
            )  # fmt: skip
            continue
        outline = _outline(feature)
        if outline is None:
            folder.fault(
                "outline_broken", "“{id}”的边界不是有效的经纬度多边形", file, line,
                remedy="应为Polygon或MultiPolygon，坐标为经度、纬度", id=identifier,
            )  # fmt: skip
            continue
        found[code] = outline
    _check_complete(folder, declared, history, found, file)
    return found


def _feature_line(text: str, identifier: str, place: int) -> int:
    """The line where the feature's id stands, else the line of its place among the features."""
    at = text.find(f'"{identifier}"') if identifier else -1
    if at < 0:
        at = -1
        for _ in range(place + 1):
            at = text.find('"Feature"', at + 1)
    return text.count("\n", 0, max(at, 0)) + 1


def _outline(feature: dict[str, Any]) -> Any:
    """The repaired geometry, or None when there is no area in it."""
    try:
        with numpy.errstate(invalid="ignore"):  # NaN and infinity are refused below, without a warning
            geometry = geometry_from(feature["geometry"])
        if geometry.geom_type not in ("Polygon", "MultiPolygon") or geometry.is_empty:
            return None
        if not numpy.isfinite(shapely.get_coordinates(geometry)).all():
            return None
        west, south, east, north = geometry.bounds
        if not (EARTH[0] <= west and EARTH[1] <= south and east <= EARTH[2] and north <= EARTH[3]):
            return None
        repaired = boundaries.repair(geometry)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, shapely.errors.ShapelyError):
        return None
    return repaired if repaired.area > 0 else None


def _check_complete(folder: Folder, declared: Boundaries, history: History, found: dict[str, Any], file: str) -> None:
    """Every district of today's statutory tree has an outline, its own or a union of others'."""
    made = {union.code for union in declared.unions}
    for i, union in enumerate(declared.unions):
        for code in union.of:
            if code not in found:
                folder.fault(
                    "outline_missing", "合并所需的边界“{code}”不在文件中", FILE,
                    folder.line_of(FILE, "boundaries", "unions", i), remedy="请补上该边界", code=code,
                )  # fmt: skip
    city = next(code for code, area in history.areas.items() if area.level == Level.CITY)
    for code in history.under(city, Tree.STATUTORY):
        if code not in found and code not in made:
            folder.fault("outline_missing", "区县“{code}”没有边界", file, 1, remedy="请补上边界，或登记合并", code=code)
