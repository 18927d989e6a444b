"""What follows from facts about areas: names, ids, coordinates, numbers of grids. Pure."""

from __future__ import annotations

import math
import re
from uuid import UUID, uuid5

# GCJ-02 as it was published in code (an offset of WGS-84 by a polynomial on the Krassovsky 1940 ellipsoid).
_A = 6378245.0
_EE = 0.00669342162296594323
# Outside this box the offset does not apply.
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)
_COMMITTEES = ("居民委员会", "村民委员会", "工作站")


def area_id(namespace: UUID, first_code: str) -> UUID:
    """The id of an area: it follows from the code the area was first known by, and never changes."""
    return uuid5(namespace, f"area:{first_code}")


def short_name(name: str, level: str) -> str:
    """What people say: 某某社区居民委员会 is 某某社区, 某某村村民委员会 is 某某村. Other levels keep their name."""
    if level != "village":
        return name
    committee = next((word for word in _COMMITTEES if name.endswith(word)), "")
    stem = name.removesuffix(committee)
    if committee == "村民委员会" and not stem.endswith(("村", "社区")):
        return stem + "村"
    return stem or name


def grid_name(serial: int) -> str:
    """第017网格: numbered within the town."""
    return f"第{serial:03d}网格"


def spread(total: int, places: int) -> list[int]:
    """`total` dealt out over `places` as evenly as whole numbers allow, the larger shares spread along the row."""
    return [(i + 1) * total // places - i * total // places for i in range(places)]


def _offset(lon: float, lat: float) -> tuple[float, float]:
    x, y = lon - 105.0, lat - 35.0
    waves = (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3
    d_lat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + waves
    d_lat += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    d_lat += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    d_lon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + waves
    d_lon += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    d_lon += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    magic = 1 - _EE * math.sin(math.radians(lat)) ** 2
    d_lat = d_lat * 180 / ((_A * (1 - _EE)) / (magic * math.sqrt(magic)) * math.pi)
    d_lon = d_lon * 180 / (_A / math.sqrt(magic) * math.cos(math.radians(lat)) * math.pi)
    return d_lon, d_lat


def _in_china(lon: float, lat: float) -> bool:
    west, south, east, north = _CHINA
    return west <= lon <= east and south <= lat <= north


def wgs84_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """(longitude, latitude) in degrees, WGS-84 (satellite receivers) to GCJ-02 (maps published in China)."""
    if not _in_china(lon, lat):
        return lon, lat
    d_lon, d_lat = _offset(lon, lat)
    return lon + d_lon, lat + d_lat


def gcj02_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """The inverse, by fixed-point iteration: the offset changes so slowly that five turns leave micrometres."""
    if not _in_china(lon, lat):
        return lon, lat
    guess_lon, guess_lat = lon, lat
    for _ in range(5):
        d_lon, d_lat = _offset(guess_lon, guess_lat)
        guess_lon, guess_lat = lon - d_lon, lat - d_lat
    return guess_lon, guess_lat


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance of two (longitude, latitude) points on a sphere of 6,371,008.8 m (haversine)."""
    (lon_a, lat_a), (lon_b, lat_b) = [(math.radians(x), math.radians(y)) for x, y in (a, b)]
    half = math.sin((lat_b - lat_a) / 2) ** 2
    half += math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(half))


def map_name(name: str) -> str:
    """A short name as small maps write it: without 区, 县 or the peoples of an autonomous county."""
    cut = re.sub(r"(?<=..)(?:.{1,2}族)+自治县$", "", name)
    return cut if len(cut) < 3 or re.search(r"[新开园]区$", cut) else re.sub(r"[区县]$", "", cut)
