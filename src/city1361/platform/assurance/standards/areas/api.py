"""The door of areas."""

from city1361.platform.assurance.standards.areas.checking import DeclaredAreas, check_areas, read_areas
from city1361.platform.assurance.standards.areas.decisions import (
    area_id,
    gcj02_to_wgs84,
    map_name,
    metres_between,
    wgs84_to_gcj02,
)
from city1361.platform.assurance.standards.areas.loading import load_areas, rebuild_lineage
from city1361.platform.assurance.standards.areas.models import Area
from city1361.platform.assurance.standards.areas.outlines import frame_around, outline, outline_of_children
from city1361.platform.assurance.standards.areas.queries import (
    ChangeView,
    area,
    areas,
    by_code,
    changes,
    children,
    city,
    find,
    lineage,
    lineages,
    locate,
    subtree_counts,
    today,
)
from city1361.platform.assurance.standards.areas.sampling import GridPoint, sample_grids
from city1361.platform.assurance.standards.areas.terms import (
    AreaBrief,
    AreaKind,
    ChangeKind,
    Frame,
    Lineage,
    Outline,
    OutlineMap,
    Tree,
)
from city1361.platform.assurance.standards.areas.timeline import PlacementFact

__all__ = [
    "Area",
    "AreaBrief",
    "AreaKind",
    "ChangeKind",
    "ChangeView",
    "DeclaredAreas",
    "Frame",
    "GridPoint",
    "Lineage",
    "Outline",
    "OutlineMap",
    "PlacementFact",
    "Tree",
    "area",
    "area_id",
    "areas",
    "by_code",
    "changes",
    "check_areas",
    "children",
    "city",
    "find",
    "frame_around",
    "gcj02_to_wgs84",
    "lineage",
    "lineages",
    "load_areas",
    "locate",
    "map_name",
    "metres_between",
    "outline",
    "outline_of_children",
    "read_areas",
    "rebuild_lineage",
    "sample_grids",
    "subtree_counts",
    "today",
    "wgs84_to_gcj02",
]
