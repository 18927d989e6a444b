"""What moves by itself: timers after a stop, services that fail and answer, messages that find their instance."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Invalid
from city1361.platform.components.processes import api, reactions, registration
from city1361.platform.components.processes.doctor import findings
from tests.platform.components.processes import store
from tests.platform.components.processes.store import KIND, SYSTEM, do, now_of, publish, rows, stands, start, token

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
SERVICE = (
    '<startEvent id="s"/><serviceTask id="ask" name="查询"><extensionElements><city:service name="{name}"/>'
    '<city:input target="of" source="who"/><city:output target="answer" source="string(result.text)"/></extensionElements>'
    '</serviceTask><userTask id="read"/><endEvent id="e"/>'
)


@pytest.fixture(autouse=True)
def tied() -> Iterator[None]:
    before = (dict(registration._subjects), dict(registration._services))
    yield
    registration._subjects.clear()
    registration._subjects.update(before[0])
    registration._services.clear()
    registration._services.update(before[1])


def fired() -> list[str]:
    """Instances in the order in which their timers were fired."""
    found = rows("SELECT payload ->> 'instance' FROM base_outbox_event WHERE name = 'processes.process_moved' AND acted_by ->> 'label' = '流程定时器' ORDER BY id")  # fmt: skip
    return [one for (one,) in found]


def test_after_a_stop_each_timer_fires_once_and_in_the_order_of_its_moment(db: None) -> None:
    publish()
    begun = {}
    for minutes in (40, 10, 30, 0, 20):
        with clock.frozen(NOON + timedelta(minutes=minutes)):
            begun[minutes] = start()
    with clock.frozen(NOON + timedelta(minutes=100)):
        assert api.fire_due_timers() == 0
        done = do(begun[20], "look")
    with clock.frozen(NOON + timedelta(hours=2, minutes=160)):  # the worker stood still for two hours
        assert api.fire_due_timers() == 4
        assert api.fire_due_timers() == 0
    assert fired() == [str(begun[minutes].id) for minutes in (0, 10, 30, 40)]
    assert (stands(begun[0]), stands(done)) == (["remind"], ["act"])
    assert rows("SELECT count(*) FROM platform_processes_processtimer") == [(0,)]


def test_timers_that_one_firing_sets_come_before_later_ones(db: None) -> None:
    """After a stop the second timer of an early instance is due before the first one of a late instance."""
    chain = (
        f'<startEvent id="s"/><intermediateCatchEvent id="one">{store.TIMER.format("PT10M")}</intermediateCatchEvent>'
        '<userTask id="u"/><endEvent id="e"/>'
        f'<boundaryEvent id="b" attachedToRef="u" cancelActivity="false">{store.TIMER.format("PT0S")}</boundaryEvent>'
        '<userTask id="v"/><endEvent id="f"/>'
    )
    publish(chain, "s -> one; one -> u; u -> e; b -> v; v -> f", key="c")
    with clock.frozen(NOON):
        early = start("c")
    with clock.frozen(NOON + timedelta(hours=1)):
        late = start("c")
    with clock.frozen(NOON + timedelta(hours=3)):
        assert api.fire_due_timers() == 4
    assert fired()[0] == str(early.id)
    assert sorted(fired()) == sorted([str(early.id)] * 2 + [str(late.id)] * 2)
    assert stands(early) == stands(late) == ["u", "v"]


def test_a_timer_that_fails_waits_longer_each_time_and_holds_up_no_other(db: None) -> None:
    publish()
    with clock.frozen(NOON):
        bad, good = start(), start()

    def advance(by: By, instance: api.InstanceView, event: api.Event) -> object:
        if instance.id == bad.id:
            raise RuntimeError("the subject is out of order")
        return api.process_advance(by=by, instance=instance.id, expected_version=instance.version, event=event)

    registration.register_subject_kind(api.SubjectKind(KIND, advance=advance))
    with clock.frozen(NOON + timedelta(hours=2)):
        assert api.fire_due_timers() == 2
        assert api.fire_due_timers() == 0
        assert (stands(bad), stands(good)) == (["look"], ["remind"])
    with clock.frozen(NOON + timedelta(hours=2, seconds=5)):
        assert api.fire_due_timers() == 1
    waiting = "SELECT attempts, problem, try_at - due_at FROM platform_processes_processtimer WHERE instance_id = %s"
    assert rows(waiting, bad.id) == [(2, "RuntimeError", timedelta(seconds=15))]
    with clock.frozen(NOON + timedelta(hours=3)):
        assert [one.level for one in findings()] == ["warn"]
        registration.register_subject_kind(api.SubjectKind(KIND))
        assert api.fire_due_timers() == 1
        assert [one.level for one in findings()] == ["ok"]
    assert stands(bad) == ["remind"]


def test_a_limit_without_a_moment_must_be_known_to_the_owner_of_the_subject(db: None) -> None:
    limited = store.WAIT_BODY.replace(
        "<timerEventDefinition><timeDuration>PT2H</timeDuration></timerEventDefinition>",
        '<timerEventDefinition city:limit="rules:look"/>',
    )
    publish(limited, key="l")
    with pytest.raises(Invalid, match="timer_without_limit"):
        start("l")
    registration.register_subject_kind(api.SubjectKind(KIND, due=lambda instance, timer: NOON))
    with clock.frozen(NOON - timedelta(minutes=1)):
        one = start("l")
        assert api.fire_due_timers() == 0
    with clock.frozen(NOON):
        assert api.fire_due_timers() == 1
    assert stands(one) == ["remind"]


def service(outcome: Callable[[int], Any]) -> list[tuple[dict[str, Any], str]]:
    """Register `test.ask`; its calls."""
    calls: list[tuple[dict[str, Any], str]] = []

    def ask(arguments: dict[str, Any], key: str) -> dict[str, Any]:
        calls.append((arguments, key))
        found = outcome(len(calls))
        if isinstance(found, BaseException):
            raise found
        return dict(found)

    api.register_service(api.Service("test.ask", ask))
    publish(SERVICE.format(name="test.ask"), "s -> ask; ask -> read; read -> e", key="q", schema={"who": "string", "answer": "string"})  # fmt: skip
    return calls


def test_a_service_that_fails_is_asked_again_with_the_same_key(db: None) -> None:
    calls = service(lambda nth: OSError("down") if nth < 3 else {"text": "在册"})
    with clock.frozen(NOON):
        one = start("q", who="甲")
        assert api.call_due_services() == 1
        assert api.call_due_services() == 0
    for minutes in (1, 2):
        with clock.frozen(NOON + timedelta(minutes=minutes)):
            assert api.call_due_services() == 1
    assert calls == [({"of": "甲"}, f"{one.id}:{token(one, 'ask')}")] * 3
    assert (stands(one), now_of(one).state.variables["answer"]) == (["read"], "在册")
    assert rows("SELECT count(*) FROM platform_processes_servicerequest") == [(0,)]


def test_a_service_whose_worker_died_is_asked_again_after_its_lease(db: None) -> None:
    calls = service(lambda nth: KeyboardInterrupt() if nth == 1 else {"text": "x"})
    with clock.frozen(NOON):
        one = start("q", who="甲")
        with pytest.raises(KeyboardInterrupt):
            api.call_due_services()
        assert api.call_due_services() == 0
    with clock.frozen(NOON + timedelta(seconds=60)):
        assert api.call_due_services() == 1
    assert (len(calls), stands(one)) == (2, ["read"])


def test_a_service_is_given_up_after_eight_attempts_until_somebody_looks(db: None) -> None:
    service(lambda nth: OSError("down") if nth <= 8 else {"text": "x"})
    with clock.frozen(NOON):
        one = start("q", who="甲")
    for hours in range(10):
        with clock.frozen(NOON + timedelta(hours=hours)):
            api.call_due_services()
    with clock.frozen(NOON + timedelta(days=1)):
        assert api.call_due_services() == 0
        assert "服务调用" in findings()[0].what
        assert api.retry_services() == 1
        assert api.call_due_services() == 1
    assert stands(one) == ["read"]


def test_a_service_that_refuses_takes_the_way_of_its_error_or_waits_for_a_person(db: None) -> None:
    service(lambda nth: api.ServiceRefused("E1"))
    one = start("q", who="甲")
    assert api.call_due_services() == 1
    assert rows("SELECT dead, attempts FROM platform_processes_servicerequest") == [(True, 1)]
    assert stands(one) == ["ask"]
    catching = SERVICE.format(name="test.ask") + (
        '<boundaryEvent id="b" attachedToRef="ask"><errorEventDefinition errorRef="x"/></boundaryEvent><userTask id="byhand"/>'
    )
    ways = "s -> ask; ask -> read; read -> e; b -> byhand; byhand -> e"
    publish(catching, ways, key="q", schema={"who": "string", "answer": "string"}, top='<error id="x" name="no" errorCode="E1"/>')  # fmt: skip
    two = start("q", who="甲")
    assert api.call_due_services() == 1
    assert stands(two) == ["byhand"]


def test_a_message_reaches_those_that_wait_for_it_and_nobody_else(db: None) -> None:
    message = '<message id="m" name="go"/>'
    waits = (
        '<startEvent id="s"/><receiveTask id="hear" messageRef="m"><extensionElements><city:message correlation="who"/>'
        '</extensionElements></receiveTask><userTask id="u"/><endEvent id="e"/>'
    )
    publish(waits, "s -> hear; hear -> u; u -> e", key="w", schema={"who": "string"}, top=message)
    one, other = start("w", who="甲"), start("w", who="乙")
    assert api.message_deliver(SYSTEM, "go", "丙") == 0
    assert api.message_deliver(SYSTEM, "go", "甲") == 1
    assert api.message_deliver(SYSTEM, "go", "甲") == 0
    assert (stands(one), stands(other)) == (["u"], ["hear"])
    sends = (
        '<startEvent id="s"/><sendTask id="tell" messageRef="m"><extensionElements><city:message correlation="who"/>'
        '</extensionElements></sendTask><endEvent id="e"/>'
    )
    publish(sends, "s -> tell; tell -> e", key="t", schema={"who": "string"}, top=message)
    start("t", who="乙")
    ((payload,),) = rows("SELECT payload FROM base_outbox_event WHERE name = 'processes.message_sent'")
    reactions.deliver_message(api.ProcessMessageSent(**json.loads(payload)), None)  # type: ignore[arg-type]
    assert stands(other) == ["u"]
