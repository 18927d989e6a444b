"""Limits of calls and tasks: amounts from the dated rules of the city, moments from the working calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from city1361.base.calendar import api as calendar
from city1361.base.kernel import clock
from city1361.base.kernel.errors import Unavailable
from city1361.base.ui import api as ui
from city1361.platform.assurance.rules import api as rules
from city1361.platform.assurance.standards.areas import api as areas

NATURAL = frozenset({calendar.Unit.MINUTE, calendar.Unit.NATURAL_HOUR})
NATURAL_DAY = 1440
AMBER = 4  # amber when a quarter of the limit is left


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit. example: nobody has confirmed it, every page that shows it says so."""

    amount: int
    unit: str
    example: bool = True


# What holds where the city has laid down nothing: shown as an example wherever it appears.
EXAMPLES = {
    "whistle_answer": {
        "normal": Limit(2, "working_hour"),
        "pressing": Limit(30, "minute"),
        "urgent": Limit(10, "minute"),
    },
    "task_acknowledge": {
        "normal": Limit(2, "working_hour"),
        "pressing": Limit(30, "minute"),
        "urgent": Limit(15, "minute"),
    },
    "task_done": {
        "normal": Limit(2, "working_day"),
        "pressing": Limit(4, "working_hour"),
        "urgent": Limit(2, "natural_hour"),
    },
    "notice_answer": {
        "normal": Limit(4, "working_hour"),
        "pressing": Limit(1, "working_hour"),
        "urgent": Limit(30, "minute"),
    },
    "sheet_feedback": {
        "normal": Limit(3, "working_day"),
        "pressing": Limit(1, "working_day"),
        "urgent": Limit(4, "natural_hour"),
    },
}


def limit_of(which: str, urgency: str, area: UUID) -> Limit:
    """The limit of that kind (a key of EXAMPLES) that holds in `area` today: the dated parameter `<which>_<urgency>`."""
    default = EXAMPLES[which][urgency]
    try:
        library = rules.library(areas.today(), area)
    except Unavailable:
        return default
    code = f"{which}_{urgency}"
    laid_down = library.limit_value(code, rules.Limit(default.amount, default.unit))
    known = library.book.parameters.get(code)
    period = known.on(library.on) if known else None
    return Limit(laid_down.amount, laid_down.unit, example=period is None or not period.verified)


@dataclass(frozen=True, slots=True)
class Span:
    """A limit that was set: when it turns amber and when it ends. fallback: the end may move with new holidays."""

    due_at: datetime
    amber_at: datetime
    fallback: bool


def span(limit: Limit, since: datetime) -> Span:
    """Set `limit` from `since`."""
    working = calendar.current()
    deadline = working.deadline(since, limit.amount, limit.unit)
    if limit.unit in NATURAL:
        return Span(deadline.at, deadline.at - (deadline.at - since) / AMBER, deadline.fallback)
    quarter = working.minutes_between(since, deadline.at) // AMBER
    return Span(deadline.at, working.add_minutes(deadline.at, -quarter), deadline.fallback)


def limit_clock(
    label: str, unit: str, since: datetime, due_at: datetime, amber_at: datetime, *, stopped: datetime | None = None
) -> ui.Clock:
    """The limit as pages draw it: what is left of it, in working or natural minutes; of the moment it stopped."""
    working, now = calendar.current(), stopped or clock.now()
    natural = unit in NATURAL
    left = _minutes(working, now, due_at, natural=natural)
    whole = max(1, _minutes(working, since, due_at, natural=natural))
    late, soon = now > due_at, now >= amber_at
    tone = ui.Tone.LATE if late else ui.Tone.SOON if soon and not stopped else ui.Tone.NORMAL
    day = NATURAL_DAY if natural else max(working.hours, key=lambda hours: hours.since).shifts.minutes
    return ui.Clock(label, min(left, -1) if late else left, min(1.0, max(0.0, 1 - left / whole)), day, due_at, tone, stopped is not None)  # fmt: skip


def _minutes(working: calendar.WorkingTime, since: datetime, until: datetime, *, natural: bool) -> int:
    if natural:
        return int((until - since) / timedelta(minutes=1))
    return working.minutes_between(since, until)
