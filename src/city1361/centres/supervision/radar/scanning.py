"""The nightly look: what a day gave, listed once; and the look of a person at what was listed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import date, timedelta
from uuid import UUID

from django.utils.timezone import get_default_timezone

from city1361.base.action.api import Outcome, action
from city1361.base.database import api as database
from city1361.base.files import api as files
from city1361.base.kernel import clock
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Conflict, Missing, Refused, Unavailable
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import Period, PeriodKind, period_of
from city1361.centres.supervision.models import RadarFinding, RadarScan
from city1361.centres.supervision.radar import decisions
from city1361.centres.supervision.radar.decisions import Found, Thresholds
from city1361.centres.supervision.terms import Permission, Sign
from city1361.platform.assurance.rules import api as rules
from city1361.platform.assurance.standards.organisations import api as organisations

SUBJECT = "radar_finding"
SCAN = "radar_scan"
MATTER = "matter"
signs = execution.signs


def thresholds(day: date) -> Thresholds:
    """The dated parameters `radar_…` of a day; where the city has laid down none, the examples stand."""
    try:
        library = rules.library(day)
    except Unavailable:
        return Thresholds()
    named = {one.name: library.value(f"radar_{one.name}", one.default) for one in fields(Thresholds)}
    return Thresholds(**{name: int(value) for name, value in named.items()})


@action(Permission.SCAN_RADAR)
def radar_scan(*, by: By, day: date) -> Outcome[int]:
    """List the signs of a day that is over. Returns how many; a second look at the same day changes nothing. Raises
    Conflict before its end."""
    period, began = period_of(PeriodKind.DAY, day), time.monotonic()
    if clock.now() < period.until:
        raise Conflict("day_not_over", "当日尚未结束", where="day", remedy="请在次日巡检")
    subject = Subject(SCAN, UUID(int=day.toordinal()), day.isoformat())
    if RadarScan.objects.filter(day=day).exists():
        return Outcome(0, subject=subject, unchanged=True)
    limits = thresholds(day)
    with database.scoped(Scope.everything()):
        rows = list(_rows(list(_found(period, limits)), day, limits))
        RadarFinding.objects.bulk_create(rows, ignore_conflicts=True)
        seconds = round(time.monotonic() - began, 3)
        RadarScan.objects.create(day=day, at=clock.now(), found=len(rows), seconds=seconds)
    counts = {sign.value: sum(1 for row in rows if row.sign == sign.value) for sign in Sign}
    return Outcome(
        len(rows), subject=subject, facts={"day": day.isoformat(), "found": counts, "thresholds": asdict(limits)}
    )


def _found(period: Period, limits: Thresholds) -> Iterator[Found]:
    since, until, zone = period.since, period.until, get_default_timezone()
    closed = signs.closings(since, until)
    yield from decisions.of_a_day(closed, limits, zone)
    texts = signs.same_closing_texts(since, until, length=limits.text_length, least=limits.text_count)
    for unit, digest, ids in texts:
        yield Found(
            Sign.COPIED_TEXT, unit, f"{unit} {digest}", len(ids), len(ids), tuple(ids[: decisions.MOST_MATTERS])
        )
    for fingerprint, owners in files.repeated_pictures(since, until, owner_kind=MATTER):
        ids = [UUID(one) for one in owners]
        yield Found(
            Sign.REPEATED_PHOTO, None, str(fingerprint), len(ids), len(ids), tuple(ids[: decisions.MOST_MATTERS])
        )
    yield from decisions.bunched(signs.extensions(since, until), limits)
    for lead, parent, parts in signs.splits(since, until, least=limits.split_count):
        yield Found(Sign.SPLIT_REPORT, lead, str(parent), len(parts), 1, (parent, *parts))
    if period.after.weekday() == 0:
        yield from _of_the_week(period_of(PeriodKind.WEEK, period.first), limits)
    if period.after.day == 1:
        month = period_of(PeriodKind.MONTH, period.first)
        yield from decisions.of_a_month(signs.closings_by_day(month.since, month.until), period.first, closed, limits)


def _of_the_week(week: Period, limits: Thresholds) -> Iterator[Found]:
    yield from decisions.of_a_week(signs.closings(week.since, week.until), limits)
    before = week.since - timedelta(days=28)
    for sign, state in ((Sign.REFUSAL_RISE, "refused"), (Sign.VOID_RISE, "voided")):
        for one in signs.turned_away(state, before, week.since, week.until):
            yield from decisions.rise(sign, one.centre, (one.lately, one.before), one.matters, limits)


def _rows(found: list[Found], day: date, limits: Thresholds) -> Iterator[RadarFinding]:
    places = signs.places_of({matter for one in found for matter in one.matters})
    units = {one.unit or _only({places[m][3] for m in one.matters if m in places}) for one in found}
    names = {key: one.name for key, one in organisations.organisations([one for one in units if one]).items()}
    for one in found:
        where = [places[matter] for matter in one.matters if matter in places]
        if not where:
            continue
        unit = one.unit or _only({place[3] for place in where})
        yield RadarFinding(
            day=day, sign=one.sign.value, key=one.key, city_id=where[0][0], district_id=_only({place[1] for place in where}),
            town_id=_only({place[2] for place in where}), organisation=unit, organisation_name=names.get(unit, "") if unit else "",
            measured=one.measured, base=one.base, thresholds=asdict(limits), matters=list(one.matters), found_at=clock.now(),
        )  # fmt: skip


def _only(found: set[UUID | None] | set[UUID]) -> UUID | None:
    """The one there is, None where there are several."""
    return next(iter(found)) if len(found) == 1 else None


@action(Permission.ISSUE_CARD)
def radar_look(*, by: By, finding_id: UUID, note: str) -> Outcome[None]:
    """Somebody has looked at it and says what he found. Raises Missing, Refused (one's own unit), Conflict (twice)."""
    row = RadarFinding.objects.select_for_update().filter(pk=finding_id).first()
    if row is None:
        raise Missing()
    if row.organisation is not None and row.organisation == by.organisation:
        raise Refused("own_unit", "涉及本单位的迹象由本单位以外的人查看", remedy="请由上级或其他单位的督查人员查看")
    if row.looked_at is not None:
        raise Conflict("looked_at_already", "已由他人查看", remedy="请刷新页面")
    row.looked_at, row.looked_by, row.looked_who, row.note = clock.now(), by.account, by.label[:80], note.strip()[:500]
    row.save(update_fields=["looked_at", "looked_by", "looked_who", "note"])
    facts = {"sign": row.sign, "day": row.day.isoformat(), "matters": len(row.matters)}
    return Outcome(None, subject=Subject(SUBJECT, row.id), facts=facts, personal={"note": row.note})


def scan_due(by: By) -> int:
    """Look through yesterday, and what of the last seven days nobody looked through. Returns how many signs."""
    today = execution.period_now(PeriodKind.DAY).first
    first = today - timedelta(days=7)
    done = set(RadarScan.objects.filter(day__gte=first).values_list("day", flat=True))
    known = RadarScan.objects.exists()
    days = [first + timedelta(days=place) for place in range(7)] if known else [today - timedelta(days=1)]
    return sum(radar_scan(by=by, day=day) for day in days if day not in done)
