"""查重 at the intake: matters that a new report may repeat. Officials see which, within their scope; a reporter only how
many there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.timezone import get_default_timezone

from city1361.base.database import api as database
from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Invalid, Missing, Unavailable
from city1361.base.kernel.ids import id_at
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import queries
from city1361.centres.execution.duplicates import similarity
from city1361.centres.execution.duplicates.similarity import USUAL, Likeness, Near, Said
from city1361.centres.execution.locating import locate
from city1361.centres.execution.models import Matter, MatterType
from city1361.centres.execution.terms import OPEN_STATES, MatterState, Permission
from city1361.platform.assurance.rules import api as rules
from city1361.platform.assurance.standards.areas import api as areas

MOST_COMPARED = 400
MOST_NEARBY = 9  # a reporter is told "9 or more" and nothing finer
METRES_PER_DEGREE = 111_000


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A matter that may be the same, and why it is suggested."""

    id: UUID
    number: str
    title: str
    state: MatterState
    address: str
    reported_at: datetime
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Typed:
    """A report as far as it has been typed. Place as in a report; category where no type is chosen yet."""

    matter_type: str = ""
    category: str = ""
    description: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    area_id: UUID | None = None


def similar_to(*, scope: Scope, by: By, typed: Typed) -> list[Suggestion]:
    """Open matters in the scope that the report may repeat, the most alike first; nobody sees more than he may read."""
    found = _placed(typed)
    if found is None or not scope.allows(Permission.READ_MATTER):
        return []
    said, towns, near = found
    return _suggested(said, near, _candidates(said, towns, near, queries.visible_to(scope)))


def nearby_count(*, typed: Typed) -> int:
    """How many open matters near by are like it, at most nine; sensitive ones are not counted. Says nothing else."""
    found = _placed(typed)
    if found is None:
        return 0
    said, towns, near = found
    with database.scoped(Scope.everything()):
        rows = list(_candidates(said, towns, near, Q(sensitive=[])))
    return min(MOST_NEARBY, sum(similarity.likeness(said, said_of(row), near) is not None for row in rows))


def similar_to_matter(*, scope: Scope, by: By, matter_id: UUID) -> list[Suggestion]:
    """The same at admission, for a matter that has been reported. Raises Missing."""
    row = queries.matter_row(scope, matter_id)
    if not scope.allows(Permission.READ_MATTER):
        return []
    said, near = said_of(row), _near(row.reported_at, row.town_id)
    towns = _towns(row.town_id, near, row.lon, row.lat)
    return _suggested(said, near, _candidates(said, towns, near, queries.visible_to(scope) & ~Q(pk=row.pk)))


def most_similar_before(row: Matter) -> UUID | None:
    """The open matter, reported earlier and not sensitive, that is most alike: what a reporter who says 我也遇到 means.

    Asks in the scope that is bound: the system's own.
    """
    said, near = said_of(row), _near(row.reported_at, row.town_id)
    earlier = Q(id__lt=row.id, sensitive=[]) & ~Q(reporter_account=row.reporter_account)
    towns = _towns(row.town_id, near, row.lon, row.lat)
    found = _suggested(said, near, _candidates(said, towns, near, earlier))
    return found[0].id if found else None


def said_of(row: Matter) -> Said:
    """A matter as it is compared."""
    return Said(
        matter_type=row.type_id,
        category=row.type.category,
        text=f"{row.description} {row.address}",
        at=row.reported_at,
        grid=row.grid_id,
        lon=row.lon,
        lat=row.lat,
        reporter=row.reporter_account,
    )


def _placed(typed: Typed) -> tuple[Said, tuple[UUID, ...], Near] | None:
    """What was typed, as it is compared, the towns to look in, and how near; None while type or place are not known yet."""
    kind = MatterType.objects.filter(code=typed.matter_type).first() if typed.matter_type else None
    category = kind.category if kind else typed.category
    try:
        place = locate(typed.lon, typed.lat, typed.area_id)
    except (Invalid, Missing):
        return None
    if not category or place.town is None:
        return None
    said = Said(
        matter_type=kind.code if kind else "",
        category=category,
        text=f"{typed.description} {typed.address}",
        at=clock.now(),
        grid=place.grid.id if place.grid else None,
        lon=typed.lon,
        lat=typed.lat,
    )
    near = _near(said.at, place.town.id)
    return said, _towns(place.town.id, near, typed.lon, typed.lat), near


def _near(at: datetime, town: UUID) -> Near:
    """The radius and the window that the rules of the day lay down for the town."""
    try:
        library = rules.library(at.astimezone(get_default_timezone()).date(), town)
    except Unavailable:
        return USUAL
    return Near(int(library.value("similar_metres", USUAL.metres)), int(library.value("similar_days", USUAL.days)))


def _towns(town: UUID, near: Near, lon: float | None, lat: float | None) -> tuple[UUID, ...]:
    """The town itself, and those that the radius reaches into."""
    if lon is None or lat is None:
        return (town,)
    far = near.metres / METRES_PER_DEGREE
    around = [(lon - far, lat), (lon + far, lat), (lon, lat - far), (lon, lat + far)]
    reached = {place.town.id for point in around for place in areas.locate(*point) if place.town}
    return tuple(sorted({town, *reached}))


def _candidates(said: Said, towns: Sequence[UUID], near: Near, narrowed: Q) -> Iterator[Matter]:
    """Open matters of the window in these towns, newest first, each by equality on the town."""
    since = id_at(said.at - timedelta(days=near.days))
    kind = Q(type__category=said.category)
    states = [state.value for state in OPEN_STATES]
    for town in towns:
        here = Matter.objects.select_related("type").filter(
            narrowed, kind, town_id=town, state__in=states, id__gte=since
        )
        yield from here.order_by("-id")[:MOST_COMPARED]


def _suggested(said: Said, near: Near, candidates: Iterator[Matter]) -> list[Suggestion]:
    rows = {row.id: row for row in candidates}
    alike = ((similarity.likeness(said, said_of(row), near), row.id) for row in rows.values())
    found = similarity.ranked((likeness, row_id) for likeness, row_id in alike if likeness is not None)
    return [_suggestion(rows[row_id], likeness) for likeness, row_id in found]


def _suggestion(row: Matter, likeness: Likeness) -> Suggestion:
    return Suggestion(row.id, row.number, row.title, MatterState(row.state), row.address, row.reported_at, likeness)
