"""Playing a day: what is due is done, one deed after the other, at the pace of the clock or faster.

Nothing is kept beside the data base: a thread's key says whether it was reported, the key of a step whether it was taken.
So a day that was stopped goes on where it was, and two that play the same day do nothing twice.
"""

from __future__ import annotations

import heapq
import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import close_old_connections
from django.utils.timezone import localdate

from city1361 import configuration
from city1361.base.calendar import api as calendar
from city1361.base.kernel import clock
from city1361.base.kernel.errors import Problem
from city1361.centres.demonstration import planning, reading, switch
from city1361.centres.demonstration.deeds import Company
from city1361.centres.demonstration.people import People
from city1361.centres.demonstration.places import places
from city1361.centres.demonstration.terms import Thread
from city1361.centres.execution import api as execution
from city1361.platform.assurance.security.accounts import api as accounts

SEED = 1361
STILL_REPORTED = timedelta(minutes=30)
"""A report that was due longer ago than this, while nothing played, never happens."""
BREATH = 0.3  # seconds between two deeds that are both late: a machine of two cores has other work
UNKNOWN_STEP = "wrong_step"  # the process of this type has no such step, or somebody has taken it already
DAYS_BACK = 7  # matters of that many days before are still worked on
logger = logging.getLogger("city1361.demonstration")


@dataclass(slots=True)
class Played:
    """What has been done: reports, deeds, those that could not be done by the code of the problem."""

    reports: int = 0
    deeds: int = 0
    refused: Counter[str] = field(default_factory=Counter)


class Day:
    """Threads and the next deed of each, in the order of their moments."""

    def __init__(self, company: Company) -> None:
        self.company, self.played = company, Played()
        self._waiting: list[tuple[datetime, str, int, Thread]] = []
        self._matters: dict[str, UUID] = {}
        self._taken: frozenset[str] = frozenset()

    def add(self, threads: Iterable[Thread], prefix: str, *, reports_from: datetime) -> None:
        """Let threads happen, from where each of them is. Those whose report was due before `reports_from` and was not
        made are left out."""
        reported, taken = execution.told_so_far(prefix)
        self._matters |= reported
        self._taken |= taken
        for thread in threads:
            if thread.key in reported or thread.deeds[0].at >= reports_from:
                self._wait(thread, 1 if thread.key in reported else 0)

    def _wait(self, thread: Thread, number: int) -> None:
        """Put the next deed of a thread in its place, past those that are done."""
        while number < len(thread.deeds) and f"{thread.key}:{number}" in self._taken:
            number += 1
        if number < len(thread.deeds):
            heapq.heappush(self._waiting, (thread.deeds[number].at, thread.key, number, thread))

    @property
    def next_at(self) -> datetime | None:
        return self._waiting[0][0] if self._waiting else None

    def do_next(self) -> None:
        """Do what is first in line. What cannot be done ends its thread, unless it only stands beside it or this process
        knows no such step."""
        _, key, number, thread = heapq.heappop(self._waiting)
        deed = thread.deeds[number]
        try:
            if number == 0:
                self._matters[key] = self.company.report(thread)
                self.played.reports += 1
            else:
                self.company.do(thread, number, self._matters[key])
            self.played.deeds += 1
        except Problem as problem:
            self.played.refused[f"{deed.does}: {problem.code}"] += 1
            logger.info("%s of %s was refused: %s", deed.does, key, problem.code)
            if not deed.beside and problem.code != UNKNOWN_STEP:
                return
        self._wait(thread, number + 1)


@dataclass(frozen=True, slots=True)
class Pace:
    """The clock of a day: at `began` it showed `shown`, and it goes `speed` times as fast as ours."""

    began: datetime
    shown: datetime
    speed: float = 1.0

    def now(self) -> datetime:
        return self.shown + (clock.now() - self.began) * self.speed

    def seconds_until(self, at: datetime) -> float:
        return max((at - self.now()).total_seconds() / self.speed, 0.0)


@dataclass(frozen=True, slots=True)
class Hours:
    """A part of a day."""

    day: date
    begins: datetime
    ends: datetime


def set_up(seed: int = SEED) -> tuple[Day, planning.Planner]:
    """A day with nothing in it yet, and who plans dates for this instance."""
    words, said = reading.day_words(), execution.demonstration_words()
    found = places(words, said.town, seed)
    members = accounts.cast_members(configuration.shipped("demo"), settings.INSTANCE["code"])
    company = Company(People(members), {place.town.code: place for place in found}, said.system)
    later = calendar.current().add_minutes
    return Day(company), planning.Planner(seed, words, said, [place.town for place in found], later)


def run(stop: threading.Event) -> None:
    """Play today, and tomorrow when it comes, until `stop`. A loop of the worker."""
    (day, planner), on = set_up(), localdate()
    for before in range(DAYS_BACK, -1, -1):
        _add(day, planner, on - timedelta(days=before))
    logger.info("the demonstration's day plays")
    while not stop.is_set():
        if localdate() != on:
            on = localdate()
            _add(day, planner, on)
        if switch.stopped() or day.next_at is None or day.next_at > clock.now():
            stop.wait(1.0)
            continue
        close_old_connections()
        day.do_next()
        stop.wait(BREATH)


def _add(day: Day, planner: planning.Planner, on: date) -> None:
    day.add(planner.threads(on), planner.key(on), reports_from=clock.now() - STILL_REPORTED)


def play(hours: Hours, seed: int, speed: float, tell: Callable[[Played, datetime], None]) -> Played:
    """Play hours of a day at `speed`; everything is stamped with the moment at which it really happens. tell: called
    after each deed with what was done and the hour of the day. Goes on where it was stopped."""
    day, planner = set_up(seed)
    threads = [one for one in planner.threads(hours.day) if hours.begins <= one.deeds[0].at < hours.ends]
    day.add(threads, planner.key(hours.day), reports_from=hours.begins)
    if day.next_at is None:
        return day.played
    rests, pace = threading.Event(), Pace(clock.now(), max(day.next_at, hours.begins), speed)
    while day.next_at is not None and day.next_at < hours.ends:
        at = day.next_at
        rests.wait(pace.seconds_until(at))
        day.do_next()
        tell(day.played, at)
    return day.played
