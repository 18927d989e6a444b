"""Writing a step: the matter's new state, its clocks, its history, its photos, and what must be remembered of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from city1361.base.action.api import Outcome, Remembered
from city1361.base.calendar import api as calendar
from city1361.base.files import api as files
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.scope import Scope
from city1361.base.search import api as search
from city1361.centres.execution import clocks, laid_down, reading, shaping
from city1361.centres.execution.answers import MatterView
from city1361.centres.execution.decisions import Plan
from city1361.centres.execution.events import MatterChanged
from city1361.centres.execution.listings.lists import SEARCH_KIND
from city1361.centres.execution.models import Matter, MatterReporter, MatterStep
from city1361.centres.execution.steps import applying
from city1361.centres.execution.steps.walking import Walk
from city1361.centres.execution.terms import CloseResult, MatterState, Step
from city1361.platform.assurance.standards.organisations import api as organisations

SUBJECT = "matter"
PHOTO_PURPOSE = "matter_photo"


@dataclass(frozen=True, slots=True)
class Said:
    """What came with a step. facts are extra facts for evidence; they hold no personal data. asked: what was told beside
    them, which only tells two submissions under one key apart."""

    text: str = ""
    photos: tuple[UUID, ...] = ()
    result: CloseResult | None = None
    client_key: str = ""
    body_hash: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    personal: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, Any] = field(default_factory=dict)


def subject_of(row: Matter) -> Subject:
    return Subject(SUBJECT, row.id, row.number)


def write_step(
    row: Matter,
    plan: Plan,
    *,
    by: By,
    scope: Scope,
    said: Said,
    now: datetime,
    after: Callable[[Matter, datetime], None] | None = None,
    walk: Walk | None = None,
) -> Outcome[MatterView]:
    """Save `row`, whose own fields the caller has set, as what it becomes by `plan`."""
    if plan.changes_stage:
        working = calendar.current()
        clocks.leave_stage(working, row, plan.before, now)
        clocks.enter_stage(working, laid_down.of_matter(row), row, plan.after, now)
    row.state = plan.after.value
    row.version += 1
    if after is not None:
        after(row, now)
    process = walk.writing() if walk is not None else None
    outcome, taken = _remembered(row, plan, by=by, said=said, now=now)

    def write(remembered: Remembered) -> MatterView:
        applying.apply(row, taken, process, remembered, row.version - 1)
        return shaping.view(reading.read(scope, row.id), by, scope)

    return replace(outcome, write=write)


def write_report(
    row: Matter,
    plan: Plan,
    *,
    by: By,
    scope: Scope,
    said: Said,
    now: datetime,
    walk: Walk,
    reporter: MatterReporter,
    beside: Callable[[], None],
) -> Outcome[MatterView]:
    """Save a matter that has just been reported, and who reported it; `beside` writes what needs the row to be there."""
    process = walk.writing()
    outcome, taken = _remembered(row, plan, by=by, said=said, now=now)

    def write(remembered: Remembered) -> MatterView:
        applying.create(row, taken, process, applying.Reported(reporter, found(row)), remembered)
        beside()
        return shaping.view(reading.read(scope, row.id), by, scope)

    return replace(outcome, write=write)


def remember(row: Matter, plan: Plan, *, by: By, scope: Scope, said: Said, now: datetime) -> Outcome[MatterView]:
    """The history row, the photos and the outcome of a step that `row` has taken and that is written already."""
    outcome, taken = _remembered(row, plan, by=by, said=said, now=now)
    taken.save(force_insert=True)
    return replace(outcome, result=shaping.view(reading.read(scope, row.id), by, scope))


def _remembered(
    row: Matter, plan: Plan, *, by: By, said: Said, now: datetime
) -> tuple[Outcome[MatterView], MatterStep]:
    """What is remembered of a step, and its history row, which is not written yet."""
    photos = files.link(by, said.photos, subject_of(row)) if said.photos else []
    taken = MatterStep(
        matter=row,
        version=row.version,
        step=plan.step.value,
        before="" if plan.step is Step.REPORT else plan.before.value,
        after=plan.after.value,
        at=now,
        account=by.account,
        organisation=by.organisation,
        organisation_name=organisation_name(by, row),
        post=by.post,
        who=by.label,
        on_behalf_of=by.on_behalf_of,
        by_reporter=by.account is not None and by.account == row.reporter_account,
        text=said.text,
        photos=[photo.id for photo in photos],
        result=said.result.value if said.result else "",
        presumed=plan.presumed,
        client_key=said.client_key,
        body_hash=said.body_hash,
    )
    outcome: Outcome[MatterView] = Outcome(
        subject=subject_of(row),
        facts={
            "step": plan.step.value,
            "before": "" if plan.step is Step.REPORT else plan.before.value,
            "after": plan.after.value,
            "version": row.version,
            "photos": [photo.hash for photo in photos],
            **({"result": said.result.value} if said.result else {}),
            **({"presumed": True} if plan.presumed else {}),
            **said.facts,
        },
        personal={**({"text": said.text} if said.text else {}), **said.personal} or None,
        events=(changed(row, plan.step),),
    )
    return outcome, taken


def changed(row: Matter, step: Step) -> MatterChanged:
    """The event of a step."""
    return MatterChanged(
        matter=row.id,
        number=row.number,
        version=row.version,
        step=step,
        state=MatterState(row.state),
        district=row.district_id,
        town=row.town_id,
    )


def organisation_name(by: By, row: Matter | None = None) -> str:
    """The name of the organisation `by` acts for, as it is today: history keeps it. row: a matter that may know it."""
    if by.organisation is None:
        return ""
    for one in (row.centre, row.lead) if row is not None else ():
        if one is not None and one.id == by.organisation:
            return one.name
    return organisations.organisation(by.organisation).name


def make_findable(row: Matter) -> None:
    """Put number, words and place into the search index, findable by those whose scope it may reach."""
    search.index(SEARCH_KIND, row.id, *_words(row), keys=_keys(row))


def found(row: Matter) -> dict[str, Any]:
    """The same, for whoever writes it with the row."""
    return search.prepared(SEARCH_KIND, row.id, *_words(row), keys=_keys(row))


def _words(row: Matter) -> tuple[str, ...]:
    return row.number, row.title, row.type.name, row.description, row.address


def _keys(row: Matter) -> list[UUID]:
    levels = (row.district_id, row.town_id, row.village_id, row.grid_id, row.reporter_account)
    return [key for key in levels if key] + list(row.organisations)
