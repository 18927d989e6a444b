"""A story told in rows: the matter as it stands now, its steps, who took part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from city1361.base.calendar import api as calendar
from city1361.base.kernel.ids import id_at
from city1361.centres.execution import clocks, decisions, queries, shaping
from city1361.centres.execution.demonstration.synthesis import Story, Turn
from city1361.centres.execution.models import (
    ExternalNumber,
    Matter,
    MatterParticipant,
    MatterReporter,
    MatterStep,
    MatterType,
)
from city1361.centres.execution.rules import Rules
from city1361.centres.execution.steps.walking import current_road
from city1361.centres.execution.terms import Channel, Counting, MatterState, Participation, Step, Urgency
from city1361.platform.assurance.standards.areas.api import GridPoint
from city1361.platform.assurance.standards.organisations.api import PostFunction

NOBODY = UUID(int=0)  # a centre that is no one's
RANDOM_BITS = 62  # of a UUID version 7, below its variant
HANDLERS = decisions.HANDLER_STEPS
CHECKERS = frozenset({Step.CHECK_PASS, Step.CHECK_FAIL})


@dataclass(frozen=True, slots=True)
class Desk:
    """A post as a step names it."""

    organisation: UUID
    organisation_name: str
    post: UUID
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Town:
    """Who does what in a town."""

    centre: UUID
    duty: Desk
    check: Desk
    handlers: tuple[Desk, ...]


@dataclass(slots=True)
class Told:
    """The rows of one matter."""

    matter: Matter
    steps: list[MatterStep]
    reporter: MatterReporter
    participant: MatterParticipant | None
    external: ExternalNumber | None
    town_code: str
    type_name: str


def town_of(centre: Any, posts: Sequence[Any]) -> Town | None:
    """A town from its organisations; None when somebody needed is missing."""

    def desks(function: PostFunction) -> list[Desk]:
        found = [post for post in posts if post.function == function]
        return [
            Desk(post.organisation_id, post.organisation.name, post.id, post.code, post.name)
            for post in sorted(found, key=lambda post: post.code)
        ]

    duty = [desk for desk in desks(PostFunction.DUTY) if desk.organisation == centre.id]
    check, handlers = desks(PostFunction.CHECK), desks(PostFunction.HANDLE)
    if not (duty and check and handlers):
        return None
    return Town(centre.id, duty[0], check[0], tuple(handlers))


def teller(now: datetime, random: Random) -> Teller:
    """Somebody who tells stories as far as `now`, by the calendar and rules in force."""
    types = {row.code: row for row in MatterType.objects.filter(active=True)}
    return Teller(now, random, calendar.current(), queries.rules(), types, current_road())


@dataclass(slots=True)
class Teller:
    """Turns stories into rows. A type the city does not have becomes its type for everything else."""

    now: datetime
    random: Random
    working: calendar.WorkingTime
    rules: Rules
    types: dict[str, MatterType]
    road: decisions.Road
    ways: dict[tuple[MatterState, Step], MatterState] = field(default_factory=dict)

    def tell(self, story: Story, point: GridPoint, town: Town) -> Told:
        """The rows of a story that happened at `point`."""
        handler = self.random.choice(town.handlers)
        row = self._matter(story, point, town)
        steps = [self._step(row, Step.REPORT, MatterState.REPORTED, story.reported_at, text=story.description)]
        at = story.reported_at
        for turn in story.turns:
            at = self._later(row, turn, at)
            if at >= self.now:
                break
            steps.append(self._take(row, turn, at, town, handler))
        row.version = len(steps)
        for version, step in enumerate(steps, 1):
            step.version = version
        admitted = next((step.at for step in steps if step.step == Step.ADMIT), None)
        return Told(
            row,
            steps,
            MatterReporter(matter_id=row.id, centre=town.centre, label=steps[0].who),
            self._participant(row, handler, admitted) if admitted else None,
            self._external(row) if row.channel == Channel.HOTLINE else None,
            point.town_code,
            row.type.name,
        )

    def _matter(self, story: Story, point: GridPoint, town: Town) -> Matter:
        kind = self.types.get(story.type) or self.types[self.rules.categories[-1].default_type]
        row = Matter(
            id=self._id(story.reported_at),
            state=MatterState.REPORTED.value,
            type=kind,
            national_code=shaping.type_view(kind).national,
            title=decisions.title_of(story.description, kind.name),
            description=story.description,
            urgency=story.urgency.value,
            channel=story.channel.value,
            city_id=point.city,
            district_id=point.district,
            town_id=point.town,
            village_id=point.village,
            grid_id=point.grid,
            area_at_report=point.grid,
            address=story.address,
            lon=round(point.lon, 6),
            lat=round(point.lat, 6),
            centre_id=town.centre,
            current_centre_id=town.centre,
            organisations=[town.centre],
            occurred_at=story.reported_at,
            reported_at=story.reported_at,
            synthetic=True,
        )
        clocks.start_total(self.working, self.rules, row, story.reported_at)
        clocks.enter_stage(self.working, self.rules, row, MatterState.REPORTED, story.reported_at)
        return row

    def _later(self, row: Matter, turn: Turn, at: datetime) -> datetime:
        """People at desks keep working hours unless it is urgent; reporters do not."""
        natural = row.urgency == Urgency.URGENT or turn.step in decisions.REPORTER_STEPS
        return clocks.later(self.working, Counting.NATURAL if natural else Counting.WORKING, at, turn.delay)

    def _take(self, row: Matter, turn: Turn, at: datetime, town: Town, handler: Desk) -> MatterStep:
        before = MatterState(row.state)
        after = self._after(before, turn.step)
        if after is not before:
            clocks.leave_stage(self.working, row, before, at)
            clocks.enter_stage(self.working, self.rules, row, after, at)
        row.state = after.value
        _change(row, turn, at, handler)
        desk = handler if turn.step in HANDLERS else town.check if turn.step in CHECKERS else town.duty
        return self._step(row, turn.step, before, at, text=turn.text, desk=desk, result=turn.result)

    def _after(self, before: MatterState, step: Step) -> MatterState:
        """What follows by the process, each way looked up once."""
        if (before, step) not in self.ways:
            self.ways[before, step] = self.road.after(decisions.Facts(before, NOBODY, None), step)
        return self.ways[before, step]

    def _step(
        self, row: Matter, step: Step, before: MatterState, at: datetime, *, text: str, desk: Desk | None = None,
        result: str | None = None,
    ) -> MatterStep:  # fmt: skip
        by_reporter = step is Step.REPORT or step in decisions.REPORTER_STEPS
        desk = None if by_reporter else desk
        return MatterStep(
            id=self._id(at),
            matter_id=row.id,
            version=0,  # counted when the story is told
            step=step.value,
            before="" if step is Step.REPORT else before.value,
            after=row.state,
            at=at,
            organisation=desk.organisation if desk else None,
            organisation_name=desk.organisation_name if desk else "",
            post=desk.code if desk else "",
            who=desk.name if desk else shaping.HIDDEN[Channel(row.channel)],
            by_reporter=by_reporter,
            text=text,
            photos=[],
            result=result or "",
        )

    def _participant(self, row: Matter, handler: Desk, since: datetime) -> MatterParticipant:
        return MatterParticipant(
            id=self._id(since),
            matter_id=row.id,
            organisation_id=handler.organisation,
            post_id=handler.post,
            role=Participation.LEAD.value,
            since=since,
        )

    def _external(self, row: Matter) -> ExternalNumber:
        number = f"YS{row.id.int & 0xFFFFFFFFFFFF:015d}"
        return ExternalNumber(
            id=self._id(row.reported_at), matter_id=row.id, system=next(iter(self.rules.systems), "hotline"),
            number=number, updated_at=row.reported_at,
        )  # fmt: skip

    def _id(self, at: datetime) -> UUID:
        """An id of that moment, from the story's own chance."""
        return UUID(int=id_at(at).int | self.random.getrandbits(RANDOM_BITS))


