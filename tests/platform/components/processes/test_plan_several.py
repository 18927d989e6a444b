"""Activities done several times: in parallel, one after the other, in loops; with what they collect."""

from __future__ import annotations

import pytest

from city1361.platform.components.processes.decisions import compile_process
from city1361.platform.components.processes.terms import ProcessRefused, StepRefused
from tests.platform.components.processes.drawn import draw, flows
from tests.platform.components.processes.walking import Instance, made

ENDS = '<startEvent id="s"/><endEvent id="e"/>'
SCHEMA = {"units": "list(string)", "answers": "list(string)", "reply": "string", "n": "int", "enough": "int"}
TIMER = "<timerEventDefinition><timeDuration>PT2H</timeDuration></timerEventDefinition>"


def asked(*, sequential: bool, until: str = "", more: str = "") -> Instance:
    condition = f"<completionCondition>{until}</completionCondition>" if until else ""
    body = (
        f'{ENDS}<userTask id="ask"><extensionElements><city:several collection="units" item="unit"'
        ' collect="unit + &quot;: &quot; + reply" into="answers"/></extensionElements>'
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">{condition}'
        f'</multiInstanceLoopCharacteristics></userTask><userTask id="after"/>{more}'
    )
    ways = "s -> ask; ask -> after; after -> e" + ("; t -> e" if more else "")
    return Instance(made(body, ways, schema=SCHEMA), units=["城管", "住建", "公安"], enough=2)


def test_in_parallel_everybody_is_asked_at_once() -> None:
    one = asked(sequential=False)
    assert [dict(task.local)["unit"] for task in one.last.opened] == ["城管", "住建", "公安"]
    one.do("ask", 2, reply="收到")
    one.do("ask", 0, reply="在路上")
    assert one.waiting == ["ask"]
    one.do("ask", reply="不归我")
    assert one.waiting == ["after"]
    assert one.state.variables["answers"] == ["城管: 在路上", "住建: 不归我", "公安: 收到"]


def test_one_after_the_other_the_next_waits() -> None:
    one = asked(sequential=True)
    for unit in ("城管", "住建", "公安"):
        assert [dict(task.local)["unit"] for task in one.last.opened] == [unit]
        assert one.waiting == ["ask"]
        one.do("ask", reply="好")
    assert one.waiting == ["after"]
    assert len(one.state.variables["answers"]) == 3


@pytest.mark.parametrize("sequential", [True, False])
def test_enough_is_enough(*, sequential: bool) -> None:
    one = asked(sequential=sequential, until="number_of_completed_instances &gt;= enough")
    one.do("ask", reply="好")
    assert one.waiting == (["ask"] if sequential else ["ask", "ask"])
    last = one.do("ask", reply="好")
    assert one.waiting == ["after"]
    assert len([gone for gone in last.closed if gone.how == "cancelled"]) == (0 if sequential else 1)
    assert len(one.state.variables["answers"]) == 2
    assert one.state.scopes == ()


@pytest.mark.parametrize("sequential", [True, False])
def test_a_timer_at_the_edge_interrupts_all(*, sequential: bool) -> None:
    one = asked(sequential=sequential, more=f'<boundaryEvent id="t" attachedToRef="ask">{TIMER}</boundaryEvent>')
    assert one.waiting.count("t") == 1
    one.do("ask", reply="好")
    one.fire("t")
    assert (one.waiting, one.status, one.state.scopes) == ([], "completed", ())


def test_nobody_to_ask_is_done_at_once() -> None:
    body = (
        f'{ENDS}<userTask id="ask"><extensionElements><city:several collection="units" item="unit" collect="unit"'
        ' into="answers"/></extensionElements><multiInstanceLoopCharacteristics/></userTask><userTask id="after"/>'
    )
    one = Instance(made(body, "s -> ask; ask -> after; after -> e", schema=SCHEMA), units=[])
    assert (one.waiting, one.state.variables["answers"]) == (["after"], [])


@pytest.mark.parametrize(("count", "code"), [(-1, "too_many_instances"), (501, "too_many_instances")])
def test_so_many_times_has_limits(count: int, code: str) -> None:
    body = (
        f'{ENDS}<userTask id="a"/><userTask id="ask"><multiInstanceLoopCharacteristics><loopCardinality>n</loopCardinality>'
        "</multiInstanceLoopCharacteristics></userTask>"
    )
    compiled = made(body, "s -> a; a -> ask; ask -> e", schema=SCHEMA)
    with pytest.raises(StepRefused) as refused:
        Instance(compiled).do("a", n=count)
    assert refused.value.code == code
    one = Instance(compiled)
    one.do("a", n=4)
    assert one.waiting == ["ask"] * 4


