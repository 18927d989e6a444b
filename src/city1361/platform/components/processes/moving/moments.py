"""When a timer is due."""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta

from city1361.platform.components.processes.definition import Element, Timer
from city1361.platform.components.processes.moving.run import Run
from city1361.platform.components.processes.terms import StepRefused, Token


def due(run: Run, element: Element, timer: Timer, token: Token, since: datetime) -> datetime | None:
    """The moment, counted from `since`, or nothing where only the rules can tell."""
    if timer.limit:
        return None
    try:
        if timer.at:
            return datetime.fromisoformat(run.value(timer.at, "timestamp", element, token.scope))
        seconds = timer.seconds
        if timer.after:
            seconds = float(run.value(timer.after, "duration", element, token.scope)[:-1])
        return later(since, timer.months, seconds)
    except OverflowError:
        raise StepRefused("too_far", "the timer lies beyond the calendar", element=element.id) from None


def later(moment: datetime, months: int, seconds: float) -> datetime:
    """Months keep the day, or take the last one of a shorter month."""
    if months:
        year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
        if year > 9999:
            raise OverflowError
        day = min(moment.day, calendar.monthrange(year, month + 1)[1])
        moment = moment.replace(year=year, month=month + 1, day=day)
    return moment + timedelta(seconds=seconds)
