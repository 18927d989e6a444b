"""An instance goes on in another version: by a mapping, previewed; nothing is left standing nowhere."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from city1361.platform.components.processes.decisions import Compiled, compile_process, migrate, outline
from city1361.platform.components.processes.terms import (
    MessageArrived,
    MigrationRefused,
    State,
    Stopped,
    TaskCompleted,
    TimerFired,
)
from tests.platform.components.processes.drawn import draw, flows
from tests.platform.components.processes.walking import NOW, Instance, made

ENDS = '<startEvent id="s"/><endEvent id="e"/>'
GO = '<message id="m" name="go"/><message id="n" name="come"/>'
TIMER = "<timerEventDefinition><timeDuration>PT2H</timeDuration></timerEventDefinition>"


def edge(name: str, host: str, inside: str = TIMER) -> str:
    return f'<boundaryEvent id="{name}" attachedToRef="{host}">{inside}</boundaryEvent>'


def moved(one: Instance, new: Compiled, **mapping: str) -> Instance:
    """The instance as it goes on in the new version, through JSON."""
    migration = migrate(one.state, one.compiled, new, mapping, now=NOW)
    after = Instance.__new__(Instance)
    after.compiled, after.last = new, migration.plan
    after.state = State.from_json(json.loads(json.dumps(migration.plan.state.to_json())))
    return after


def orphans(one: Instance, new: Compiled, **mapping: str) -> list[tuple[str, str]]:
    with pytest.raises(MigrationRefused) as refused:
        migrate(one.state, one.compiled, new, mapping, now=NOW)
    assert all(finding.message and finding.remedy for finding in refused.value.orphans)
    return [(finding.element, finding.code) for finding in refused.value.orphans]


OLD = made(
    ENDS + '<userTask id="a" name="甲"/><userTask id="b"/><manualTask id="c"/>' + edge("t", "a"),
    "s -> a; a -> b; b -> c; c -> e; t -> e",
    schema={"n": "int", "gone": "string"},
)


def test_the_same_names_need_no_mapping_and_timers_go_on() -> None:
    new = made(
        ENDS + '<userTask id="a" name="乙"/><userTask id="z"/>' + edge("t", "a"),
        "s -> a; a -> z; z -> e; t -> e",
        schema={"n": "int"},
    )
    one = Instance(OLD, n=1, gone="x")
    migration = migrate(one.state, OLD, new, {}, now=NOW)
    assert [(move.before, move.after, move.name) for move in migration.moves] == [("a", "a", "乙"), ("t", "t", "")]
    assert migration.dropped_variables == ("gone",)
    assert (migration.plan.timers_set, migration.plan.timers_cancelled, migration.plan.closed) == ((), (), ())
    after = moved(one, new)
    assert after.state.variables == {"n": 1}
    after.do("a")
    assert after.waiting == ["z"]


def test_a_renamed_element_is_mapped() -> None:
    new = made(ENDS + '<userTask id="first"/>' + edge("late", "first"), "s -> first; first -> e; late -> e", schema={})
    one = Instance(OLD)
    assert orphans(one, new) == [("a", "orphan")]
    after = moved(one, new, a="first", t="late")
    timer = one.token("t")
    assert after.last.timers_set == ()
    after.take(TimerFired(timer))
    assert after.status == "completed"


def test_an_edge_that_is_gone_is_withdrawn_and_a_new_one_is_armed() -> None:
    new = made(
        ENDS + '<userTask id="a"/>' + edge("w", "a", '<messageEventDefinition messageRef="m"/>') + edge("u", "a"),
        "s -> a; a -> e; w -> e; u -> e",
        top=GO,
    )
    one = Instance(OLD)
    old_timer = one.token("t")
    after = moved(one, new)
    assert after.last.timers_cancelled == (old_timer,)
    assert [timer.element for timer in after.last.timers_set] == ["u"]
    assert [wait.name for wait in after.last.messages_awaited] == ["go"]
    after.hear("go")
    assert after.status == "completed"


def test_a_limit_the_old_version_did_not_have_counts_from_when_the_activity_began() -> None:
    old = made(ENDS + '<userTask id="a"/>', "s -> a; a -> e")
    new = made(ENDS + '<userTask id="a"/>' + edge("t", "a"), "s -> a; a -> e; t -> e")
    one = Instance(old)
    migration = migrate(one.state, old, new, {}, now=NOW + timedelta(hours=5))
    (timer,) = migration.plan.timers_set
    assert (timer.since, timer.due) == (NOW, NOW + timedelta(hours=2))


@pytest.mark.parametrize(
    ("body", "ways"),
    [
        ('<manualTask id="a"/>', "s -> a; a -> e"),
        ('<userTask id="other"/>', "s -> other; other -> e"),
        ('<subProcess id="p"><startEvent id="i"/><endEvent id="j"/><userTask id="a"/></subProcess>', "s -> p; p -> e; i -> a; a -> j"),
        (
            '<userTask id="a"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>'
            "</multiInstanceLoopCharacteristics></userTask>",
            "s -> a; a -> e",
        ),
    ],
)  # fmt: skip
def test_a_token_that_would_stand_nowhere_is_named(body: str, ways: str) -> None:
    inside = ways.split("; ")
    flat = [way for way in inside if "i ->" not in way and "-> j" not in way]
    body = body.replace("</subProcess>", flows("; ".join(way for way in inside if way not in flat)) + "</subProcess>")
    new = compile_process(draw(ENDS + body + flows("; ".join(flat))), schema={"n": "int"})
    one = Instance(OLD, n=1)
    assert orphans(one, new) == [("a", "orphan")]
    one.do("a")
    assert orphans(one, new) == [("b", "orphan")]


def test_a_variable_of_another_type_is_named() -> None:
    new = made(ENDS + '<userTask id="a"/>', "s -> a; a -> e", schema={"n": "string"})
    assert ("n", "variable") in orphans(Instance(OLD, n=1), new)


def test_an_ended_instance_stays_as_it_is() -> None:
    one = Instance(OLD)
    one.take(Stopped())
    assert orphans(one, OLD) == [("", "not_running")]


def test_joins_keep_what_has_come() -> None:
    body = ENDS + '<parallelGateway id="f"/><userTask id="a"/><userTask id="b"/><parallelGateway id="j"/>'
    old = made(body, "s -> f; f -> a; f -> b; a -> j; b -> j; j -> e")
    new = made(body + '<userTask id="x"/>', "s -> f; f -> a; f -> b; a -> j; b -> j; j -> x; x -> e")
    one = Instance(old)
    one.do("a")
    after = moved(one, new)
    after.do("b")
    assert after.waiting == ["x"]
    third = made(body + '<userTask id="x"/>', "s -> f; f -> a; f -> b; a -> x; x -> j; b -> j; j -> e")
    assert orphans(one, third) == [("j", "orphan")]


def test_sub_processes_and_several_instances_go_on() -> None:
    def version(name: str, task: str) -> Compiled:
        several = (
            "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
        )
        inner = f'<startEvent id="i"/><endEvent id="j"/><userTask id="{task}"/>' + flows(f"i -> {task}; {task} -> j")
        return made(f'{ENDS}<subProcess id="{name}">{several}{inner}</subProcess>', f"s -> {name}; {name} -> e")

    one = Instance(version("p", "a"))
    one.do("a")
    new = version("q", "b")
    assert orphans(one, new) == [("p", "orphan"), ("p", "orphan"), ("a", "orphan")]
    after = moved(one, new, p="q", a="b")
    after.do("b")
    assert after.status == "completed"


def test_a_called_process_goes_on_in_the_version_that_is_called_now() -> None:
    def child(task: str) -> Compiled:
        return compile_process(draw(f'{ENDS}<userTask id="{task}"/>' + flows(f"s -> {task}; {task} -> e"), key="child"))

    def parent(inner: Compiled) -> Compiled:
        return made(ENDS + '<callActivity id="c" calledElement="child"/>', "s -> c; c -> e", called=lambda key: inner)

    one = Instance(parent(child("a")))
    new = parent(child("b"))
    assert orphans(one, new) == [("a", "orphan")]
    after = moved(one, new, **{"child/a": "child/b"})
    after.do("b")
    assert after.status == "completed"
    without = made(ENDS + '<userTask id="c"/>', "s -> c; c -> e")
    assert ("child", "call") in orphans(one, without)


def test_a_message_of_another_name_is_awaited_anew() -> None:
    old = made(ENDS + '<receiveTask id="r" messageRef="m"/>', "s -> r; r -> e", top=GO)
    new = made(ENDS + '<receiveTask id="r" messageRef="n"/>', "s -> r; r -> e", top=GO)
    one = Instance(old)
    after = moved(one, new)
    assert after.last.messages_forgotten == (one.token("r"),)
    assert [wait.name for wait in after.last.messages_awaited] == ["come"]
    after.take(MessageArrived("come"))
    assert after.status == "completed"


def test_the_diagram_can_be_read_as_a_list() -> None:
    inner = '<startEvent id="i"/><endEvent id="j"/><userTask id="d" name="走访"/>' + flows("i -> d; d -> j")
    compiled = made(
        f'{ENDS}<userTask id="a" name="签收"/>{edge("t", "a")}<exclusiveGateway id="g" default="g_e"/>'
        f'<subProcess id="p" name="处置">{inner}</subProcess>',
        "s -> a; a -> g; g -> p: n > 1; g -> e; p -> a; t -> e",
        schema={"n": "int"},
    )
    lines = outline(compiled)
    assert [(line.number, line.element) for line in lines] == [
        ("1", "s"),
        ("2", "a"),
        ("3", "t"),
        ("4", "e"),
        ("5", "g"),
        ("6", "p"),
        ("6.1", "i"),
        ("6.2", "d"),
        ("6.3", "j"),
    ]
    assert lines[2].attached == "a"
    assert [(way.element, way.label, way.default) for way in lines[4].ways] == [("p", "n > 1", False), ("e", "", True)]
    assert {line.depth for line in lines} == {0, 1}


def test_a_task_completed_after_the_move_is_the_new_versions() -> None:
    new = made(
        ENDS + '<userTask id="a"/><userTask id="z"/>' + edge("t", "a"), "s -> a; a -> z; z -> e; t -> e", schema={}
    )
    one = Instance(OLD)
    token = one.token("a")
    after = moved(one, new)
    after.take(TaskCompleted(token))
    assert after.waiting == ["z"]


def test_a_mapping_takes_no_step_for_the_subject() -> None:
    def tasks(first: str, second: str) -> Compiled:
        said = "<extensionElements><city:task state='{}'/></extensionElements>"
        drawn = "".join(
            f'<userTask id="{name}">{said.format(state)}</userTask>' for name, state in (("a", first), ("b", second))
        )
        return made(ENDS + drawn, "s -> a; a -> b; b -> e")

    one = Instance(tasks("reported", "checked"))
    assert orphans(one, tasks("reported", "checked"), a="b") == [("a", "orphan")]
    assert moved(one, tasks("checked", "reported"), a="b").state.tokens[0].element == "b"
