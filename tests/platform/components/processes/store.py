"""A published process and instances of it, for the tests of what is kept of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from city1361.base.database import api as database
from city1361.base.kernel.by import By
from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import Scope
from city1361.platform.components.processes import api
from tests.platform.components.processes.drawn import draw, flows

SYSTEM = By.system("测试")
KIND = "test_case"
TIMER = "<timerEventDefinition><timeDuration>{}</timeDuration></timerEventDefinition>"
WAIT_BODY = (
    '<startEvent id="s"/><userTask id="look" name="查看"/>'
    f'<boundaryEvent id="late" attachedToRef="look">{TIMER.format("PT2H")}</boundaryEvent>'
    '<userTask id="remind" name="催办"/><userTask id="act" name="处置"/><endEvent id="e"/>'
)
WAIT_FLOWS = "s -> look; look -> act; late -> remind; remind -> act; act -> e"


def publish(body: str = WAIT_BODY, ways: str = WAIT_FLOWS, *, key: str = "p", schema: Mapping[str, str] | None = None, top: str = "") -> UUID:  # fmt: skip
    return api.process_publish(
        by=SYSTEM, key=key, xml=draw(body + flows(ways), key=key, top=top), schema=schema or {}, title="测试流程"
    )


def standing(town: UUID | None = None, **more: Any) -> api.Standing:
    return api.Standing(api.AreaColumns(new_id(), town=town or new_id()), **more)


def start(key: str = "p", *, where: api.Standing | None = None, **variables: Any) -> api.InstanceView:
    return api.process_start(
        by=SYSTEM, key=key, subject_kind=KIND, subject_id=new_id(), standing=where or standing(), variables=variables
    )


def token(instance: api.InstanceView, element: str) -> str:
    return next(one.id for one in instance.state.tokens if one.element == element)


def do(instance: api.InstanceView, element: str, **outcome: Any) -> api.InstanceView:
    event = api.TaskCompleted(token(instance, element), outcome)
    return api.process_advance(by=SYSTEM, instance=instance.id, expected_version=instance.version, event=event)


def now_of(instance: api.InstanceView) -> api.InstanceView:
    with database.scoped(Scope.everything()):
        return api.instance_view(Scope.everything(), instance.id)


def stands(instance: api.InstanceView) -> list[str]:
    """The elements at which an instance waits now, without what watches their edges."""
    return sorted(one.element for one in now_of(instance).state.tokens if not one.host)


def item_for(holder: api.WorkItemHolder, where: api.AreaColumns, *, kind: str = "test_item") -> Any:
    """Give every opened task of KIND a work item of this holder."""

    def item(instance: api.InstanceView, task: api.OpenedTask) -> api.WorkItemNew:
        return api.WorkItemNew(kind=kind, title=task.name, holder=holder, area=where, subject_id=instance.subject_id)

    return item


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """Read as somebody who sees everything."""
    with database.scoped(Scope.everything()), connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return list(cursor.fetchall())
