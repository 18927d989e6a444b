"""One SQL call writes a step: all of it with evidence and events, or nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from city1361.base.action.api import Remembered
from city1361.base.database import api as database
from city1361.base.evidence import api as evidence
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import Subject
from city1361.base.kernel.errors import Missing, Stale
from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import reading
from city1361.centres.execution.api import MatterState, MatterView
from city1361.centres.execution.models import Matter, MatterStep
from city1361.centres.execution.steps import applying
from tests import cast
from tests.centres.execution import matters

pytestmark = pytest.mark.django_db


def left(matter: MatterView) -> tuple[Any, ...]:
    """What a step leaves: state and version, history, evidence, events, work items."""
    row = Matter.objects.get(pk=matter.id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM base_outbox_event WHERE payload ->> 'matter' = %s", [str(matter.id)])
        events = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM platform_processes_workitem WHERE subject_id = %s", [matter.id])
        items = cursor.fetchone()[0]
    steps = MatterStep.objects.filter(matter=matter.id).count()
    return row.state, row.version, steps, len(evidence.entries_about("matter", matter.id)), events, items


def write(matter: MatterView, events: tuple[dict[str, Any], ...], expected: int) -> None:
    row, by = Matter.objects.get(pk=matter.id), cast.by(cast.TOWN_DUTY_OFFICER)
    row.state, row.version = "voided", row.version + 1
    taken = MatterStep(
        matter=row, version=row.version, step="void", before="reported", after="voided", at=clock.now(), who=by.label
    )
    subject = Subject("matter", row.id, row.number)
    entry = evidence.prepare(by=by, action="execution.test", subject=subject, facts={}, personal=None)
    applying.apply(row, taken, None, Remembered(entry, events), expected)


def test_a_step_leaves_state_history_evidence_events_and_work_by_one_call(seen: None) -> None:
    matter = matters.reported()
    before = left(matter)
    with connection.execute_wrapper(statements := Statements()):
        matters.admitted(matter)
    after = left(matter)
    assert after[0] != before[0]
    assert [new - old for new, old in zip(after[1:], before[1:], strict=True)] == [1, 1, 1, 1, 1]
    assert sum("execution_apply" in one for one in statements.sent) == 1
    alone = ('UPDATE "centres_execution_matter" ', 'INSERT INTO "centres_execution_matterstep" ')
    assert [one for one in statements.sent if one.startswith(alone)] == []


def test_what_fails_at_its_last_row_leaves_nothing(seen: None) -> None:
    matter = matters.reported()
    before = left(matter)
    broken = {"id": str(new_id()), "payload": {}, "topics": [], "by": {}, "at": clock.now().isoformat()}
    with pytest.raises(DatabaseError), transaction.atomic():
        write(matter, (broken,), matter.version)
    assert left(matter) == before


def test_an_old_version_writes_nothing(seen: None) -> None:
    matter = matters.reported()
    before = left(matter)
    with pytest.raises(Stale), transaction.atomic():
        write(matter, (), matter.version + 1)
    assert left(matter) == before
    write(matter, (), matter.version)
    assert left(matter)[:2] == (MatterState.VOIDED.value, matter.version + 1)


def test_a_matter_read_by_one_call_is_the_row_itself(seen: None) -> None:
    matter = matters.admitted(matters.reported())
    scope = registry.scope_of(cast.by(cast.TOWN_DUTY_OFFICER))
    read = reading.read(scope, matter.id)
    row = Matter.objects.select_related("type", "centre", "current_centre", "lead", "lead_post").get(pk=matter.id)
    assert applying.columns(read.row) == applying.columns(row)
    for name in ("type", "centre", "current_centre", "lead", "lead_post"):
        assert applying.columns(getattr(read.row, name)) == applying.columns(getattr(row, name)), name
    assert [one.step for one in read.steps] == ["report", "admit"]


def test_a_matter_is_read_by_those_who_may_see_it(seen: None) -> None:
    matter = matters.reported()
    for scope in (Scope.nothing(), replace(Scope.nothing(), account=new_id(), organisations=frozenset({new_id()}))):
        with pytest.raises(Missing):  # the first fence: the second one is another's here
            reading.read(scope, matter.id)
        with pytest.raises(Missing), database.scoped(scope):
            reading.read(Scope.everything(), matter.id)
    with pytest.raises(Missing):
        reading.read(Scope.everything(), new_id())


class Statements:
    """What is sent to the database."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.sent.append(sql)
        return execute(sql, params, many, context)


@pytest.fixture
def seen() -> Any:
    with matters.seen_by(cast.TOWN_DUTY_OFFICER):
        yield
