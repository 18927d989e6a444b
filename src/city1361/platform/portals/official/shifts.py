"""Which shift is on duty, worked out from the declared hours. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Turn:
    """A shift that is on duty: from when until when."""

    code: str
    name: str
    starts: datetime
    ends: datetime


def on_duty(declared: Sequence[Mapping[str, str]], local: datetime) -> Turn | None:
    """The shift at `local` (aware, in the city's zone); None where no shifts are declared or none covers the moment."""
    for day in (local, local - timedelta(days=1)):
        for one in declared:
            starts, ends = _at(day, one["starts"]), _at(day, one["ends"])
            if ends <= starts:
                ends += timedelta(days=1)
            if starts <= local < ends:
                return Turn(one["code"], one["name"], starts, ends)
    return None


def _at(day: datetime, clock: str) -> datetime:
    return datetime.combine(day.date(), time.fromisoformat(clock), tzinfo=day.tzinfo)
