"""What replay.py replays: files of cases read as happenings of matters, taken and checked one after the other."""

from __future__ import annotations

import csv
import gzip
import io
import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from city1361.centres.execution import api as execution
from tests import cast
from tests.centres.execution import matters
from tests.scenarios.replaying import MINUTE, URGENCIES, ZONE, Happening, Minutes, Replay, coming_week

WINDOW = timedelta(days=9)  # the whole of an event log; with the limits behind it, a fortnight without holidays
ACTIVITIES = {"Confirmation": "admit", "T02": "request_close", "T03": "check_fail", "T04": "check_pass", "T05": "close"}
# What may happen where: step, the states it may be taken in, the state it leads to.
ROAD = {
    "admit": (("reported",), "admitted"),
    "acknowledge": (("admitted",), "handling"),
    "request_close": (("handling",), "close_requested"),
    "check_fail": (("close_requested",), "handling"),
    "check_pass": (("close_requested",), "checked"),
    "close": (("checked",), "closed"),
    "report_progress": (("handling",), "handling"),
}


@dataclass
class LogReplay(Replay):
    """An event log: its cases as requests, each event as a step where the road has a place for it."""

    cases: dict[str, list[Mapping[str, str]]] = field(default_factory=dict)
    placed: Counter[str] = field(default_factory=Counter)
    unplaced: Counter[str] = field(default_factory=Counter)
    handled: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)

    def happenings(self) -> list[Happening]:
        moments = [datetime.fromisoformat(one["time:timestamp"]) for rows in self.cases.values() for one in rows]
        starts = {key: _start(rows) for key, rows in self.cases.items()}
        begun = min(starts.values())
        self.speed = (max(moments) - begun) / WINDOW

        def at(moment: datetime) -> datetime:
            return self.monday + (moment - begun) / self.speed // MINUTE * MINUTE

        found = [one for key, rows in self.cases.items() for one in self._case(key, rows, starts[key], at)]
        return sorted(found, key=lambda one: one.at)

    def _case(self, key: str, rows: list[Mapping[str, str]], start: datetime, at: Any) -> Iterator[Happening]:
        urgency = URGENCIES[sum(key.encode()) % 3]
        state = "reported"
        yield Happening(at(start), key, "report", urgency)
        for row in rows:
            name = row["concept:name"].split()[0].split("-")[0]
            moment = at(datetime.fromisoformat(row["time:timestamp"]))
            if state == "admitted":
                state = "handling"
                self.placed["acknowledged by whoever came next"] += 1
                yield Happening(moment, key, "acknowledge", urgency)
            step = ACTIVITIES.get(name, "report_progress")
            if state not in ROAD[step][0]:
                self.unplaced[f"{name} while {state}"] += 1
                continue
            state = ROAD[step][1]
            self.placed["note" if step == "report_progress" else "step"] += 1
            yield Happening(moment, key, step, urgency)

    def _take(self, one: Happening, row: Mapping[str, str]) -> None:
        if one.step == "check_fail":
            self.matters[one.request] = matters.checked(self.matters[one.request], passed=False)
        elif one.step == "report_progress":
            matter = self.matters[one.request]
            self.matters[one.request] = execution.matter_report_progress(
                by=cast.by(cast.TOWN_HANDLER), matter_id=matter.id, expected_version=matter.version, text="进展"
            )
        else:
            super()._take(one, row)

    def _check_limits(self, one: Happening) -> None:
        self._follow_handling(one)
        if one.step not in ("check_fail", "report_progress"):
            super()._check_limits(one)
            return
        matter, due = self.matters[one.request], self.handled[one.request][1]
        self.limits += 1
        if matter.stage is None or matter.stage.due_at != due:
            self.wrong.append(f"{one.request} handling after {one.step} at {one.at}: {matter.stage}, not {due}")

    def _follow_handling(self, one: Happening) -> None:
        """When handling began and when its limit ends; what was left at the end of handling is left when it goes on."""
        if one.step == "acknowledge":
            self.handled[one.request] = (one.at, self.minutes.due("handling", one.urgency, one.at))
        elif one.step in ("request_close", "check_fail"):
            since, until = self.handled[one.request]
            natural = self.minutes.limits["handling"][one.urgency].split()[1] in ("minute", "natural_hour")
            if one.step == "request_close":
                self.handled[one.request] = (one.at, until)
            elif natural:
                self.handled[one.request] = (one.at, one.at + (until - since))
            else:
                self.handled[one.request] = (one.at, self._moved(since, until, one.at))

    def _moved(self, stopped: datetime, due: datetime, at: datetime) -> datetime:
        """`due` as many working minutes after `at` as it was after `stopped`, walked minute by minute."""
        earlier, later = sorted((stopped, due))
        local, left = earlier.astimezone(ZONE).replace(tzinfo=None), 0
        while local < later.astimezone(ZONE).replace(tzinfo=None):
            left += self.minutes.works(local)
            local += MINUTE
        forward, local = due >= stopped, at.astimezone(ZONE).replace(tzinfo=None)
        while left:
            local += MINUTE if forward else -MINUTE
            left -= self.minutes.works(local - MINUTE if forward else local)
        return local.replace(tzinfo=ZONE).astimezone(at.tzinfo)