def _change(row: Matter, turn: Turn, at: datetime, handler: Desk) -> None:
    """What each step changes beside state and clocks."""
    if turn.step is Step.ADMIT:
        row.lead_id, row.lead_post_id, row.lead_post_code = handler.organisation, handler.post, handler.code
        row.organisations = list(dict.fromkeys([*row.organisations, handler.organisation]))
    elif turn.step is Step.REFUSE:
        row.refused_reason, row.closed_at = turn.text, at
    elif turn.step is Step.REQUEST_CLOSE and turn.result:
        row.requested_result = turn.result.value
    elif turn.step is Step.CHECK_FAIL:
        row.rework_count, row.requested_result = row.rework_count + 1, ""
    elif turn.step is Step.CLOSE and turn.result:
        row.result, row.closed_at = turn.result.value, at
    elif turn.step is Step.AGREE:
        row.agreed_at, row.satisfaction = at, turn.satisfaction.value if turn.satisfaction else ""
    elif turn.step is Step.REOPEN:
        row.closed_at, row.result, row.requested_result = None, "", ""
        row.reopened_count, row.rework_count = row.reopened_count + 1, row.rework_count + 1


def words_of(row: Matter, type_name: str) -> str:
    """What a search finds a matter by."""
    return " ".join((row.number, row.title, type_name, row.description, row.address))


def keys_of(row: Matter) -> list[UUID]:
    """The areas and organisations whose people may find it."""
    return [key for key in (row.district_id, row.town_id, row.village_id, row.grid_id) if key] + row.organisations
