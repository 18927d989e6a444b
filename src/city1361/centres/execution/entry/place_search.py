"""Places that a desk may report for, found by a few words among all that stand below its own areas."""

from __future__ import annotations

from uuid import UUID

from city1361.base.kernel.scope import Level, Scope
from city1361.base.ui import api as ui
from city1361.platform.assurance.standards.areas import api as areas

MOST_FOUND = 20
MOST_LOOKED_AT = 400
MOST_HOLDERS = 5  # of the towns and villages that bear a word, so many are looked into


def find_places(scope: Scope, words: str) -> ui.Found:
    """Towns, villages and grids of the scope: every word is part of a name on the way down, or begins the code."""
    asked = words.split()
    lineages = areas.lineages(list(_candidates(scope, asked)))
    fitting = [one for one in lineages.values() if one.town and all(_fits(one, word) for word in asked)]
    fitting.sort(key=lambda one: (len(one.ids), one.lowest.code))
    shown = [(str(one.lowest.id), _label(scope, one)) for one in fitting[:MOST_FOUND]]
    return ui.Found(shown, len(fitting) > MOST_FOUND)


def _candidates(scope: Scope, asked: list[str]) -> set[UUID]:
    """What bears the words, and what stands below that."""
    found = {one.id for one in scope.areas if one.level not in (Level.CITY, Level.DISTRICT)}
    for top in scope.areas:
        below = None if top.level is Level.CITY else top.id
        for word in asked or [""]:
            hits = areas.find(word, under=below, limit=MOST_LOOKED_AT)
            found |= {one.id for one in hits}
            holders = [one for one in hits if asked and one.level is not Level.GRID][:MOST_HOLDERS]
            for holder in holders:
                found |= {one.id for one in areas.find("", under=holder.id, limit=MOST_LOOKED_AT)}
    return found


def place_label(scope: Scope, place: str) -> str:
    """How a place of the scope is called; empty for one that the desk may not report for."""
    try:
        lineage = areas.lineages([UUID(place)]).get(UUID(place))
    except ValueError:
        return ""
    if lineage is None or lineage.town is None or not {one.id for one in scope.areas} & set(lineage.ids):
        return ""
    return _label(scope, lineage)


def _fits(lineage: areas.Lineage, word: str) -> bool:
    return word in _whole(lineage) or lineage.lowest.code.startswith(word)


def _whole(lineage: areas.Lineage) -> str:
    return "·".join(one.short_name for one in (lineage.district, lineage.town, lineage.village, lineage.grid) if one)


def _label(scope: Scope, lineage: areas.Lineage) -> str:
    """With the district for a desk of the whole city."""
    return _whole(lineage) if any(one.level is Level.CITY for one in scope.areas) else str(lineage)
