"""Work items that other applications push and withdraw: their own kinds only, each once under its key."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from uuid import UUID

from django.db import connection

from city1361.base.action.api import Outcome, action
from city1361.base.kernel import registry
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Conflict, Invalid, Missing
from city1361.base.kernel.scope import Scope
from city1361.platform.assurance.security.access import api as access
from city1361.platform.components.processes import work_actions, work_queries
from city1361.platform.components.processes.events import WorkItemChanged
from city1361.platform.components.processes.models import WorkItem, WorkItemKey, WorkItemKind
from city1361.platform.components.processes.work_actions import SUBJECT, UNDER_WAY
from city1361.platform.components.processes.work_queries import WorkItemView
from city1361.platform.components.processes.work_terms import Permission, WorkItemNew, WorkItemState
from city1361.platform.components.processes.writing import item_json

PAGE = 100


@action(Permission.PUSH_WORK_ITEM)
def work_item_push(*, by: By, key: str, new: WorkItemNew) -> Outcome[WorkItemView]:
    """Open a work item for an application under its key; the same again gets the same one.

    Raises Missing for anybody but an application, Invalid for a kind, area or address that is not its own, Conflict
    when the key stands for something else.
    """
    source, scope = _source(by), registry.scope_of(by)
    _check(new, source, scope)
    digest = _digest(new)
    _take_turns(source, key)
    known = WorkItemKey.objects.filter(source=source, key=key).first()
    if known is not None:
        row = WorkItem.objects.get(id=known.work_item_id)
        if known.digest != digest:
            raise _key_used(key)
        return Outcome(_view(row, by), subject=_subject(row), unchanged=True)
    (made,) = work_actions.insert(by, [(new, {"source": source, "source_key": key})])
    WorkItemKey.objects.create(source=source, key=key, work_item_id=made, digest=digest)
    row = WorkItem.objects.get(id=made)
    facts = {"kind": new.kind, "source": source, "key": key, "organisation": new.holder.organisation}
    return Outcome(_view(row, by), subject=_subject(row), facts=facts)


@action(Permission.PUSH_WORK_ITEM)
def work_item_withdraw(*, by: By, item: UUID, done: bool = False) -> Outcome[WorkItemView]:
    """Take back what the application pushed, or say that it was done there. Once it has ended, nothing changes."""
    row = _own(by).select_for_update().filter(id=item).first()
    if row is None:
        raise Missing(where=str(item))
    if row.state not in UNDER_WAY:
        return Outcome(_view(row, by), subject=_subject(row), unchanged=True)
    work_actions.close_row(row, by, WorkItemState.DONE if done else WorkItemState.WITHDRAWN)
    changed = WorkItemChanged(
        item=row.id, kind=row.kind, state=row.state, organisation=row.organisation, source=row.source
    )
    facts = {"kind": row.kind, "source": row.source, "key": row.source_key, "state": row.state}
    return Outcome(_view(row, by), subject=_subject(row), facts=facts, events=(changed,))


def work_item_pushed(by: By, item: UUID) -> WorkItemView:
    """One that the application itself pushed. Raises Missing."""
    row = _own(by).filter(id=item).first()
    if row is None:
        raise Missing(where=str(item))
    return _view(row, by)


def work_items_pushed(by: By, *, key: str = "", after: UUID | None = None) -> list[WorkItemView]:
    """What the application pushed, the newest first: a page of PAGE before `after`."""
    rows = _own(by)
    rows = rows.filter(source_key=key) if key else rows
    rows = rows.filter(id__lt=after) if after else rows
    return [_view(row, by) for row in rows.order_by("-id")[:PAGE]]


@action(Permission.REGISTER_WORK_ITEM_KIND)
def work_item_kind_register(*, by: By, source: str, code: str, label: str, prefix: str) -> Outcome[None]:
    """Let an application push a kind of work item, `<application>.<kind>`, whose addresses begin with `prefix`."""
    application = access.application(source)
    whole = f"{application.code}.{code}"
    if not prefix.startswith("https://") or not prefix.endswith("/"):
        raise Invalid(
            "kind_prefix", "地址前缀须以https://开头、以/结尾", where="prefix", remedy="如 https://permits.example/"
        )
    if not code.replace("_", "").isalnum() or not code.isascii() or len(whole) > 60:
        raise Invalid("kind_code", "种类代码只能含小写字母、数字和下划线", where="code", remedy="请另取代码")
    values = {"source": application.code, "label": label[:60], "prefix": prefix, "withdrawn_at": None}
    WorkItemKind.objects.update_or_create(code=whole, defaults=values)
    return Outcome(None, subject=Subject("work_item_kind", whole, label), facts={"prefix": prefix, "source": source})


@action(Permission.REGISTER_WORK_ITEM_KIND)
def work_item_kind_withdraw(*, by: By, code: str) -> Outcome[None]:
    """No more are pushed; what is open stays."""
    from city1361.base.kernel import clock

    changed = WorkItemKind.objects.filter(code=code, withdrawn_at=None).update(withdrawn_at=clock.now())
    if not changed and not WorkItemKind.objects.filter(code=code).exists():
        raise Missing(where=code)
    subject = Subject("work_item_kind", code)
    return Outcome(None, subject=subject, facts={"withdrawn": True}, unchanged=not changed)


def _source(by: By) -> str:
    application = access.application_acting(by)
    if application is None:
        raise Missing()
    return application.code


def _own(by: By) -> Any:
    return WorkItem.objects.filter(source=_source(by))


def _check(new: WorkItemNew, source: str, scope: Scope) -> None:
    """Its own kind, within its own area, shown at its own addresses."""
    kind = WorkItemKind.objects.filter(code=new.kind, source=source, withdrawn_at=None).first()
    if kind is None:
        raise work_actions.unknown_kind(new.kind)
    if new.address and not new.address.startswith(kind.prefix):
        raise Invalid("address_prefix", "地址须以“{prefix}”开头", where="address", remedy="请使用登记的地址", params={"prefix": kind.prefix})  # fmt: skip
    stands = {one for one in (new.area.city, new.area.district, new.area.town, new.area.village, new.area.grid) if one}
    if not stands & {area.id for area in scope.areas}:
        raise Invalid(
            "area_out_of_reach", "该区域不在应用的授权范围内", where="area", remedy="请核对区域代码，或申请扩大授权范围"
        )


def _digest(new: WorkItemNew) -> str:
    return hashlib.sha256(json.dumps({**item_json(new), "id": ""}, sort_keys=True).encode()).hexdigest()


def _take_turns(source: str, key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1361))", [f"{source} {key}"])


def _key_used(key: str) -> Conflict:
    return Conflict(
        "work_item_key_used",
        "编号“{key}”已用于另一项待办",
        where="key",
        remedy="请为新的待办使用新编号",
        params={"key": key},
    )


def _subject(row: WorkItem) -> Subject:
    return Subject(SUBJECT, row.id, row.kind)


def _view(row: WorkItem, by: By) -> WorkItemView:
    return work_queries.shown(row, by)
