"""Random walks over random diagrams in our engine and in SpiffWorkflow: the same places are open after every event.

Where Spiff differs from the BPMN specification, or has no such element, the diagrams hold nothing of the kind and
`test_plan_elements.py` has a trace derived by hand:

- a parallel gateway within a loop drawn with flows: from the second round on Spiff's join may fire early;
- tokens left over at a join (its source says: not implemented);
- several instances behind a boundary event: Spiff raises an exception;
- a non-interrupting message boundary: Spiff hears the first message only;
- service tasks: Spiff runs them at once, so they are user tasks there; conditional and message starts, repeated timers.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from city1361.platform.components.processes.decisions import Element, compile_processes
from city1361.platform.components.processes.moving import arriving, ending, repeating
from city1361.platform.components.processes.moving.run import Run
from city1361.platform.components.processes.terms import (
    ElementKind,
    Event,
    MessageArrived,
    ScopeKind,
    ServiceDone,
    TaskCompleted,
    TimerFired,
    Token,
    Trigger,
)
from tests.platform.components.processes.random_diagrams import Diagram, Maker
from tests.platform.components.processes.spiff import Place, Spiff
from tests.platform.components.processes.walking import WAITING, Instance

MOST_STEPS = 40
Open = tuple[Place, Token, Element]


def open_places(one: Instance) -> list[Open]:
    """What waits for something outside, with the number of each parallel instance around it."""
    scopes = {scope.id: scope for scope in one.state.scopes}
    tokens = {token.id: token for token in one.state.tokens}

    def path(token: Token) -> tuple[int, ...]:
        found: list[int] = []
        scope = token.scope
        while scope:
            here = scopes[scope]
            if here.kind is ScopeKind.INSTANCE and not one.element_of(tokens[here.host]).several.sequential:
                found.insert(0, (here.variables or {})["loop_counter"] - 1)
            scope = here.parent
        return tuple(found)

    pairs = ((token, one.element_of(token)) for token in one.state.tokens)
    return [
        ((token.element, path(token)), token, element)
        for token, element in pairs
        if element.kind in WAITING and token.progress is None and element.trigger is not Trigger.ERROR
    ]


def event_for(token: Token, element: Element, outcome: dict[str, Any]) -> Event:
    if element.kind in (ElementKind.USER_TASK, ElementKind.MANUAL_TASK):
        return TaskCompleted(token.id, outcome)
    if element.kind is ElementKind.SERVICE_TASK:
        return ServiceDone(token.id)
    if element.trigger is Trigger.TIMER:
        return TimerFired(token.id)
    return MessageArrived(element.message, token=token.id)


def outcome_of(chance: random.Random, diagram: Diagram, element: Element, sent_back: set[str]) -> dict[str, Any]:
    if element.id not in diagram.picks:
        return {}
    variable, ways = diagram.picks[element.id]
    way = 0 if element.id in sent_back else chance.randrange(ways)
    if element.id in diagram.loops and way:
        sent_back.add(element.id)
    return {variable: way}


def walk(seed: int, number: int, seen: Counter[str]) -> tuple[int, str]:
    """Steps taken, and the first difference."""
    diagram = Maker(seed).make()
    files = {key: (xml, diagram.schema) for key, xml in diagram.files.items()}
    one, other = Instance(compile_processes(files)["main"]), Spiff(diagram.files, "main")
    chance, sent_back, log = random.Random(seed * 7 + number), set[str](), list[Any]()
    for steps in range(MOST_STEPS):
        places = sorted(open_places(one), key=lambda found: found[0])
        ours, theirs = [found[0] for found in places], other.waiting()
        if ours != theirs or (one.status != "running") != other.ended:
            return steps, f"seed {seed}: after {log} ours {ours} {one.status}, Spiff {theirs} {other.ended}"
        if not places:
            return steps, ""
        place, token, element = chance.choice(places)
        outcome = outcome_of(chance, diagram, element, sent_back)
        log.append((place, outcome))
        one.take(event_for(token, element, outcome))
        other.take(place, outcome)
        for passage in one.last.passages:
            passed = one.compiled.process(passage.process).elements[passage.element]
            seen[f"{passed.kind} {passed.trigger}{' several' if passed.several else ''}"] += 1
    return MOST_STEPS, ""


def walks(seeds: range, each: int = 2) -> tuple[int, list[str], Counter[str]]:
    total, differences, seen = 0, [], Counter[str]()
    for seed in seeds:
        for number in range(each):
            steps, difference = walk(seed, number, seen)
            total += steps
            if difference:
                differences.append(difference)
    return total, differences, seen


def test_both_engines_open_the_same_places() -> None:
    total, differences, seen = walks(range(200))
    assert differences == []
    assert total > 1_000
    for kind in (
        "user_task none",
        "exclusive_gateway none",
        "parallel_gateway none",
        "sub_process none",
        "boundary_event timer",
    ):
        assert seen[kind] > 10, f"the walks hardly pass a {kind}"


@pytest.mark.long
def test_both_engines_open_the_same_places_for_a_long_time() -> None:
    total, differences, seen = walks(range(1_000, 4_000))
    assert differences == []
    assert total > 20_000
    expected = {
        "boundary_event error",
        "boundary_event message",
        "boundary_event timer",
        "call_activity none",
        "catch_event message",
        "catch_event timer",
        "end_event error",
        "end_event none",
        "end_event terminate",
        "event_gateway none",
        "exclusive_gateway none",
        "manual_task none",
        "manual_task none several",
        "parallel_gateway none",
        "receive_task none",
        "send_task none",
        "service_task none",
        "start_event none",
        "sub_process none",
        "sub_process none several",
        "throw_event message",
        "throw_event none",
        "user_task none",
        "user_task none several",
    }
    assert expected <= set(seen)


def _early_join(run: Run, element: Element, scope: str, flow: str) -> None:
    """Goes on with every token that comes."""
    run.follow(element, scope)


def _forgetful_edge(run: Run, token: Token, element: Element) -> None:
    """What watches an activity stays when the activity is left."""
    del run.tokens[token.id]
    run.follow(element, token.scope)


def _deaf_interruption(run: Run, token: Token, element: Element) -> None:
    """An interrupting event leaves the activity open."""
    del run.tokens[token.id]
    run.follow(element, token.scope)


def _never_enough(run: Run, several: Any, element: Element, scope: Any, progress: Any) -> bool:
    """The completion condition is not looked at."""
    return bool(progress["done"] < max(progress["total"], several.maximum))


def _terminates_all(run: Run, scope: str) -> None:
    """A terminate end in a sub-process ends the whole instance."""
    run.queue.clear()
    run.tokens.clear()
    run.scopes.clear()


@pytest.mark.parametrize(
    ("where", "name", "wrong"),
    [
        (arriving.ARRIVALS, ElementKind.PARALLEL_GATEWAY, _early_join),
        (ending, "leave", _forgetful_edge),
        (ending, "happened", _deaf_interruption),
        (ending, "terminate", _terminates_all),
        (ending, "caught_at", lambda run, token, code: False),
        (repeating, "_goes_on", _never_enough),
    ],
    ids=[
        "early join",
        "forgetful edge",
        "deaf interruption",
        "terminate ends all",
        "errors are not caught",
        "never enough",
    ],
)
def test_a_wrong_rule_is_found(
    where: Any, name: Any, wrong: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison can fail: each planted mistake shows, as a difference or as a walk that breaks off."""
    if isinstance(where, dict):
        monkeypatch.setitem(where, name, wrong)
    else:
        monkeypatch.setattr(where, name, wrong)
    for seed in range(300):
        try:
            _, difference = walk(seed, 0, Counter())
        except (KeyError, AttributeError):
            return
        if difference:
            return
    pytest.fail("300 walks did not notice the mistake")


def test_the_diagrams_are_the_same_for_the_same_seed() -> None:
    assert Maker(5).make().files == Maker(5).make().files
    assert Maker(5).make().files != Maker(6).make().files
