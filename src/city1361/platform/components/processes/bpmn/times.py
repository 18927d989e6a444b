"""The times of timer events."""

from __future__ import annotations

import re
from datetime import datetime

from lxml import etree

from city1361.platform.components.processes.bpmn.extensions import LIMIT
from city1361.platform.components.processes.bpmn.findings import Findings
from city1361.platform.components.processes.bpmn.words import BPMN, CITY, REASONS
from city1361.platform.components.processes.definition import Timer
from city1361.platform.components.processes.reading import local, text_of

DURATION = re.compile(
    r"P(?=.)(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?"
    r"(?:T(?=.)(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})(?:\.\d{1,6})?S)?)?"
)
CYCLE = re.compile(r"R(\d{0,4})/(P.{1,60})")
SHORTEST_CYCLE = 60.0
REMEDY = "Write timeDuration (PT4H), timeDate, or city:limit (rules:<stage>)."


def duration(text: str) -> Timer | None:
    """An ISO 8601 duration, if the text is one. Days and weeks are natural time."""
    found = DURATION.fullmatch(text)
    if not found:
        return None
    years, months, weeks, days, hours, minutes, seconds = (int(one or 0) for one in found.groups())
    return Timer(
        months=years * 12 + months, seconds=float(((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds)
    )


def timer_of(node: etree._Element, owner: str, findings: Findings, *, repeats: bool) -> Timer | None:
    """The time of a timerEventDefinition."""
    limit = str(node.get(f"{{{CITY}}}limit", "")).strip()
    times = [one for one in node if isinstance(one.tag, str) and local(one).startswith("time")]
    if limit and not times:
        if not LIMIT.fullmatch(limit):
            findings.add("limit", node, owner, f"{limit[:60]!r} is no limit", "Write rules:<stage> or 4 working_hour.")
        return Timer(limit=limit)
    if limit or len(times) != 1 or not text_of(times[0]):
        findings.add("timer", node, owner, "a timer needs exactly one time", REMEDY)
        return None
    kind, text = times[0].tag, text_of(times[0])
    if kind == f"{{{BPMN}}}timeCycle":
        return _cycle(times[0], text, owner, findings, repeats=repeats)
    if kind == f"{{{BPMN}}}timeDate":
        return Timer(at=_moment(times[0], text, owner, findings))
    return duration(text) or Timer(after=text)


def _cycle(node: etree._Element, text: str, owner: str, findings: Findings, *, repeats: bool) -> Timer | None:
    found = CYCLE.fullmatch(text)
    each = duration(found[2]) if found else None
    if not repeats:
        findings.add("refused", node, owner, *REASONS["timeCycle"])
    elif not found or not each or not (each.months or each.seconds >= SHORTEST_CYCLE):
        findings.add("timer", node, owner, f"{text[:60]!r} is no repeated time", "Write R3/PT4H; a minute at least.")
    else:
        return Timer(each.months, each.seconds, times=int(found[1]) if found[1] else -1)
    return None


def _moment(node: etree._Element, text: str, owner: str, findings: Findings) -> str:
    """An ISO moment becomes an expression as well; anything else must be one already."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if moment.tzinfo is None:
        findings.add("timer", node, owner, "the moment has no time zone", "Write it like 2027-01-31T09:00:00+08:00.")
    return f'timestamp("{moment.isoformat()}")'
