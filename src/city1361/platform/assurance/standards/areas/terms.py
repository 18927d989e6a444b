"""Words of areas."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from city1361.base.kernel.scope import Level


class Tree(StrEnum):
    """Statutory: 行政区划. Governing: 管理归属, which scope and roll-ups follow."""

    STATUTORY = "statutory"
    GOVERNING = "governing"


class AreaKind(StrEnum):
    """What an area is, beside the level it stands on."""

    CITY = "city"
    DISTRICT = "district"
    DEVELOPMENT_ZONE = "development_zone"
    TOWN = "town"
    VILLAGE = "village"
    GRID = "grid"


class ChangeKind(StrEnum):
    """What happened to an area on a day."""

    FOUNDED = "founded"
    ABOLISHED = "abolished"
    TRANSFERRED = "transferred"


@dataclass(frozen=True, slots=True)
class AreaBrief:
    """An area as others see it. `code` is the one valid on the day asked for."""

    id: UUID
    level: Level
    kind: AreaKind
    code: str
    name: str
    short_name: str
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Lineage:
    """An area and everything above it in the governing tree; levels below the area are None."""

    city: AreaBrief
    district: AreaBrief | None = None
    town: AreaBrief | None = None
    village: AreaBrief | None = None
    grid: AreaBrief | None = None

    @property
    def lowest(self) -> AreaBrief:
        return self.grid or self.village or self.town or self.district or self.city

    @property
    def ids(self) -> tuple[UUID, ...]:
        """From the city down."""
        return tuple(area.id for area in (self.city, self.district, self.town, self.village, self.grid) if area)

    def __str__(self) -> str:
        """As people say it below their district: 某街道·某社区·第017网格."""
        below = [area for area in (self.town, self.village, self.grid) if area]
        return "·".join(area.short_name for area in below) or self.lowest.name


@dataclass(frozen=True, slots=True)
class Frame:
    """A map window: GCJ-02 bounds drawn into width × height units, north up, a metre as wide as it is high."""

    west: float
    south: float
    east: float
    north: float
    width: float
    height: float

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a point stands in the drawing, rounded to a tenth of a unit."""
        x = (lon - self.west) / (self.east - self.west) * self.width
        y = (self.north - lat) / (self.north - self.south) * self.height
        return round(x, 1), round(y, 1)


@dataclass(frozen=True, slots=True)
class Outline:
    """An area's outline as an SVG path in the units of its frame. `synthetic` shapes are invented, `approximate`
    ones stand in for a boundary that is not at hand: pages say so."""

    area: AreaBrief
    path: str
    synthetic: bool
    approximate: bool


@dataclass(frozen=True, slots=True)
class OutlineMap:
    """Outlines that share one frame, drawn in this order (development zones last, over the districts)."""

    frame: Frame
    outlines: tuple[Outline, ...]
