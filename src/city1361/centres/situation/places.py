"""Which area a board is of, for whoever asks."""

from __future__ import annotations

from uuid import UUID

from city1361.base.kernel.errors import Missing
from city1361.base.kernel.scope import Level, Scope
from city1361.centres.situation.answers import Place
from city1361.platform.assurance.standards.areas import api as areas

COUNTED_LEVELS = (Level.CITY, Level.DISTRICT, Level.TOWN)
BELOW = {Level.CITY: Level.DISTRICT, Level.DISTRICT: Level.TOWN}


def within(scope: Scope, area: UUID | None) -> tuple[Place, ...]:
    """The way from the highest area that one may see down to the asked one; without one, one's own. Raises Missing for an
    area outside the scope, or below the levels that are counted."""
    asked = area or _own(scope)
    lineage = areas.lineages([asked]).get(asked)
    if lineage is None or lineage.lowest.level not in COUNTED_LEVELS:
        raise Missing()
    path = [one for one in (lineage.city, lineage.district, lineage.town) if one]
    own = {one.id for one in scope.areas}
    seen = (
        path
        if scope.unlimited
        else [one for place, one in enumerate(path) if own & {up.id for up in path[: place + 1]}]
    )
    if not seen:
        raise Missing()
    return tuple(place(one) for one in seen)


def _own(scope: Scope) -> UUID:
    if scope.unlimited:
        return areas.city().id
    if not scope.areas:
        raise Missing()
    order = list(Level)
    return min(scope.areas, key=lambda one: (order.index(one.level), one.id)).id


def place(area: areas.AreaBrief) -> Place:
    """An area as figures name it."""
    return Place(area.id, area.short_name, area.level)


def below(at: Place) -> tuple[Place, ...]:
    """The areas right below that are counted too."""
    if at.level not in BELOW:
        return ()
    return tuple(place(one) for one in areas.children(at.id) if one.level in COUNTED_LEVELS)
