"""Requests of a real city, replayed as matters at their own times, and their limits counted by a second way.

The second way knows nothing of the product: it reads the instance's calendar.yaml and rules.yaml and walks minute by
minute. It knows no announced holidays, so the replay begins in a week without any.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from django.db import connection

from city1361.base.kernel import clock
from city1361.centres.execution.api import MatterView
from tests import cast
from tests.centres.execution import matters

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
SPREAD = 24  # the requests of four hours of a night become those of four days: nights and days off lie between
URGENCIES = ("normal", "pressing", "urgent")
CLOSING = ("admit", "acknowledge", "request_close", "check_pass", "close")
# The state whose limit begins with a step.
BEGINS = {
    "report": "reported",
    "admit": "admitted",
    "acknowledge": "handling",
    "request_close": "close_requested",
    "check_pass": "checked",
}


class Minutes:
    """Working time by walking minute by minute over the yaml files of an instance."""

    def __init__(self, instance: Path) -> None:
        calendar = yaml.safe_load((instance / "calendar.yaml").read_text("utf-8"))
        hours = calendar["hours"][-1]
        self.shifts = [tuple(map(_of_day, hours[part].split("-"))) for part in ("morning", "afternoon")]
        self.named = {day["date"]: day["kind"] for day in calendar.get("days", ())}
        self.limits = yaml.safe_load((instance / "rules.yaml").read_text("utf-8"))["limits"]

    def works(self, at: datetime) -> bool:
        kind = self.named.get(at.date()) or ("workday" if at.weekday() < 5 else "weekend")
        shifts = {"workday": self.shifts, "half_day_am": self.shifts[:1], "half_day_pm": self.shifts[1:]}.get(kind, [])
        return any(start <= at.hour * 60 + at.minute < end for start, end in shifts)

    def due(self, clock_name: str, urgency: str, start: datetime) -> datetime:
        """When the limit of a clock ends that began at `start`."""
        amount, unit = self.limits[clock_name][urgency].split()
        at = start.astimezone(ZONE).replace(tzinfo=None)
        if unit in ("minute", "natural_hour"):
            at += int(amount) * (MINUTE if unit == "minute" else timedelta(hours=1))
        elif unit == "working_hour":
            left = int(amount) * 60
            while left:
                left -= self.works(at)
                at += MINUTE
        else:
            at = self._end_of_day(at, int(amount))
        return at.replace(tzinfo=ZONE).astimezone(UTC)

    def _end_of_day(self, at: datetime, days: int) -> datetime:
        """When work ends on the N-th working day after this one."""
        day = at.replace(hour=0, minute=0, second=0)
        while days:
            day += timedelta(days=1)
            worked = [day + MINUTE * number for number in range(1440) if self.works(day + MINUTE * number)]
            days -= bool(worked)
        return worked[-1] + MINUTE


def _of_day(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


@dataclass(frozen=True, slots=True)
class Happening:
    """A step of a request: `at` is the moment of the replay."""

    at: datetime
    request: str
    step: str
    urgency: str


@dataclass
class Replay:
    """The requests, when each step of theirs happens, and what became of them."""

    requests: list[Mapping[str, str]]
    minutes: Minutes
    monday: datetime
    matters: dict[str, MatterView] = field(default_factory=dict)
    taken: dict[str, list[Happening]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    limits: int = 0

    @cached_property
    def first(self) -> datetime:
        return min(datetime.fromisoformat(one["created_date"]) for one in self.requests)

    def moment(self, text: str, share: float = 1.0, since: str = "") -> datetime:
        """Where a moment of the data lies in the replay, `share` of the way from `since` to it; whole minutes."""
        until = datetime.fromisoformat(text)
        begun = datetime.fromisoformat(since) if since else until
        passed = (begun + (until - begun) * share - self.first) * SPREAD
        return self.monday + passed // MINUTE * MINUTE

    def happenings(self) -> list[Happening]:
        """In the order in which they happen. What lies between report and close is spread evenly; a request that is
        still open is admitted on its next update."""
        return sorted((one for row in self.requests for one in self._of(row)), key=lambda one: one.at)

    def _of(self, row: Mapping[str, str]) -> Iterator[Happening]:
        key, created, ended = row["unique_key"], row["created_date"], row["closed_date"]
        urgency = URGENCIES[int(key) % 3]
        yield Happening(self.moment(created), key, "report", urgency)
        if ended and ended >= created:
            for number, step in enumerate(CLOSING, 1):
                yield Happening(self.moment(ended, number / len(CLOSING), created), key, step, urgency)
        elif row["resolution_action_updated_date"] >= created:
            yield Happening(self.moment(row["resolution_action_updated_date"]), key, "admit", urgency)

    def run(self, happenings: Iterable[Happening]) -> None:
        rows = {one["unique_key"]: one for one in self.requests}
        for one in happenings:
            with clock.frozen(one.at):
                self._take(one, rows[one.request])
            self.taken.setdefault(one.request, []).append(one)
            self._check_limits(one)

    def _take(self, one: Happening, row: Mapping[str, str]) -> None:
        if one.step == "report":
            words = f"{row['complaint_type']}: {row['descriptor']}"[:200]
            self.matters[one.request] = matters.reported(
                cast.GRID_WORKER, client_key=f"request-{one.request}", matter_type="01003", description=words,
                urgency=one.urgency, address=row["incident_address"] or row["street_name"],
            )  # fmt: skip
            return
        act = {
            "admit": matters.admitted,
            "acknowledge": matters.handling,
            "request_close": matters.close_requested,
            "check_pass": matters.checked,
            "close": matters.closed,
        }[one.step]
        self.matters[one.request] = act(self.matters[one.request])

    def _check_limits(self, one: Happening) -> None:
        matter, reported = self.matters[one.request], self.taken[one.request][0]
        expected = [("total", matter.total.due_at, self.minutes.due("total", one.urgency, reported.at))]
        if one.step in BEGINS:
            shown = matter.stage.due_at if matter.stage else None
            expected.append((BEGINS[one.step], shown, self.minutes.due(BEGINS[one.step], one.urgency, one.at)))
        for name, shown, due in expected:
            self.limits += 1
            if shown != due:
                self.wrong.append(f"{one.request} {name} after {one.step} at {one.at}: {shown}, not {due}")

    def check_kept(self) -> None:
        """Every step stands in the history at its moment and in its order, and has its entry in the log."""
        for request, steps in self.taken.items():
            matter = self.matters[request]
            told = [(one.step.value, one.at) for one in matters.history(matter)]
            if told != [(one.step, one.at) for one in steps]:
                self.wrong.append(f"{request}: the history says {told}")
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM base_evidence_entry WHERE subject_kind = 'matter' AND subject_id = %s",
                    [str(matter.id)],
                )
                entries = cursor.fetchone()[0]
            if entries != len(steps):
                self.wrong.append(f"{request}: {len(steps)} steps, {entries} entries in the log")


def coming_week() -> datetime:
    """08:00 on the Thursday of a working week to come, with a whole week without announced holidays after it."""
    from city1361.base.calendar import api as calendar

    day = clock.now().astimezone(ZONE).date()
    for ahead in range(1, 120):
        thursday = day + timedelta(days=ahead)
        plain = all(
            calendar.is_workday(thursday + timedelta(days=n)) == ((thursday + timedelta(days=n)).weekday() < 5)
            for n in range(15)
        )
        if thursday.weekday() == 3 and plain:
            return datetime(thursday.year, thursday.month, thursday.day, 8, tzinfo=ZONE).astimezone(UTC)
    raise AssertionError("no plain fortnight within four months")


def replayed(requests: list[Mapping[str, str]], instance: Path) -> Any:
    """Replay and check all of it."""
    made = Replay(requests, Minutes(instance), coming_week())
    made.run(made.happenings())
    made.check_kept()
    return made