def _start(rows: list[Mapping[str, str]]) -> datetime:
    """The start of a case; its first event where the start is written later."""
    return min(datetime.fromisoformat(rows[0]["case:startdate"]), datetime.fromisoformat(rows[0]["time:timestamp"]))


def _told(key: str, rows: list[Mapping[str, str]]) -> Mapping[str, str]:
    """A case as a request."""
    words = {"complaint_type": rows[0]["case:department"], "descriptor": rows[0]["concept:name"]}
    return {"unique_key": key, "incident_address": rows[0]["case:group"], "street_name": "", **words}


def read(file: Path) -> list[Mapping[str, str]]:
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def replay(file: Path, most: int) -> bool:
    """Inside the installation's environment: replay one file, print what came of it."""
    rows, minutes = read(file), Minutes(Path(os.environ["CITY1361_INSTANCE"]))
    if "case:concept:name" in rows[0]:
        cases: dict[str, list[Mapping[str, str]]] = {}
        for row in sorted(rows, key=lambda row: datetime.fromisoformat(row["time:timestamp"])):
            cases.setdefault(row["case:concept:name"], []).append(row)
        cases = dict(list(cases.items())[:most])
        told = [_told(key, rows) for key, rows in cases.items()]
        made: Replay = LogReplay(told, minutes, coming_week(), cases=cases)
    else:
        made = Replay(rows[:most], minutes, coming_week())
    begun = time.monotonic()
    happenings = made.happenings()
    made.run(happenings)
    walked = time.monotonic() - begun
    made.check_kept()
    return _report(made, happenings, len(rows), walked, file)


def _report(made: Replay, happenings: list[Happening], rows: int, walked: float, file: Path) -> bool:
    ends = Counter(matter.state.value for matter in made.matters.values())
    lost = len(made.requests) - len({matter.number for matter in made.matters.values()})
    span = happenings[-1].at - happenings[0].at
    print(f"{file.name}: {rows:,} rows, {len(made.matters):,} cases, {len(happenings):,} steps in {walked:.0f} s,")
    print(f"    the clock of the replay went {span}; ended as {dict(ends)}")
    if isinstance(made, LogReplay):
        print(f"    an event log {made.speed:.0f} times faster: {dict(made.placed)}; without a place on the road:")
        print(f"    {sum(made.unplaced.values()):,}: {dict(made.unplaced.most_common(12))}")
    print(f"    {made.limits:,} limits checked; lost {lost}; wrong {len(made.wrong)}")
    for line in made.wrong[:10]:
        print(f"    {line}")
    return not made.wrong and not lost
