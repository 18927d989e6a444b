"""Words of the demonstration's day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Who(StrEnum):
    """Who does a deed, seen from the town where it happens."""

    REPORTER = "reporter"
    GRID_WORKER = "grid_worker"
    TOWN_DUTY = "town_duty"
    HANDLER = "handler"
    OTHER_HANDLER = "other_handler"
    TOWN_CHECK = "town_check"
    DISTRICT_DUTY = "district_duty"
    DISTRICT_HANDLER = "district_handler"
    DISTRICT_CHECK = "district_check"
    CITY_CHECK = "city_check"


@dataclass(frozen=True, slots=True)
class Deed:
    """Somebody does something at a moment. does: a step of a matter, or `whistle`, `look`, `accept`, `arrive`, `help`,
    `visit`. beside: the story goes on when it cannot be done."""

    at: datetime
    who: Who
    does: str
    told: Mapping[str, str] = field(default_factory=dict)
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """A matter that will be, from its report to its end. `key` names it in the data base, so nothing happens twice."""

    key: str
    town: str
    place: int
    matter_type: str
    urgency: str
    channel: str
    description: str
    address: str
    deeds: tuple[Deed, ...]


@dataclass(frozen=True, slots=True)
class DayWords:
    """What demo/day.yaml says."""

    matters_a_day: int
    towns_a_district: int
    shares: Mapping[str, float]
    roads: Mapping[str, float]
    visited: float
    unsolved: float
    words: Mapping[str, tuple[str, ...]]
