"""@action makes none of the five steps forgettable: authorise, scope, write, evidence, events."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from django.db import connection

from city1361.base.action.api import Outcome, Remembered, action
from city1361.base.evidence import api as evidence
from city1361.base.kernel import registry
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Missing
from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import Scope
from city1361.base.outbox import api as outbox

OFFICER = By(account=uuid4(), label="值班员", channel="web", trace="t-1")


@dataclass(frozen=True)
class ThingChanged(outbox.Event):
    name: ClassVar[str] = "tests.thing_changed"
    thing: UUID


@action("tests.change_thing")
def thing_change(*, by: By, thing: UUID, fail: bool = False, repeated: bool = False) -> Outcome[str]:
    if fail:
        raise ZeroDivisionError
    return Outcome(
        "changed",
        subject=Subject("thing", thing, "某事"),
        facts={"to": "new"},
        personal={"phone": "13800000000"},
        events=(ThingChanged(thing=thing),),
        unchanged=repeated,
    )


def insert(remembered: Remembered) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT evidence_insert(given -> 'evidence'), outbox_insert(given -> 'events') FROM (SELECT %s::jsonb) AS g (given)",
            [json.dumps(remembered.as_json())],
        )
    return "written"


def lose(remembered: Remembered) -> str:
    return "lost"


@action("tests.change_thing")
def thing_write(*, by: By, thing: UUID, how: Callable[[Remembered], str] = insert) -> Outcome[str]:
    return Outcome(
        subject=Subject("thing", thing, "某事"),
        facts={"to": "“新”\x00\\u0000"},
        personal={"phone": "13800000000"},
        events=(ThingChanged(thing=thing), ThingChanged(thing=thing)),
        write=how,
    )


@action("tests.change_thing")
def thing_forget(*, by: By) -> Outcome[str]:
    return "forgotten"  # type: ignore[return-value]


def rows() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM base_evidence_entry WHERE convert_from(canon, 'UTF8') LIKE '%tests.change%'"
        )
        entries = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM base_outbox_event WHERE name = 'tests.thing_changed'")
        return entries, cursor.fetchone()[0]


@pytest.fixture(autouse=True)
def allowed(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_authoriser", lambda by, permission: by == OFFICER)
    monkeypatch.setattr(registry, "_resolver", lambda by: Scope(account=by.account))


def test_a_write_leaves_evidence_and_its_event() -> None:
    before = rows()
    assert thing_change(by=OFFICER, thing=new_id()) == "changed"
    assert rows() == (before[0] + 1, before[1] + 1)


def test_personal_data_stay_out_of_the_canonical_bytes() -> None:
    thing_change(by=OFFICER, thing=new_id())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM base_evidence_entry WHERE convert_from(canon, 'UTF8') LIKE '%13800000000%'"
        )
        assert cursor.fetchone() == (0,)


def test_a_stranger_finds_nothing_and_leaves_nothing() -> None:
    before = rows()
    with pytest.raises(Missing):
        thing_change(by=By(account=uuid4(), label="别人", channel="web"), thing=new_id())
    assert rows() == before


def test_a_failing_body_leaves_nothing() -> None:
    before = rows()
    with pytest.raises(ZeroDivisionError):
        thing_change(by=OFFICER, thing=new_id(), fail=True)
    assert rows() == before


def test_a_repeated_request_is_answered_without_a_second_entry() -> None:
    before = rows()
    assert thing_change(by=OFFICER, thing=new_id(), repeated=True) == "changed"
    assert rows() == before


def test_one_sql_call_writes_state_evidence_and_events() -> None:
    before, thing = rows(), new_id()
    assert thing_write(by=OFFICER, thing=thing) == "written"
    assert rows() == (before[0] + 1, before[1] + 2)
    (entry,) = evidence.entries_about("thing", str(thing))
    assert entry.facts == {"to": "“新”\x00\\u0000"}
    assert evidence.personal_part(entry.id) == {"phone": "13800000000"}


def test_a_write_that_leaves_its_evidence_behind_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="along"):
        thing_write(by=OFFICER, thing=new_id(), how=lose)


def test_a_body_that_says_nothing_of_its_outcome_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="Outcome"):
        thing_forget(by=OFFICER)
    with pytest.raises(TypeError, match="keywords"):
        thing_change(OFFICER, new_id())  # type: ignore[call-arg]
