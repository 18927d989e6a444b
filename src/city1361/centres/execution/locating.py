"""From what a reporter says of the place to the areas of today."""

from __future__ import annotations

from uuid import UUID

from city1361.base.kernel.errors import Invalid, Missing
from city1361.platform.assurance.standards.areas import api as areas

CHOOSE = "请在给出的网格中选择一个，再次上报"


def locate(lon: float | None, lat: float | None, area_id: UUID | None) -> areas.Lineage:
    """The areas of a point (GCJ-02), of a chosen area, or of both; a chosen area decides where a point is ambiguous.

    Raises Invalid: location_needed, location_outside_city, location_ambiguous (params `choices`), location_mismatch,
    unknown_area.
    """
    if (lon is None) != (lat is None):
        raise Invalid("location_incomplete", "经纬度须同时给出", where="lon,lat", remedy="请重新定位，或选择所在网格")
    if lon is None or lat is None:
        return _chosen(area_id)
    found = areas.locate(lon, lat)
    if area_id is not None:
        return _among(found, area_id)
    if not found:
        raise Invalid(
            "location_outside_city",
            "该位置不在本市网格范围内",
            where="lon,lat",
            remedy="请核对位置，或改为选择所在网格",
        )
    if len(found) > 1:
        raise _ambiguous(found)
    return _in_town(found[0])


def _ambiguous(found: list[areas.Lineage]) -> Invalid:
    return Invalid(
        "location_ambiguous",
        "该位置在{count}个网格的交界处：{names}",
        where="area_id",
        remedy=CHOOSE,
        params={
            "count": len(found),
            "names": "、".join(str(one) for one in found),
            "choices": [{"id": str(one.lowest.id), "name": str(one)} for one in found],
        },
    )


def _chosen(area_id: UUID | None) -> areas.Lineage:
    if area_id is None:
        raise Invalid("location_needed", "缺少位置", where="area_id", remedy="请定位，或选择所在网格")
    try:
        return _in_town(areas.lineage(area_id))
    except Missing as error:
        raise Invalid("unknown_area", "没有这个区域", where="area_id", remedy="请重新选择所在网格") from error


def _among(found: list[areas.Lineage], area_id: UUID) -> areas.Lineage:
    """The chosen area, which a point may not contradict: it must hold the point or be one of its grids."""
    chosen = _chosen(area_id)
    for one in found:
        if area_id == one.lowest.id:
            return one
        if area_id in one.ids and len(found) == 1:
            return one
    if found and not any(area_id in one.ids for one in found):
        raise Invalid(
            "location_mismatch", "定位在{names}，与所选的{chosen}不符", where="area_id",
            remedy="请核对位置，或只选择网格而不带定位",
            params={
                "names": "、".join(str(one) for one in found), "chosen": str(chosen),
                "choices": [{"id": str(one.lowest.id), "name": str(one)} for one in found],
            },
        )  # fmt: skip
    if not found:
        raise Invalid(
            "location_outside_city",
            "该位置不在本市网格范围内",
            where="lon,lat",
            remedy="请核对位置，或只选择网格而不带定位",
        )
    raise _ambiguous(found)


def _in_town(lineage: areas.Lineage) -> areas.Lineage:
    if lineage.town is None or lineage.district is None:
        raise Invalid(
            "area_too_large",
            "{name}的范围太大",
            where="area_id",
            remedy="请选择镇街、社区或网格",
            params={"name": lineage.lowest.name},
        )
    return lineage
