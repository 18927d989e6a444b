"""What a wall shows of its area, from the same figures as every other page: nothing here counts by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Missing
from city1361.base.kernel.scope import Level, Scope
from city1361.base.outbox import api as outbox
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import MatterRow, Period, PeriodKind
from city1361.centres.situation import boards, places
from city1361.centres.situation.answers import AreaFigure, Board, Place, Point
from city1361.centres.situation.layout import BoardEntry, RiverEntry, layout
from city1361.platform.assurance.standards.areas import api as areas

TODAY = ("reported_count", "filed_count", "closed_count")
RATES = ("closing", "solution", "on_time_closing", "satisfaction", "rework")
STAGES = (
    ("感知预警", ("in_verifying", "in_reported")),
    ("决策处置", ("in_dispatching", "in_admitted", "in_designating", "in_handling")),
    ("监督评价", ("in_close_requested", "in_checked")),
)
STOCK = ("in_hand", "overdue", "shelved_stock", *(code for _, codes in STAGES for code in codes))
METRICS = ("reported_count", "in_hand", "overdue")
WORST = 5
LATEST = 14
DAYS = 14


@dataclass(frozen=True, slots=True)
class BoardCard:
    """A board and its categories: code, name, reported today, in hand."""

    entry: BoardEntry
    lines: tuple[tuple[str, str, int, int], ...]

    @property
    def today(self) -> int:
        return sum(line[2] for line in self.lines)

    @property
    def in_hand(self) -> int:
        return sum(line[3] for line in self.lines)


@dataclass(frozen=True, slots=True)
class Wall:
    """All that a wall shows. spread: the metric of each area below; in a town, of each type."""

    area: areas.AreaBrief
    today: Board
    rates: Board
    stock: Board
    metric: str
    spread: tuple[AreaFigure, ...]
    late: tuple[AreaFigure, ...]
    latest: tuple[MatterRow, ...]
    trend: tuple[Point, ...]
    cards: tuple[BoardCard, ...]
    example: bool
    lens: tuple[str, tuple[tuple[UUID, ...], ...]] | None
    codes: dict[UUID, str]
    drawing: areas.OutlineMap | None
    rivers: tuple[RiverEntry, ...]
    ticket: str

    @property
    def moment(self) -> datetime:
        return min(self.today.moment, self.rates.moment, self.stock.moment)

    @property
    def stale(self) -> bool:
        return self.today.stale or self.rates.stale or self.stock.stale


def wall(*, scope: Scope, by: By, area: UUID | None, metric: str, period: Period, visitors: bool) -> Wall:
    """The wall of an area (one's own when none is named). Raises Missing outside the scope.

    visitors: sensitive matters are left out of the list; the page hides the rest.
    """
    at, day = clock.now(), execution.period_now(PeriodKind.DAY)
    here = places.within(scope, area)[-1]
    asked = {"scope": scope, "area": here.id, "at": at}
    brief, declared = areas.area(here.id), layout()
    city = here.level is Level.CITY
    below = areas.children(here.id) if here.level in places.BELOW else []
    return Wall(
        area=brief,
        today=boards.figures(**asked, period=day, codes=TODAY),  # type: ignore[arg-type]
        rates=boards.figures(**asked, period=period, codes=RATES),  # type: ignore[arg-type]
        stock=boards.figures(**asked, period=day, codes=STOCK),  # type: ignore[arg-type]
        metric=metric,
        spread=_spread(scope, here, metric, at, day),
        late=_late(scope, here, at),
        latest=_latest(scope, by, here.id, visitors),
        trend=tuple(boards.trend(**asked, code="reported_count", points=DAYS)),  # type: ignore[arg-type]
        cards=_cards(scope, here.id, declared.boards, at, day),
        example=declared.example,
        lens=_lens(declared.lens.name, declared.lens.rows, below) if city and declared.lens else None,
        codes={one.id: one.code for one in below},
        drawing=_drawing(here.id) if city else None,
        rivers=tuple(declared.rivers) if city else (),
        ticket=outbox.live_ticket((execution.WHOLE_CITY if city else f"area:{here.id}",), account=by.account),
    )


def _spread(scope: Scope, here: Place, metric: str, at: datetime, day: Period) -> tuple[AreaFigure, ...]:
    ask = boards.by_area if here.level in places.BELOW else boards.by_type
    return tuple(ask(scope=scope, code=metric, area=here.id, at=at, period=day))


def _late(scope: Scope, here: Place, at: datetime) -> tuple[AreaFigure, ...]:
    ask = boards.by_area if here.level in places.BELOW else boards.by_type
    found = [one for one in ask(scope=scope, code="overdue", area=here.id, at=at) if one.value]
    return tuple(sorted(found, key=lambda one: (-(one.value or 0), one.name))[:WORST])


def _latest(scope: Scope, by: By, area: UUID, visitors: bool) -> tuple[MatterRow, ...]:
    if not scope.allows(execution.Permission.READ_MATTER):
        return ()
    found = execution.my_list(scope=scope, by=by, tab=execution.Tab.ALL, area=area, size=LATEST).rows
    return tuple(one for one in found if not (visitors and one.is_sensitive))


def _cards(scope: Scope, area: UUID, entries: Sequence[BoardEntry], at: datetime, day: Period) -> tuple[BoardCard, ...]:
    if not entries:
        return ()
    types = {one.code: one.category for one in execution.matter_types()}
    names = {one.code: one.name for one in execution.categories()}
    counted: dict[str, dict[str, int]] = {}
    for code in ("reported_count", "in_hand"):
        sums = counted.setdefault(code, {})
        for one in boards.by_type(scope=scope, code=code, area=area, at=at, period=day):
            category = types.get(one.key, "")
            sums[category] = sums.get(category, 0) + int(one.value or 0)
    return tuple(
        BoardCard(
            entry,
            tuple(
                (code, names.get(code, code), counted["reported_count"].get(code, 0), counted["in_hand"].get(code, 0))
                for code in entry.categories
            ),
        )
        for entry in entries
    )


def _lens(
    name: str, rows: Sequence[Sequence[str]], below: Sequence[areas.AreaBrief]
) -> tuple[str, tuple[tuple[UUID, ...], ...]]:
    known = {one.code: one.id for one in below}
    return name, tuple(tuple(known[code] for code in row if code in known) for row in rows)


def _drawing(area: UUID) -> areas.OutlineMap | None:
    try:
        return areas.outline_of_children(area, 1000)
    except Missing:
        return None
