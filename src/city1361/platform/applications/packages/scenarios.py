"""Run a package's scenarios: as the people of the cast, through actions, at a stopped clock, and then give it all up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import get_default_timezone, localdate

from city1361.base.calendar import api as calendar
from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Problem
from city1361.platform.applications.packages.contents import WEEKDAYS, ScenarioEntry, StepEntry
from city1361.platform.applications.packages.parts import Course, facts_after, scenario_step
from city1361.platform.assurance.security.accounts import api as accounts

FURTHEST = 60  # days ahead: rows of further months have no partition yet


@dataclass(slots=True)
class ScenarioReport:
    """How a scenario went: empty `faults` mean as it was told. Each fault is a sentence in zh-Hans with its values."""

    name: str
    steps: int = 0
    faults: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def run_scenarios(package: str, scenarios: Sequence[Mapping[str, Any]]) -> list[ScenarioReport]:
    """Each scenario on its own; nothing of it stays. They need the demonstration's cast."""
    return [_run(package, ScenarioEntry.model_validate(content)) for content in scenarios]


def _run(package: str, scenario: ScenarioEntry) -> ScenarioReport:
    report = ScenarioReport(scenario.name)
    at = begins(scenario.at, clock.now())
    course = Course(package, begun=at)
    with _given_up():
        for entry in scenario.when:
            at += entry.after
            with clock.frozen(at):
                said = _take(course, entry, report)
            report.steps += 1
            if not said:
                break
    return report


def begins(words: str, now: datetime) -> datetime:
    """The next `monday 10:00` after today in a week without holidays: the rules of the day are those of any day."""
    weekday, time_ = words.split()
    zone, today = get_default_timezone(), localdate(now)
    days = [today + timedelta(days=ahead) for ahead in range(1, FURTHEST + 1)]
    fitting = [day for day in days if day.weekday() == WEEKDAYS.index(weekday)]
    day = next((day for day in fitting if _is_ordinary_week(day)), fitting[0])
    return datetime.combine(day, time.fromisoformat(time_), zone)


def _is_ordinary_week(day: date) -> bool:
    monday = day - timedelta(days=day.weekday())
    return all(
        calendar.is_workday(one) == (one.weekday() < 5) for one in (monday + timedelta(days=n) for n in range(7))
    )


def _take(course: Course, entry: StepEntry, report: ScenarioReport) -> bool:
    """Take one step and compare what came of it. False when going on makes no sense."""
    met = _met(course, entry)
    place = {"number": report.steps + 1, "step": entry.does, "who": entry.who}
    if met != entry.refused:
        wanted = entry.refused or "—"
        report.faults.append(
            ("第{number}步“{step}”（{who}）：应遇到{wanted}，实为{met}", {**place, "wanted": wanted, "met": met or "—"})
        )
        return False
    facts = facts_after(entry.does, course) if entry.then else {}
    for name, wanted in entry.then.items():
        found = facts.get(name, "？")
        if found != wanted:
            report.faults.append(
                (
                    "第{number}步“{step}”后，{name}应为{wanted}，实为{found}",
                    {**place, "name": name, "wanted": wanted, "found": found},
                )
            )
    return True


def _met(course: Course, entry: StepEntry) -> str:
    """The code of the problem that the step met, or nothing."""
    step = scenario_step(entry.does)
    if step is None:
        return "step_unknown"
    try:
        with transaction.atomic():
            step.take(course, acting(entry.who), entry.given)
    except Problem as problem:
        return problem.code
    return ""


def acting(username: str) -> By:
    """The one of the cast who acts under his main appointment. Raises Missing."""
    standing = accounts.standing(accounts.account_named(username), None, clock.now())
    active = standing.active
    return By(
        account=standing.account,
        label=standing.shown,
        channel="command",
        appointment=active.id if active else None,
        organisation=active.organisation if active else None,
        post=active.post_code if active else "",
        trace="scenario",
    )


@contextmanager
def _given_up() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
