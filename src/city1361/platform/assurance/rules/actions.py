"""Changing working time after the instance was loaded, with evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from city1361.base.action.api import Outcome, action
from city1361.base.calendar import api as calendar
from city1361.base.calendar.api import NamedDay, Rebuilt
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Invalid
from city1361.platform.assurance.rules.events import WorkingTimeChanged
from city1361.platform.assurance.rules.terms import Permission

_SUBJECT = Subject("working_calendar", "1", "工作日历")


@action(Permission.OVERRIDE_CALENDAR)
def calendar_override(
    *, by: By, days: Sequence[NamedDay] = (), restored: Sequence[date] = (), announced_until: date | None = None
) -> Outcome[Rebuilt]:
    """Enter days over everything else said of them, give others back, and rebuild the running total.

    announced_until: the announced holidays have been entered up to this day. Raises Invalid for a day that is entered
    and given back at once, without a source, or outside the calendar; Unavailable while there is no calendar.
    """
    _check(days, restored)
    rebuilt = calendar.override(days, restored=restored, announced_until=announced_until)
    facts = {
        "days": [
            {"date": day.date.isoformat(), "kind": day.kind, "name": day.name, "source": day.source} for day in days
        ],
        "restored": [day.isoformat() for day in restored],
        "announced_until": announced_until.isoformat() if announced_until else None,
        "changed": rebuilt.days,
    }
    return _outcome(rebuilt, facts)


@action(Permission.OVERRIDE_CALENDAR)
def calendar_rebuild(*, by: By) -> Outcome[Rebuilt]:
    """Bring the calendar up to date with the year and with a newer transcription of the official holidays."""
    rebuilt = calendar.rebuild()
    return _outcome(rebuilt, {"changed": rebuilt.days}, unchanged=not rebuilt.days)


def _check(days: Sequence[NamedDay], restored: Sequence[date]) -> None:
    table = calendar.current().table
    entered = [day.date for day in days]
    for day in (*entered, *restored):
        if not table.first <= day <= table.last:
            raise _wrong(day, "calendar_outside", "{day} 不在工作日历的范围内")
        if (*entered, *restored).count(day) > 1:
            raise _wrong(day, "calendar_day_twice", "{day} 重复填写")
    for named in days:
        if not named.name.strip() or not named.source.strip():
            raise _wrong(named.date, "calendar_without_source", "{day} 没有名称或依据")


def _wrong(day: date, code: str, message: str) -> Invalid:
    return Invalid(code, message, where="days", remedy="请核对日期，并写明名称和依据", params={"day": day.isoformat()})


def _outcome(rebuilt: Rebuilt, facts: dict[str, object], *, unchanged: bool = False) -> Outcome[Rebuilt]:
    events = () if rebuilt.since is None else (WorkingTimeChanged(rebuilt.since, rebuilt.days),)
    return Outcome(rebuilt, subject=_SUBJECT, facts=facts, events=events, unchanged=unchanged)
