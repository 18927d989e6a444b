"""Which closings of a day are worth a look: pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Protocol
from uuid import UUID

from city1361.centres.supervision.terms import Sign

MOST_MATTERS = 200


class Closed(Protocol):
    """A closed matter, as far as signs look at it."""

    @property
    def id(self) -> UUID: ...
    @property
    def unit(self) -> UUID | None: ...
    @property
    def reported_at(self) -> datetime: ...
    @property
    def closed_at(self) -> datetime: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def self_closed(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on a sign is listed. share and self_share: of a hundred; times: how many times as many as usual."""

    least: int = 5
    share: int = 50
    near_due_minutes: int = 60
    bulk_minutes: int = 10
    bulk_count: int = 10
    day_end_hour: int = 23
    instant_minutes: int = 5
    text_count: int = 3
    text_length: int = 8
    times: int = 3
    self_share: int = 50
    split_count: int = 3


@dataclass(frozen=True, slots=True)
class Found:
    """A sign at a unit: how many of how many, and which matters. key tells it from others of the day."""

    sign: Sign
    unit: UUID | None
    key: str
    measured: int
    base: int
    matters: tuple[UUID, ...]


def by_unit(closed: Iterable[Closed]) -> dict[UUID, list[Closed]]:
    """The closings of each unit, in the order of time."""
    found: dict[UUID, list[Closed]] = defaultdict(list)
    for one in closed:
        if one.unit is not None:
            found[one.unit].append(one)
    return found


def of_a_day(closed: Sequence[Closed], limits: Thresholds, zone: tzinfo) -> list[Found]:
    """Bunched shortly before the limit, in bulk, in the last hours of the day, at once after the report."""
    found = []
    for unit, mine in by_unit(closed).items():
        near = [
            one
            for one in mine
            if timedelta(0) <= one.due_at - one.closed_at <= timedelta(minutes=limits.near_due_minutes)
        ]
        late = [one for one in mine if one.closed_at.astimezone(zone).hour >= limits.day_end_hour]
        instant = [one for one in mine if one.closed_at - one.reported_at <= timedelta(minutes=limits.instant_minutes)]
        found += _shared(Sign.NEAR_DUE_CLOSING, unit, near, mine, least=limits.least, share=limits.share)
        found += _shared(Sign.DAY_END_CLOSING, unit, late, mine, least=limits.least, share=limits.share)
        found += _shared(Sign.INSTANT_CLOSING, unit, instant, mine, least=limits.least)
        bulk = _densest(mine, timedelta(minutes=limits.bulk_minutes))
        found += _shared(Sign.BULK_CLOSING, unit, bulk, mine, least=limits.bulk_count)
    return found


def of_a_week(closed: Sequence[Closed], limits: Thresholds) -> list[Found]:
    """Units that closed much of what they had reported themselves."""
    found = []
    for unit, mine in by_unit(closed).items():
        own = [one for one in mine if one.self_closed]
        found += _shared(Sign.SELF_CLOSING_SHARE, unit, own, mine, least=limits.least, share=limits.self_share)
    return found


def of_a_month(
    days: Mapping[UUID, Mapping[date, int]], last: date, closed: Sequence[Closed], limits: Thresholds
) -> list[Found]:
    """Units that closed far more on the last day of the month than on a usual one. Days without any count as usual too."""
    found, today = [], by_unit(closed)
    for unit, counts in days.items():
        before = sum(count for day, count in counts.items() if day != last)
        on_last = counts.get(last, 0)
        if on_last >= limits.least and on_last * (last.day - 1) >= limits.times * max(before, 1):
            ids = tuple(one.id for one in today.get(unit, ()))[:MOST_MATTERS]
            found.append(Found(Sign.MONTH_END_CLOSING, unit, str(unit), on_last, before + on_last, ids))
    return found


def _shared(
    sign: Sign, unit: UUID, those: Sequence[Closed], all_of_them: Sequence[Closed], *, least: int, share: int = 0
) -> list[Found]:
    if len(those) < max(least, 1) or 100 * len(those) < share * len(all_of_them):
        return []
    ids = tuple(one.id for one in those[:MOST_MATTERS])
    return [Found(sign, unit, str(unit), len(those), len(all_of_them), ids)]


def _densest(mine: Sequence[Closed], span: timedelta) -> Sequence[Closed]:
    """The most closings that lie within a span."""
    best: Sequence[Closed] = ()
    first = 0
    for last, one in enumerate(mine):
        while one.closed_at - mine[first].closed_at > span:
            first += 1
        if last - first + 1 > len(best):
            best = mine[first : last + 1]
    return best


def rise(
    sign: Sign, centre: UUID, counted: tuple[int, int], matters: Sequence[UUID], limits: Thresholds
) -> list[Found]:
    """A week with far more than an average one of the four before. counted: in the week, and in the four together."""
    lately, before = counted
    if lately < limits.least or 4 * lately < limits.times * max(before, 1):
        return []
    return [Found(sign, centre, str(centre), lately, before, tuple(matters))]


def bunched(asked: Iterable[tuple[UUID | None, UUID, datetime, datetime]], limits: Thresholds) -> list[Found]:
    """Units whose extensions began shortly before the limits."""
    near: dict[UUID, list[UUID]] = defaultdict(list)
    total: dict[UUID, int] = defaultdict(int)
    for unit, matter, since, due in asked:
        if unit is None:
            continue
        total[unit] += 1
        if due - since <= timedelta(minutes=limits.near_due_minutes):
            near[unit].append(matter)
    return [
        Found(Sign.EXTENSION_BUNCH, unit, str(unit), len(ids), total[unit], tuple(ids[:MOST_MATTERS]))
        for unit, ids in near.items()
        if len(ids) >= limits.least
    ]
