"""Each accepted element, by traces derived by hand from the BPMN 2.0 specification (chapter 13)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from city1361.platform.components.processes.decisions import Compiled, compile_process, plan
from city1361.platform.components.processes.moving.moments import later
from city1361.platform.components.processes.terms import (
    CallEnded,
    CallStarted,
    ClosedHow,
    MessageArrived,
    PassageKind,
    Started,
    StepRefused,
    Stopped,
    TaskCompleted,
    TimerFired,
    VariablesChanged,
)
from tests.platform.components.processes.drawn import draw, flows
from tests.platform.components.processes.walking import NOW, Instance, made

ENDS = '<startEvent id="s"/><endEvent id="e"/>'
GO = '<message id="m" name="go"/>'
ERROR = '<error id="x" name="broken" errorCode="E1"/><error id="y" name="other" errorCode="E2"/>'
TIMER = "<timerEventDefinition><timeDuration>PT2H</timeDuration></timerEventDefinition>"
HEAR = '<messageEventDefinition messageRef="m"/>'


def task(name: str, inside: str = "") -> str:
    return f'<userTask id="{name}">{inside}</userTask>'


def boundary(name: str, host: str, inside: str, *, interrupting: bool = True) -> str:
    cancel = "true" if interrupting else "false"
    return f'<boundaryEvent id="{name}" attachedToRef="{host}" cancelActivity="{cancel}">{inside}</boundaryEvent>'


# -- gateways ----------------------------------------------------------------------------------------------------------


def test_a_parallel_gateway_starts_all_ways_and_waits_for_all() -> None:
    one = Instance(
        made(
            ENDS + task("a") + task("b") + task("c") + '<parallelGateway id="f"/><parallelGateway id="j"/>',
            "s -> f; f -> a; f -> b; f -> c; a -> j; b -> j; c -> j; j -> e",
        )
    )
    assert one.waiting == ["a", "b", "c"]
    one.do("b")
    one.do("a")
    assert (one.waiting, one.status) == (["c"], "running")
    one.do("c")
    assert one.status == "completed"


def test_a_join_takes_one_token_of_each_way_and_keeps_the_others() -> None:
    """Two tokens by one way are not two ways: the join waits, then fires once and keeps the second."""
    tasks = "".join(task(name) for name in "abcd")
    one = Instance(
        made(
            ENDS + tasks + '<parallelGateway id="f"/><parallelGateway id="j"/>',
            "s -> f; f -> a; f -> b; f -> c; c -> a; a -> j; b -> j; j -> d; d -> e",
        )
    )
    one.do("c")
    one.do("a")
    one.do("a")
    assert [token.via for token in one.state.tokens if token.element == "j"] == ["a_j", "a_j"]
    one.do("b")
    assert one.waiting == ["d"]
    assert [token.via for token in one.state.tokens if token.element == "j"] == ["a_j"]


def test_an_unbalanced_join_waits_for_the_way_that_never_comes() -> None:
    one = Instance(
        made(
            ENDS + task("a") + task("b") + '<exclusiveGateway id="g" default="g_a"/><parallelGateway id="j"/>',
            "s -> g; g -> a; g -> b: left; a -> j; b -> j; j -> e",
            schema={"left": "bool"},
        ),
        left=False,
    )
    one.do("a")
    assert (one.waiting, one.status, len(one.state.tokens)) == ([], "running", 1)


def test_an_exclusive_gateway_takes_the_first_way_that_holds() -> None:
    compiled = made(
        ENDS + task("a") + task("b") + task("c") + '<exclusiveGateway id="g" default="g_c"/>',
        "s -> g; g -> a: n > 10; g -> b: n > 5; g -> c; a -> e; b -> e; c -> e",
        schema={"n": "int"},
    )
    assert [Instance(compiled, n=n).waiting for n in (11, 6, 5)] == [["a"], ["b"], ["c"]]


def test_no_way_on_is_refused_and_nothing_has_happened() -> None:
    compiled = made(
        ENDS + task("a") + task("b") + '<exclusiveGateway id="g"/>',
        "s -> a; a -> g; g -> b: n > 5; g -> e: n < 0; b -> e",
        schema={"n": "int"},
    )
    one = Instance(compiled)
    before = one.state
    with pytest.raises(StepRefused) as refused:
        one.do("a", n=3)
    assert (refused.value.code, refused.value.element, one.state) == ("no_way_on", "g", before)
    one.do("a", n=7)
    assert one.waiting == ["b"]


def test_a_condition_that_cannot_be_evaluated_is_refused() -> None:
    compiled = made(
        ENDS + task("a") + '<exclusiveGateway id="g" default="g_e"/>',
        "s -> a; a -> g; g -> a: n + 9223372036854775807 > 0; g -> e",
        schema={"n": "int"},
    )
    for outcome, code in (({"n": 1}, "expression_overflow"), ({}, "expression_missing"), ({"n": "1"}, "wrong_value")):
        with pytest.raises(StepRefused) as refused:
            Instance(compiled).do("a", **outcome)
        assert refused.value.code == code


def test_after_an_event_gateway_the_first_that_happens_is_taken() -> None:
    body = (
        f'{ENDS}<eventBasedGateway id="g"/><intermediateCatchEvent id="t">{TIMER}</intermediateCatchEvent>'
        f'<intermediateCatchEvent id="c">{HEAR}</intermediateCatchEvent>{task("late")}'
    )
    compiled = made(body, "s -> g; g -> t; g -> c; t -> late; late -> e; c -> e", top=GO)
    one = Instance(compiled)
    assert one.waiting == ["c", "t"]
    assert [timer.due for timer in one.last.timers_set] == [NOW + timedelta(hours=2)]
    timer = one.token("t")
    done = one.hear("go")
    assert (one.status, done.timers_cancelled) == ("completed", (timer,))
    one = Instance(compiled)
    message = one.token("c")
    fired = one.fire("t")
    assert (one.waiting, fired.messages_forgotten) == (["late"], (message,))


def test_a_receive_task_may_stand_behind_an_event_gateway() -> None:
    body = (
        f'{ENDS}<eventBasedGateway id="g"/><intermediateCatchEvent id="t">{TIMER}</intermediateCatchEvent>'
        '<receiveTask id="r" messageRef="m"/>'
    )
    one = Instance(made(body, "s -> g; g -> t; g -> r; t -> e; r -> e", top=GO))
    one.hear("go")
    assert one.status == "completed"


# -- tasks and events --------------------------------------------------------------------------------------------------


def test_several_ways_out_of_a_task_are_all_taken() -> None:
    one = Instance(made(ENDS + task("a") + task("b") + task("c"), "s -> a; a -> b; a -> c; b -> e; c -> e"))
    one.do("a")
    assert one.waiting == ["b", "c"]
    one.do("b")
    assert one.status == "running"
    one.do("c")
    assert one.status == "completed"


def test_two_tokens_at_one_task_are_two_pieces_of_work() -> None:
    tasks = "".join(task(name) for name in "abcd")
    one = Instance(made(ENDS + tasks, "s -> a; a -> b; a -> c; b -> d; c -> d; d -> e"))
    one.do("a")
    one.do("b")
    one.do("c")
    assert one.waiting == ["d", "d"]
    one.do("d", 1)
    one.do("d")
    assert one.status == "completed"


def test_a_service_gets_arguments_and_its_result_sets_variables() -> None:
    body = (
        f'{ENDS}<serviceTask id="v"><extensionElements><city:service name="weather.now"/>'
        '<city:input target="place" source="town + &quot;!&quot;"/>'
        '<city:output target="degrees" source="int(result.degrees) + 1"/></extensionElements></serviceTask>'
    )
    one = Instance(made(body, "s -> v; v -> e", schema={"town": "string", "degrees": "int"}), town="西永")
    (call,) = one.last.services
    assert (call.name, dict(call.arguments)) == ("weather.now", {"place": "西永!"})
    with pytest.raises(StepRefused) as refused:
        one.serve("v", warm=True)
    assert refused.value.code == "expression_missing"
    one.serve("v", degrees=20)
    assert (one.status, one.state.variables["degrees"]) == ("completed", 21)


def test_messages_go_out_with_their_content() -> None:
    message = '<city:message correlation="number"/><city:input target="about" source="number"/>'
    extension = f"<extensionElements>{message}</extensionElements>"
    body = (
        f'{ENDS}<sendTask id="d" messageRef="m">{extension}</sendTask>'
        f'<intermediateThrowEvent id="t">{extension}{HEAR}</intermediateThrowEvent>'
        f'<endEvent id="z">{extension}{HEAR}</endEvent><parallelGateway id="g"/>'
    )
    one = Instance(
        made(body, "s -> d; d -> t; t -> g; g -> z; g -> e", schema={"number": "string"}, top=GO), number="7"
    )
    assert [(sent.element, sent.name, sent.correlation, dict(sent.variables)) for sent in one.last.messages_sent] == [
        (name, "go", "7", {"about": "7"}) for name in ("d", "t", "z")
    ]
    assert one.status == "completed"


def test_a_message_finds_the_one_that_waits_for_it() -> None:
    extension = '<extensionElements><city:message correlation="number"/></extensionElements>'
    body = f'{ENDS}<receiveTask id="r" messageRef="m">{extension}</receiveTask>{task("a")}<parallelGateway id="f"/>'
    one = Instance(
        made(body, "s -> f; f -> r; f -> a; r -> e; a -> e", schema={"number": "string"}, top=GO), number="7"
    )
    assert [(wait.name, wait.correlation) for wait in one.last.messages_awaited] == [("go", "7")]
    for wrong in (MessageArrived("go", "8"), MessageArrived("come", "7"), MessageArrived("go", "7", {}, "t99")):
        with pytest.raises(StepRefused, match="nothing waits"):
            one.take(wrong)
    waited = one.token("r")
    assert one.hear("go", "7").messages_forgotten == (waited,)
    assert one.waiting == ["a"]


def test_a_message_that_two_steps_await_must_name_one() -> None:
    body = f'{ENDS}<receiveTask id="r" messageRef="m"/><receiveTask id="q" messageRef="m"/><parallelGateway id="f"/>'
    one = Instance(made(body, "s -> f; f -> r; f -> q; r -> e; q -> e", top=GO))
    with pytest.raises(StepRefused) as refused:
        one.hear("go")
    assert refused.value.code == "ambiguous_message"
    one.hear("go", token=one.token("q"))
    assert one.waiting == ["r"]


@pytest.mark.parametrize(
    ("time", "due"),
    [
        ("<timeDuration>PT2H</timeDuration>", datetime(2027, 3, 1, 11, 0, tzinfo=UTC)),
        ("<timeDuration>P1M2DT30M</timeDuration>", datetime(2027, 4, 3, 9, 30, tzinfo=UTC)),
        ("<timeDuration>P2W</timeDuration>", datetime(2027, 3, 15, 9, 0, tzinfo=UTC)),
        ("<timeDuration>wait</timeDuration>", datetime(2027, 3, 1, 9, 1, tzinfo=UTC)),
        ("<timeDate>2027-05-01T08:00:00+08:00</timeDate>", datetime(2027, 5, 1, 0, 0, tzinfo=UTC)),
        ("<timeDate>promised - duration('1h')</timeDate>", datetime(2027, 6, 1, 7, 0, tzinfo=UTC)),
    ],
)
def test_the_moment_of_a_timer(time: str, due: datetime) -> None:
    body = f'{ENDS}<intermediateCatchEvent id="t"><timerEventDefinition>{time}</timerEventDefinition></intermediateCatchEvent>'
    compiled = made(body, "s -> t; t -> e", schema={"wait": "duration", "promised": "timestamp"})
    one = Instance(compiled, wait=timedelta(seconds=60), promised=datetime(2027, 6, 1, 8, 0, tzinfo=UTC))
    assert [timer.due for timer in one.last.timers_set] == [due]
    one.fire("t")
    assert one.status == "completed"


def test_the_last_day_of_a_shorter_month_is_taken() -> None:
    assert later(datetime(2027, 1, 31, tzinfo=UTC), 1, 0) == datetime(2027, 2, 28, tzinfo=UTC)
    assert later(datetime(2027, 11, 30, tzinfo=UTC), 15, 0) == datetime(2029, 2, 28, tzinfo=UTC)


def test_a_process_may_begin_in_several_ways() -> None:
    body = f'<startEvent id="s"/><startEvent id="k">{HEAR}</startEvent><endEvent id="e"/>{task("a")}{task("b")}'
    compiled = made(body, "s -> a; k -> b; a -> e; b -> e", top=GO)
    assert Instance(compiled).waiting == ["a"]
    assert Instance(compiled, "k").waiting == ["b"]
    with pytest.raises(StepRefused):
        Instance(compiled, "a")


def test_terminate_ends_everything() -> None:
    end = '<endEvent id="z"><terminateEventDefinition/></endEvent>'
    compiled = made(ENDS + end + task("a") + task("b"), "s -> a; s -> b; a -> z; b -> e")
    one = Instance(compiled)
    other = one.token("b")
    done = one.do("a")
    assert one.status == "terminated"
    assert [(gone.token, gone.how) for gone in done.closed if gone.token == other] == [(other, ClosedHow.CANCELLED)]


def test_what_opens_and_ends_in_one_step_is_never_told() -> None:
    end = '<endEvent id="z"><terminateEventDefinition/></endEvent>'
    compiled = made(
        ENDS + end + task("a") + task("b") + boundary("t", "b", TIMER), "s -> a; a -> b; a -> z; b -> e; t -> e"
    )
    one = Instance(compiled)
    done = one.do("a")
    assert (done.opened, done.timers_set, done.timers_cancelled, len(done.closed)) == ((), (), (), 1)


# -- edges -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_timer_at_the_edge(*, interrupting: bool) -> None:
    body = ENDS + task("a") + task("b") + boundary("t", "a", TIMER, interrupting=interrupting)
    one = Instance(made(body, "s -> a; a -> e; t -> b; b -> e"))
    assert one.waiting == ["a", "t"]
    one.fire("t")
    assert one.waiting == (["b"] if interrupting else ["a", "b"])
    if not interrupting:
        one.do("a")
    one.do("b")
    assert one.status == "completed"


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_message_at_the_edge(*, interrupting: bool) -> None:
    """Whoever waits without interrupting hears every message, not only the first."""
    body = ENDS + task("a") + task("b") + boundary("t", "a", HEAR, interrupting=interrupting)
    one = Instance(made(body, "s -> a; a -> e; t -> b; b -> e", top=GO))
    one.hear("go")
    assert one.waiting == (["b"] if interrupting else ["a", "b", "t"])
    if not interrupting:
        one.hear("go")
        assert one.waiting == ["a", "b", "b", "t"]
        heard = one.token("t")
        assert one.do("a").messages_forgotten == (heard,)


def test_a_repeated_reminder_fires_so_often_and_no_more() -> None:
    cycle = "<timerEventDefinition><timeCycle>R2/PT4H</timeCycle></timerEventDefinition>"
    body = ENDS + task("a") + task("b") + boundary("t", "a", cycle, interrupting=False)
    one = Instance(made(body, "s -> a; a -> e; t -> b; b -> e"))
    token = one.token("t")
    again = one.take(TimerFired(token), NOW + timedelta(days=1))
    assert [(timer.token, timer.due) for timer in again.timers_set] == [(token, NOW + timedelta(hours=28))]
    one.fire("t")
    assert one.waiting == ["a", "b", "b"]


@pytest.mark.parametrize(("code", "where"), [("E1", "b"), ("E2", "c"), ("E3", "c")])
def test_an_error_is_caught_by_its_code_or_by_the_one_for_all(code: str, where: str) -> None:
    body = (
        ENDS
        + task("a")
        + task("b")
        + task("c")
        + boundary("x1", "a", '<errorEventDefinition errorRef="x"/>')
        + boundary("x2", "a", "<errorEventDefinition/>")
    )
    one = Instance(made(body, "s -> a; a -> e; x1 -> b; x2 -> c; b -> e; c -> e", top=ERROR))
    one.fail("a", code)
    assert one.waiting == [where]


def test_an_error_that_nobody_catches_leaves_the_task_open() -> None:
    one = Instance(made(ENDS + task("a"), "s -> a; a -> e"))
    with pytest.raises(StepRefused, match="nothing catches"):
        one.fail("a", "E1")
    assert one.waiting == ["a"]


def test_a_failed_service_goes_the_way_of_its_error() -> None:
    service = '<serviceTask id="v"><extensionElements><city:service name="a.b"/></extensionElements></serviceTask>'
    body = ENDS + service + task("b") + boundary("x1", "v", '<errorEventDefinition errorRef="x"/>')
    one = Instance(made(body, "s -> v; v -> e; x1 -> b; b -> e", top=ERROR))
    with pytest.raises(StepRefused):
        one.fail("v", "E2")
    token = one.token("v")
    failed = one.fail("v", "E1")
    assert (one.waiting, failed.services_cancelled) == (["b"], (token,))


def test_an_error_end_fails_the_process_when_nothing_is_around_it() -> None:
    end = '<endEvent id="z"><errorEventDefinition errorRef="x"/></endEvent>'
    one = Instance(made(ENDS + end + task("a") + task("b"), "s -> a; s -> b; a -> z; b -> e", top=ERROR))
    one.do("a")
    assert (one.status, one.state.error, one.state.tokens) == ("failed", "E1", ())


# -- sub-processes and calls -------------------------------------------------------------------------------------------

SUB = """<subProcess id="sub"><startEvent id="is"/><endEvent id="ie"/><userTask id="ia"/><userTask id="ib"/>
<endEvent id="it"><terminateEventDefinition/></endEvent><endEvent id="ix"><errorEventDefinition errorRef="x"/></endEvent>
<exclusiveGateway id="ig" default="ig_ie"/>
"""
SUB_WAYS = "is -> ia; is -> ib; ia -> ig; ig -> ie; ig -> it: how == 1; ig -> ix: how == 2; ib -> ie"


def sub(more: str = "") -> str:
    return SUB + flows(SUB_WAYS) + "</subProcess>" + ENDS + task("after") + task("late") + more


def test_a_sub_process_ends_when_nothing_is_left_in_it() -> None:
    compiled = made(
        sub(boundary("t", "sub", TIMER)),
        "s -> sub; sub -> after; after -> e; t -> late; late -> e",
        schema={"how": "int"},
        top=ERROR,
    )
    one = Instance(compiled, how=0)
    assert one.waiting == ["ia", "ib", "t"]
    one.do("ia")
    assert one.waiting == ["ib", "t"]
    one.do("ib")
    assert one.waiting == ["after"]
    one = Instance(compiled, how=0)
    one.fire("t")
    assert one.waiting == ["late"]
    assert one.state.scopes == ()


def test_terminate_in_a_sub_process_ends_only_that() -> None:
    compiled = made(sub(), "s -> sub; s -> late; sub -> after; after -> e; late -> e", schema={"how": "int"}, top=ERROR)
    one = Instance(compiled, how=1)
    one.do("ia")
    assert (one.waiting, one.status) == (["after", "late"], "running")


def test_an_error_end_in_a_sub_process_is_caught_at_its_edge() -> None:
    edge = boundary("x1", "sub", '<errorEventDefinition errorRef="x"/>')
    compiled = made(
        sub(edge), "s -> sub; sub -> after; after -> e; x1 -> late; late -> e", schema={"how": "int"}, top=ERROR
    )
    one = Instance(compiled, how=2)
    one.do("ia")
    assert (one.waiting, one.state.scopes) == (["late"], ())


def called_process() -> Compiled:
    body = ENDS + task("a") + '<endEvent id="z"><errorEventDefinition errorRef="x"/></endEvent>'
    body += '<exclusiveGateway id="g" default="g_e"/>' + flows("s -> a; a -> g; g -> e; g -> z: answer < 0")
    return compile_process(draw(body, key="child", top=ERROR), schema={"question": "string", "answer": "int"})


def caller() -> Instance:
    call = (
        '<callActivity id="call" calledElement="child"><extensionElements>'
        '<city:input target="question" source="text + &quot;?&quot;"/><city:output target="found" source="answer * 2"/>'
        "</extensionElements></callActivity>"
    )
    body = ENDS + call + task("a") + task("late") + boundary("x1", "call", '<errorEventDefinition errorRef="x"/>')
    compiled = made(
        body,
        "s -> call; call -> a; a -> e; x1 -> late; late -> e",
        schema={"text": "string", "found": "int"},
        called=lambda key: called_process() if key == "child" else None,
        top=ERROR,
    )
    return Instance(compiled, text="几号")


def test_a_called_process_knows_what_it_is_given_and_gives_back_what_is_asked() -> None:
    one = caller()
    (scope,) = one.state.scopes
    assert scope.variables == {"question": "几号?"}
    assert [type(call) for call in one.last.calls] == [CallStarted]
    assert one.last.opened[0].process == scope.process
    with pytest.raises(StepRefused) as refused:
        one.do("a", text="no")
    assert refused.value.code == "unknown_variable"
    done = one.do("a", answer=21)
    assert [type(call) for call in done.calls] == [CallEnded]
    assert (one.waiting, one.state.variables) == (["a"], {"text": "几号", "found": 42})
    assert one.last.opened[0].process == ""


def test_an_error_end_of_a_called_process_is_caught_by_its_caller() -> None:
    one = caller()
    done = one.do("a", answer=-1)
    assert one.waiting == ["late"]
    assert done.calls == (CallEnded(done.calls[0].token, ClosedHow.CANCELLED),)


# -- everything else ---------------------------------------------------------------------------------------------------


def test_events_for_the_wrong_place_are_refused() -> None:
    one = Instance(made(ENDS + task("a") + boundary("t", "a", TIMER), "s -> a; a -> e; t -> e"))
    task_token, timer_token = one.token("a"), one.token("t")
    for wrong in (TaskCompleted(timer_token), TaskCompleted("t77"), MessageArrived("go", token=task_token)):
        with pytest.raises(StepRefused):
            one.take(wrong)
    with pytest.raises(StepRefused) as refused:
        one.take(TaskCompleted(task_token, {"nowhere": 1}))
    assert refused.value.code == "unknown_variable"


def test_facts_change_while_nothing_moves() -> None:
    one = Instance(made(ENDS + task("a"), "s -> a; a -> e", schema={"n": "int"}))
    before = one.state.tokens
    one.take(VariablesChanged({"n": 3}))
    assert (one.state.tokens, one.state.variables) == (before, {"n": 3})


def test_an_instance_is_stopped_from_outside() -> None:
    one = Instance(made(ENDS + task("a") + boundary("t", "a", TIMER), "s -> a; a -> e; t -> e"))
    stopped = one.take(Stopped())
    assert (one.status, len(stopped.closed), len(stopped.timers_cancelled)) == ("terminated", 1, 1)


def test_a_process_that_moves_by_itself_for_ever_is_stopped() -> None:
    """A sub-process that holds nothing to wait for stands in a circle: only running it shows that it never ends."""
    empty = '<subProcess id="sub"><startEvent id="is"/><endEvent id="ie"/>' + flows("is -> ie") + "</subProcess>"
    compiled = made(
        ENDS + task("a") + empty + '<exclusiveGateway id="g" default="g_sub"/>',
        "s -> a; a -> sub; sub -> g; g -> sub; g -> e: stop",
        schema={"stop": "bool"},
    )
    with pytest.raises(StepRefused) as refused:
        Instance(compiled, stop=False).do("a")
    assert refused.value.code == "too_many_steps"


def test_the_history_tells_which_way_was_taken() -> None:
    compiled = made(
        ENDS + task("a") + '<exclusiveGateway id="g" default="g_e"/>',
        "s -> a; a -> g; g -> a: again; g -> e",
        schema={"again": "bool"},
    )
    one = Instance(compiled, again=True)
    done = one.do("a")
    assert [(passage.element, passage.what.value, passage.flow) for passage in done.passages] == [
        ("a", "left", ""),
        ("g", "entered", "a_g"),
        ("a", "entered", "g_a"),
    ]
    one.do("a", again=False)
    assert [one.element for one in one.last.passages if one.what is PassageKind.ENTERED] == ["g", "e"]


def test_a_parallel_gateway_in_a_loop_waits_in_every_round() -> None:
    """Each round brings one token by each way; a join that counted earlier rounds would fire early."""
    tasks = "".join(task(name) for name in ("a", "b", "ask"))
    compiled = made(
        ENDS
        + tasks
        + '<exclusiveGateway id="m"/><parallelGateway id="f"/><parallelGateway id="j"/>'
        + '<exclusiveGateway id="g" default="g_e"/>',
        "s -> m; m -> f; f -> a; f -> b; a -> j; b -> j; j -> ask; ask -> g; g -> m: again; g -> e",
        schema={"again": "bool"},
    )
    one = Instance(compiled)
    for first, second in (("a", "b"), ("b", "a"), ("a", "b"), ("b", "a")):
        one.do(first)
        assert one.waiting == [second]
        one.do(second)
        assert one.waiting == ["ask"]
        one.do("ask", again=True)
    one.do("a")
    one.do("b")
    one.do("ask", again=False)
    assert one.status == "completed"


def test_a_process_may_begin_at_a_task_where_its_subject_already_stands() -> None:
    compiled = made(ENDS + task("a") + task("b") + boundary("t", "b", TIMER), "s -> a; a -> b; b -> e; t -> e")
    begun = plan(compiled, None, Started(at="b"), now=NOW)
    assert ([one.element for one in begun.opened], len(begun.timers_set)) == (["b"], 1)
    for wrong in ("s", "t", "e", "nowhere"):
        with pytest.raises(StepRefused) as refused:
            plan(compiled, None, Started(at=wrong), now=NOW)
        assert refused.value.code == "no_such_start"
