"""A visit answers several tasks at once; opening a household leaves evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from city1361.base.action.api import Outcome, action
from city1361.base.files import api as files
from city1361.base.kernel import clock
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Conflict, Invalid, Missing
from city1361.grassroots.grids import queries
from city1361.grassroots.grids.answers import HouseholdView, PersonView, VisitMade, VisitView
from city1361.grassroots.grids.models import GridVisit, Household, TaskEntry
from city1361.grassroots.grids.terms import Finding, GridTaskState, Permission

LATEST = 10
MOST_PHOTOS = 6
SUBJECT = "grid_visit"


@action(Permission.DO_TASK)
def visit_record(
    *,
    by: By,
    findings: Mapping[UUID, Finding],
    said: str = "",
    photos: Sequence[UUID] = (),
    occurred_at: datetime | None = None,
    client_key: str,
) -> Outcome[VisitMade]:
    """Record one visit for the entries it answers: all of one household, or all of one grid.

    Sent again under the same key it is the same visit. Entries that somebody answered meanwhile are left as they are.
    Raises Missing, Invalid, Conflict.
    """
    again = GridVisit.objects.filter(account=by.account, client_key=client_key).first()
    if again is not None:
        return Outcome(_made(again), subject=_subject(again), unchanged=True)
    if len(photos) > MOST_PHOTOS:
        raise Invalid(
            "too_many_photos", "最多{most}张照片", where="photos", remedy="请减少照片", params={"most": MOST_PHOTOS}
        )
    entries = _entries(findings)
    now, first = clock.now(), entries[0]
    visit = GridVisit.objects.create(
        city_id=first.city_id, district_id=first.district_id, town_id=first.town_id, village_id=first.village_id,
        grid_id=first.grid_id, household_id=first.household_id, said=said.strip() or None, account=by.account,
        who=by.label, occurred_at=min(occurred_at or now, now), recorded_at=now, client_key=client_key,
    )  # fmt: skip
    if photos:
        visit.photos = [file.id for file in files.link(by, photos, _subject(visit))]
        visit.save(update_fields=["photos"])
    for entry in entries:
        entry.finding, entry.visit, entry.open = findings[entry.id].value, visit, False
    TaskEntry.objects.bulk_update(entries, ["finding", "visit", "open"])
    made = _made(visit)
    facts = {"tasks": [str(entry.task_id) for entry in entries], "noticed": made.noticed, "photos": len(photos)}
    return Outcome(made, subject=_subject(visit), facts=facts)


def _entries(findings: Mapping[UUID, Finding]) -> list[TaskEntry]:
    rows = list(
        TaskEntry.objects.select_for_update(of=("self",))
        .filter(id__in=findings, task__state=GridTaskState.RUNNING)
        .order_by("id")
    )
    if not rows:
        raise Missing()
    if len({(row.grid_id, row.household_id) for row in rows}) > 1:
        raise Invalid("several_households", "一次只能记录一户", where="findings", remedy="请逐户记录")
    still = [row for row in rows if row.open]
    if not still:
        raise Conflict("done_already", "这里的任务已经完成，不用再做", remedy="请刷新任务")
    return still


def _subject(visit: GridVisit) -> Subject:
    return Subject(SUBJECT, visit.id)


def _made(visit: GridVisit) -> VisitMade:
    found = list(visit.entries.values_list("finding", flat=True))
    return VisitMade(visit.id, len(found), found.count(Finding.NOTICED))


@action(Permission.READ_PERSON)
def household_read(*, by: By, household_id: UUID) -> Outcome[HouseholdView]:
    """Open a household: its people and the latest visits. Each opening stands in evidence. Raises Missing."""
    row = Household.objects.select_related("micro_grid").filter(id=household_id).first()
    if row is None:
        raise Missing()
    names = queries.tags()
    people = tuple(
        PersonView(one.name, one.phone or "", tuple(names.get(tag, tag) for tag in one.tags))
        for one in row.people.order_by("id")
    )
    view = HouseholdView(
        id=row.id, grid_id=row.grid_id, number=row.number, micro_grid=row.micro_grid.name if row.micro_grid else "",
        address=row.address, contact=row.contact or "", people=people, visits=_visits(row), synthetic=row.synthetic,
    )  # fmt: skip
    return Outcome(view, subject=Subject("household", row.id), facts={"people": len(people)})


def _visits(row: Household) -> tuple[VisitView, ...]:
    latest = row.visits.prefetch_related("entries__task").order_by("-id")[:LATEST]
    return tuple(
        VisitView(
            visit.occurred_at,
            visit.who,
            tuple((entry.task.title, entry.finding) for entry in visit.entries.all()),
            visit.said or "",
            tuple(visit.photos),
        )
        for visit in latest
    )