@pytest.mark.parametrize(("before", "rounds"), [("true", 2), ("false", 3)])
def test_a_loop_looks_before_or_after(before: str, rounds: int) -> None:
    """Asked before each round, `loop_counter` is the number of rounds done."""
    condition = "loop_counter &lt; 2" if before == "true" else "loop_counter &lt; 3"
    body = (
        f'{ENDS}<userTask id="ask"><standardLoopCharacteristics testBefore="{before}"><loopCondition>{condition}'
        "</loopCondition></standardLoopCharacteristics></userTask>"
    )
    one = Instance(made(body, "s -> ask; ask -> e", schema=SCHEMA))
    for _ in range(rounds):
        assert one.waiting == ["ask"]
        one.do("ask")
    assert one.status == "completed"


def test_a_loop_has_a_maximum_and_may_not_begin_at_all() -> None:
    loop = '<standardLoopCharacteristics testBefore="true" loopMaximum="2"><loopCondition>n == 0</loopCondition>'
    body = f'{ENDS}<userTask id="ask">{loop}</standardLoopCharacteristics></userTask>'
    compiled = made(body, "s -> ask; ask -> e", schema=SCHEMA)
    assert Instance(compiled, n=1).status == "completed"
    one = Instance(compiled, n=0)
    one.do("ask")
    one.do("ask")
    assert one.status == "completed"


def test_a_sub_process_several_times_has_variables_of_its_own() -> None:
    inner = '<startEvent id="is"/><userTask id="visit"/><userTask id="note"/><endEvent id="ie"/>' + flows(
        "is -> visit; visit -> note; note -> ie"
    )
    body = (
        f'{ENDS}<subProcess id="sub"><extensionElements><city:several collection="units" item="unit"'
        ' collect="seen" into="answers"/><city:local name="seen" type="string"/></extensionElements>'
        f"<multiInstanceLoopCharacteristics/>{inner}</subProcess>"
    )
    one = Instance(made(body, "s -> sub; sub -> e", schema=SCHEMA), units=["甲", "乙"])
    one.do("visit", 0, seen="first")
    one.do("visit", 0, seen="second")
    assert one.waiting == ["note", "note"]
    one.do("note", 1)
    one.do("note", 0)
    assert one.status == "completed"
    assert one.state.variables["answers"] == ["first", "second"]
    assert "seen" not in one.state.variables


def test_several_services_answer_in_any_order() -> None:
    body = (
        f'{ENDS}<serviceTask id="v"><extensionElements><city:service name="a.b"/><city:input target="unit" source="unit"/>'
        '<city:several collection="units" item="unit" collect="heard" into="answers"/>'
        '<city:local name="heard" type="string"/><city:output target="heard" source="string(result.text)"/>'
        "</extensionElements><multiInstanceLoopCharacteristics/></serviceTask>"
    )
    one = Instance(made(body, "s -> v; v -> e", schema=SCHEMA), units=["甲", "乙"])
    assert [dict(call.arguments) for call in one.last.services] == [{"unit": "甲"}, {"unit": "乙"}]
    one.serve("v", 1, text="2")
    one.serve("v", 0, text="1")
    assert one.state.variables["answers"] == ["1", "2"]


def test_called_processes_several_times() -> None:
    child = compile_process(
        draw('<startEvent id="s"/><userTask id="a"/><endEvent id="e"/>' + flows("s -> a; a -> e"), key="child"),
        schema={"who": "string"},
    )
    body = (
        f'{ENDS}<callActivity id="call" calledElement="child"><extensionElements><city:several collection="units"'
        ' item="unit"/><city:input target="who" source="unit"/></extensionElements><multiInstanceLoopCharacteristics/>'
        "</callActivity>"
    )
    one = Instance(made(body, "s -> call; call -> e", schema=SCHEMA, called=lambda key: child), units=["甲", "乙"])
    assert sorted(scope.variables["who"] for scope in one.state.scopes if scope.kind == "call") == ["乙", "甲"]
    one.do("a")
    one.do("a")
    assert one.status == "completed"


@pytest.mark.parametrize(
    ("several", "loop", "word"),
    [
        ("", "<multiInstanceLoopCharacteristics/>", "how often"),
        ('collection="n"', "<multiInstanceLoopCharacteristics/>", "no list"),
        ('collection="units" item="n"', "<multiInstanceLoopCharacteristics/>", "hide"),
        ('collection="units" collect="1" into="answers"', "<multiInstanceLoopCharacteristics/>", "no list of int"),
        ('collection="units" collect="1"', "<multiInstanceLoopCharacteristics/>", "belong together"),
        ("", "<standardLoopCharacteristics/>", "needs a condition"),
        (
            "",
            '<standardLoopCharacteristics loopMaximum="9999"><loopCondition>true</loopCondition></standardLoopCharacteristics>',
            "loopMaximum",
        ),
    ],
)
def test_what_is_said_wrongly_is_refused(several: str, loop: str, word: str) -> None:
    extension = f"<extensionElements><city:several {several}/></extensionElements>" if several else ""
    with pytest.raises(ProcessRefused, match=word):
        made(f'{ENDS}<userTask id="ask">{extension}{loop}</userTask>', "s -> ask; ask -> e", schema=SCHEMA)
