"""One SQL call writes what a plan makes of an instance: all of it, once, with evidence and events, or nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from city1361.base.database import api as database
from city1361.base.evidence import api as evidence
from city1361.base.kernel import registry
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Invalid, Missing, Stale
from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import AreaRef, Level, Scope
from city1361.platform.components.processes import api, registration
from tests.platform.components.processes import store
from tests.platform.components.processes.store import KIND, SYSTEM, do, publish, rows, stands, start


@pytest.fixture(autouse=True)
def items() -> Iterator[None]:
    where = api.AreaColumns(new_id(), town=new_id())
    kind = api.SubjectKind(KIND, item=store.item_for(api.WorkItemHolder(new_id(), "p"), where))
    registration.register_subject_kind(kind)
    yield
    registration._subjects.pop(KIND, None)


def counts(instance: api.InstanceView) -> tuple[int, ...]:
    tables = ("workitem", "processtimer", "processpassage")
    found = [
        rows(f"SELECT count(*) FROM platform_processes_{one} WHERE instance_id = %s", instance.id)[0][0]
        for one in tables
    ]
    return (*found, len(evidence.entries_about("process", instance.id)))


def test_a_start_and_each_step_leave_state_work_history_timers_evidence_and_events(db: None) -> None:
    publish()
    one = start()
    assert (one.version, one.status, stands(one)) == (1, "running", ["look"])
    assert rows("SELECT token, state, post FROM platform_processes_workitem WHERE instance_id = %s", one.id) == [
        (store.token(one, "look"), "open", "p")
    ]
    assert len(rows("SELECT 1 FROM platform_processes_processtimer WHERE instance_id = %s", one.id)) == 1
    one = do(one, "look")
    assert (one.version, stands(one)) == (2, ["act"])
    assert rows("SELECT 1 FROM platform_processes_processtimer WHERE instance_id = %s", one.id) == []
    states = "SELECT state, done_who FROM platform_processes_workitem WHERE instance_id = %s ORDER BY id"
    assert rows(states, one.id) == [("done", SYSTEM.label), ("open", "")]
    one = do(one, "act")
    assert (one.status, one.ended_at is not None) == ("completed", True)
    path = "SELECT element, what FROM platform_processes_processpassage WHERE instance_id = %s ORDER BY id"
    assert rows(path, one.id)[0] == ("s", "entered")
    assert ("e", "entered") in rows(path, one.id)
    assert [entry.facts["event"] for entry in evidence.entries_about("process", one.id)] == [
        "TaskCompleted",
        "TaskCompleted",
        "Started",
    ]
    told = (
        "SELECT count(*) FROM base_outbox_event WHERE name = 'processes.process_moved' AND payload ->> 'instance' = %s"
    )
    assert rows(told, str(one.id)) == [(3,)]


def test_a_step_answers_what_is_kept(db: None) -> None:
    publish()
    one = start(where=store.standing(new_id(), organisations=(new_id(),), reporter_account=new_id()))
    assert one == store.now_of(one)
    for element in ("look", "act"):
        one = do(one, element)
        assert one == store.now_of(one)


def test_a_stale_version_is_refused_and_leaves_nothing(db: None) -> None:
    publish()
    first = start()
    do(first, "look")
    before = counts(first)
    with pytest.raises(Stale):
        do(first, "look")
    assert counts(first) == before


def test_the_sql_itself_refuses_a_stale_version(db: None) -> None:
    publish()
    one = start()
    written = {"instance": str(one.id), "since": str(one.id), "at": "2026-01-01T00:00:00Z", "state": {}, "by": {}, "status": "running"}  # fmt: skip
    with pytest.raises(DatabaseError) as refused, database.scoped(Scope.everything()), connection.cursor() as cursor:
        cursor.execute("SELECT processes_apply(%s::jsonb, 7)", [json.dumps(written)])
    assert api.is_stale(refused.value)


def test_what_breaks_half_way_leaves_nothing(db: None) -> None:
    publish()
    one = start()
    before = counts(one)
    broken = api.SubjectKind(
        KIND,
        item=lambda instance, task: api.WorkItemNew(
            kind="x" * 61, title="", holder=api.WorkItemHolder(new_id()), area=api.AreaColumns(new_id())
        ),
    )
    registration.register_subject_kind(broken)
    with pytest.raises(Exception, match="too long"), transaction.atomic():
        do(one, "look")
    assert (counts(one), stands(one)) == (before, ["look"])


def test_an_unknown_step_is_a_conflict_in_words(db: None) -> None:
    publish()
    one = start()
    event = api.TaskCompleted("t99")
    with pytest.raises(Conflict, match="process_unknown_token"):
        api.process_advance(by=SYSTEM, instance=one.id, expected_version=1, event=event)


def test_another_town_finds_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    publish()
    town, organisation, reporter = new_id(), new_id(), new_id()
    where = store.standing(town, organisations=(organisation,), reporter_account=reporter)
    one = start(where=where)
    officer = By(uuid4(), "值班员", "web")
    seeing = {
        "town": Scope(officer.account, areas=frozenset({AreaRef(Level.TOWN, town)})),
        "party": Scope(officer.account, organisations=frozenset({organisation})),
        "reporter": Scope(reporter),
    }
    for scope in seeing.values():
        with database.scoped(scope):
            assert api.instance_view(scope, one.id).id == one.id
    stranger = Scope(
        officer.account, areas=frozenset({AreaRef(Level.TOWN, new_id())}), organisations=frozenset({new_id()})
    )
    with database.scoped(Scope.everything()), pytest.raises(Missing):
        api.instance_view(stranger, one.id)  # without the second fence
    monkeypatch.setattr(registry, "_authoriser", lambda by, permission: True)
    monkeypatch.setattr(registry, "_resolver", lambda by: stranger)
    event = api.TaskCompleted(store.token(one, "look"))
    with pytest.raises(Missing):
        api.process_advance(by=officer, instance=one.id, expected_version=1, event=event)
    for table in ("processinstance", "workitem", "processtimer", "processpassage"):
        with database.scoped(stranger), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM platform_processes_{table}")
            assert cursor.fetchone() == (0,), table


def test_a_definition_is_versioned_and_the_same_drawing_changes_nothing(db: None) -> None:
    first = publish()
    assert publish() == first
    one = start()
    second = publish(store.WAIT_BODY.replace("查看", "核实"))
    assert second != first
    assert [version.number for version in api.definition("p").versions] == [2, 1]
    assert start().number == 2
    assert do(one, "look").number == 1
    api.process_withdraw(by=SYSTEM, key="p")
    with pytest.raises(Missing):
        start()
    with pytest.raises(Invalid, match="process_"):
        publish('<startEvent id="s"/><scriptTask id="x"><script>1</script></scriptTask>', "s -> x")


def test_of_two_at_once_one_wins_and_the_other_is_told(committed: object) -> None:
    publish()
    one = start()
    results: list[str] = []
    barrier = threading.Barrier(2)

    def step() -> None:
        barrier.wait()
        try:
            do(one, "look")
            results.append("won")
        except Stale:
            results.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=step) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["stale", "won"]
    assert len(evidence.entries_about("process", one.id)) == 2


def test_a_connection_lost_between_writing_and_committing_leaves_nothing(committed: object) -> None:
    publish()
    one = start()
    before = counts(one)
    with pytest.raises(Exception, match=r"terminat|closed|lost"), transaction.atomic():
        do(one, "look")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    connection.close()
    assert (counts(one), stands(one)) == (before, ["look"])
    assert stands(do(one, "look")) == ["act"]
