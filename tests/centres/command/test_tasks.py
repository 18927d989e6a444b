"""Lead and assisting units in parallel, each task on its own clock: given, done, handed on, taken back, redone."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from city1361.base.kernel.errors import Conflict, Invalid, Missing, Refused
from city1361.centres.command import api, decisions
from city1361.centres.command.api import TaskAnswer, TaskState, TaskStep
from city1361.centres.execution import api as execution
from city1361.platform.assurance.standards.organisations import api as organisations
from tests import cast
from tests.centres.command import people
from tests.centres.execution import matters

pytestmark = pytest.mark.django_db
LEAD, SERVICE, OTHER = cast.TOWN_HANDLER, "service_officer", "maintenance_officer"


@pytest.fixture(autouse=True)
def officers() -> None:
    people.officer(SERVICE, f"{people.COMMUNITY}/service")
    people.officer(OTHER, f"{people.COMMUNITY}/maintenance")


GIVEN = {
    TaskStep.ACKNOWLEDGE: TaskAnswer,
    TaskStep.REPORT_BACK: lambda: TaskAnswer(text="正在清理"),
    TaskStep.COMPLETE: lambda: TaskAnswer(text="已清理"),
    TaskStep.TURN_DOWN: lambda: TaskAnswer(text="不属本单位", clause="履职事项清单第3项"),
    TaskStep.TRANSFER: lambda: TaskAnswer(text="更合适", organisation=people.organisation(people.CENTRE)),
    TaskStep.DELEGATE: lambda: TaskAnswer(post=post_of("maintenance")),
    TaskStep.CC: lambda: TaskAnswer(organisation=people.organisation(people.CENTRE)),
    TaskStep.REWORK: lambda: TaskAnswer(text="还有一处"),
    TaskStep.TAKE_BACK: lambda: TaskAnswer(text="已无必要"),
}
DOING = frozenset(step for step in TaskStep if decisions.SIDE_OF.get(step) is decisions.Side.DOER)


def post_of(name: str) -> UUID:
    return organisations.post_by_code(f"{people.COMMUNITY}/{name}").id


def give(matter: Any, who: str = LEAD, target: str = people.COMMUNITY, **given: Any) -> api.TaskView:
    told = {"client_key": str(uuid4()), "organisation": people.organisation(target), "demand": "清理现场", **given}
    return api.task_give(by=cast.by(who), matter_id=matter.id, **told)


def take(task_id: UUID, step: TaskStep, who: str = "", given: TaskAnswer | None = None) -> api.TaskView:
    act = api.task_do if step in DOING else api.task_follow
    return act(by=cast.by(who or (SERVICE if step in DOING else LEAD)), task_id=task_id, step=step, given=given or GIVEN[step]())  # fmt: skip


def look(task_id: UUID, who: str = LEAD) -> api.TaskView:
    with matters.seen_by(who) as asking:
        return api.task(**asking, task_id=task_id)


WAYS: dict[TaskState, tuple[TaskStep, ...]] = {
    TaskState.GIVEN: (),
    TaskState.TAKEN_UP: (TaskStep.ACKNOWLEDGE,),
    TaskState.COMPLETED: (TaskStep.ACKNOWLEDGE, TaskStep.COMPLETE),
    TaskState.TURNED_DOWN: (TaskStep.TURN_DOWN,),
    TaskState.REVOKED: (TaskStep.TAKE_BACK,),
}


def in_state(state: TaskState) -> UUID:
    task = give(matters.handling()).id
    for step in WAYS[state]:
        take(task, step)
    return task


def test_a_task_runs_beside_the_matter_on_its_own_clock() -> None:
    matter = matters.handling()
    task = give(matter, amount=3, unit="working_hour")
    assert task.limit.due_at != matter.stage.due_at
    assert not task.limit.example
    assert matters.look(matter, SERVICE).number == matter.number
    take(task.id, TaskStep.ACKNOWLEDGE)
    take(task.id, TaskStep.REPORT_BACK)
    done = take(task.id, TaskStep.COMPLETE)
    assert (done.state, done.result) == (TaskState.COMPLETED, "已清理")
    again = take(task.id, TaskStep.REWORK)
    assert (again.state, again.rework_count, again.limit.due_at) == (TaskState.TAKEN_UP, 1, task.limit.due_at)
    noted = [one.step for one in matters.history(matter) if one.step in ("assist", "report_back")]
    assert noted == ["assist", "report_back", "report_back", "assist"]
    with matters.seen_by(LEAD) as asking:
        assert [one.id for one in api.of_matter(**asking, matter_id=matter.id).tasks] == [task.id]


@pytest.mark.parametrize("state", WAYS)
def test_every_other_step_is_refused_in_every_state(state: TaskState) -> None:
    task = in_state(state)
    for step in GIVEN:
        if (state, step) in decisions.TRANSITIONS:
            continue
        with pytest.raises(Conflict, match="wrong_step"):
            take(task, step)
    assert look(task).state is state


@pytest.mark.parametrize("state", WAYS)
def test_every_step_is_refused_to_the_other_side(state: TaskState) -> None:
    task = in_state(state)
    for step in (one for before, one in decisions.TRANSITIONS if before is state):
        with pytest.raises(Refused, match="not_the_doer" if step in DOING else "not_the_giver"):
            take(task, step, LEAD if step in DOING else SERVICE)
        for nobody in (cast.GRID_WORKER, cast.TOWN_CHECKER, cast.SIBLING_DUTY_OFFICER):
            with pytest.raises(Missing):
                take(task, step, nobody)
    assert look(task).state is state


def test_a_task_given_to_a_post_is_done_by_that_post_and_by_whoever_stands_in() -> None:
    task = give(matters.handling(), post=post_of("service"))
    with pytest.raises(Refused, match="not_the_doer"):
        take(task.id, TaskStep.ACKNOWLEDGE, OTHER)
    take(task.id, TaskStep.DELEGATE)
    taken = take(task.id, TaskStep.ACKNOWLEDGE, OTHER)
    assert taken.post == "设施维护岗"
    assert "便民服务岗委托设施维护岗代办" in look(task.id).entries[1].text
    with pytest.raises(Invalid, match="unknown_post"):
        give(matters.handling(), post=organisations.post_by_code(f"{people.CENTRE}/duty").id)


def test_a_task_handed_on_keeps_its_clock_and_never_comes_back() -> None:
    matter = matters.handling()
    task = give(matter)
    moved = take(task.id, TaskStep.TRANSFER)
    assert moved.state is TaskState.HANDED_ON
    with matters.seen_by(LEAD) as asking:
        first, second = api.of_matter(**asking, matter_id=matter.id).tasks
    assert (second.origin, second.limit.due_at, second.giver) == (first.id, first.limit.due_at, first.giver)
    for back in (people.COMMUNITY, people.LAW):
        with pytest.raises(Conflict, match="circular_assist"):
            take(second.id, TaskStep.TRANSFER, cast.TOWN_DUTY_OFFICER, TaskAnswer(text="退", organisation=people.organisation(back)))  # fmt: skip


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (people.LAW, "own_organisation"),
        (people.COMMUNITY, "taking_part_already"),
        (f"{people.DISTRICT}/emergency", "whistle_instead"),
        (people.SIBLING_CENTRE, "whistle_instead"),
    ],
)
def test_a_task_that_makes_no_sense_is_refused(target: str, code: str) -> None:
    matter = matters.handling()
    give(matter)
    with pytest.raises(Conflict, match=code):
        give(matter, target=target)


def test_only_the_lead_and_the_first_receiver_give_tasks_while_the_matter_is_handled() -> None:
    matter = matters.handling()
    with pytest.raises(Refused, match="not_the_lead"):
        give(matter, SERVICE)
    with pytest.raises(Missing):
        give(matter, cast.SIBLING_DUTY_OFFICER)
    assert give(matter, cast.TOWN_DUTY_OFFICER).giver.id == people.organisation(people.CENTRE)
    with pytest.raises(Conflict, match="matter_not_handled"):
        give(matters.close_requested())


def test_informing_shows_the_task_to_one_more_and_only_once() -> None:
    task = give(matters.handling())
    told = take(task.id, TaskStep.CC)
    assert [one.name for one in told.informed] == [organisations.organisation_by_code(people.CENTRE).name]
    with pytest.raises(Conflict, match="informed_already"):
        take(task.id, TaskStep.CC)


def test_open_tasks_are_told_to_whoever_asks_for_the_close() -> None:
    matter = matters.handling()
    task = give(matter)
    with matters.seen_by(LEAD):
        assert [(one.title, one.who) for one in execution.open_work(matter.id)] == [
            (task.title, task.organisation.name)
        ]
    take(task.id, TaskStep.TAKE_BACK)
    with matters.seen_by(LEAD):
        assert execution.open_work(matter.id) == []
