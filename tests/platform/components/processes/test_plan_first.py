"""The road of a matter in small: a task, a presumed acknowledgement, a way back, an end."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from city1361.platform.components.processes.decisions import Compiled, compile_process, plan
from city1361.platform.components.processes.terms import (
    ClosedHow,
    Plan,
    ProcessStatus,
    Started,
    State,
    StepRefused,
    TaskCompleted,
    TimerFired,
)
from tests.platform.components.processes.drawn import draw, flows

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
ROAD = draw(
    """<startEvent id="s"/><endEvent id="e"/><userTask id="admitted" name="待签收"><extensionElements>
    <city:task state="admitted" holder="lead" kind="acknowledge" steps="acknowledge remind" stays="remind"/>
    </extensionElements></userTask><userTask id="handling"/><exclusiveGateway id="g" default="g_handling"/>
    <boundaryEvent id="presumed" attachedToRef="admitted"><timerEventDefinition city:limit="rules:admitted"/>
    </boundaryEvent>"""
    + flows("""
    s -> admitted; admitted -> handling; presumed -> handling; handling -> g; g -> handling
    g -> e: step == "close" && level > 1
    """)
)


@pytest.fixture(scope="module")
def road() -> Compiled:
    return compile_process(ROAD, schema={"step": "string", "level": "int"})


def through_json(made: Plan) -> State:
    """The state as it comes back from a data base."""
    state = State.from_json(json.loads(json.dumps(made.state.to_json())))
    assert state == made.state
    return state


def test_a_process_survives_json(road: Compiled) -> None:
    again = Compiled.from_json(json.loads(json.dumps(road.to_json())))
    assert again == road
    assert again.digest == road.digest


def test_a_task_opens_with_what_it_means_for_its_subject(road: Compiled) -> None:
    started = plan(road, None, Started({"level": 2}), now=NOW)
    (task,) = started.opened
    assert (task.element, task.name, task.params["state"], task.params["steps"]) == (
        "admitted",
        "待签收",
        "admitted",
        ["acknowledge", "remind"],
    )
    (timer,) = started.timers_set
    assert (timer.element, timer.due, timer.limit, timer.since) == ("presumed", None, "rules:admitted", NOW)


def test_at_the_end_of_its_limit_the_task_is_presumed_done(road: Compiled) -> None:
    started = plan(road, None, Started({"level": 2}), now=NOW)
    fired = plan(road, through_json(started), TimerFired(started.timers_set[0].token), now=NOW)
    assert [(one.token, one.how) for one in fired.closed] == [(started.opened[0].token, ClosedHow.CANCELLED)]
    assert [one.element for one in fired.opened] == ["handling"]


def test_a_task_done_in_time_cancels_its_timer(road: Compiled) -> None:
    started = plan(road, None, Started({"level": 2}), now=NOW)
    done = plan(road, through_json(started), TaskCompleted(started.opened[0].token, {"step": "acknowledge"}), now=NOW)
    assert done.timers_cancelled == (started.timers_set[0].token,)
    with pytest.raises(StepRefused, match="no longer open"):
        plan(road, done.state, TimerFired(started.timers_set[0].token), now=NOW)


def test_conditions_decide_between_back_and_end(road: Compiled) -> None:
    step = plan(road, None, Started({"level": 2}), now=NOW)
    for word, status in (("acknowledge", "running"), ("progress", "running"), ("close", "completed")):
        step = plan(road, through_json(step), TaskCompleted(step.opened[0].token, {"step": word}), now=NOW)
        assert step.status is ProcessStatus(status)
    assert step.state.tokens == ()
    with pytest.raises(StepRefused, match="not running"):
        plan(road, step.state, TaskCompleted("t1"), now=NOW)


def test_the_same_facts_always_give_the_same_plan(road: Compiled) -> None:
    assert plan(road, None, Started({"level": 2}), now=NOW) == plan(road, None, Started({"level": 2}), now=NOW)
