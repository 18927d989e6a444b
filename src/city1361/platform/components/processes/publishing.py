"""Publishing processes: compiled once, versioned, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from city1361.base.action.api import Outcome, action
from city1361.base.kernel import clock
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Conflict, Invalid, Missing
from city1361.platform.components.processes import decisions, versions, wording
from city1361.platform.components.processes.decision_tables import Table
from city1361.platform.components.processes.events import ProcessPublished
from city1361.platform.components.processes.models import ProcessDefinition, ProcessVersion
from city1361.platform.components.processes.terms import ProcessRefused
from city1361.platform.components.processes.work_terms import Permission

SUBJECT = "process_definition"


@action(Permission.PUBLISH_PROCESS)
def process_publish(
    *,
    by: By,
    key: str,
    xml: bytes,
    schema: Mapping[str, str],
    title: str,
    package: str = "",
    tables: Mapping[str, Table] | None = None,
) -> Outcome[UUID]:
    """Compile a diagram and make it the version in which `key` starts from now on; returns its id. The decision tables
    that it asks are part of the version.

    The same diagram again changes nothing. Raises Invalid with every finding, Conflict when another package has the key.
    """
    compiled = _compiled(key, xml, schema, tables or {})
    row = _locked(key, title, package)
    newest = ProcessVersion.objects.filter(definition=row, number=row.current).first()
    fresh = newest is None or newest.digest != compiled.digest or newest.xml != xml.decode()
    unchanged = not fresh and row.withdrawn_at is None and row.title == title
    row.current, row.title, row.withdrawn_at = row.current + fresh, title, None
    row.save()
    if newest is None or fresh:
        newest = ProcessVersion.objects.create(
            definition=row,
            number=row.current,
            digest=compiled.digest,
            xml=xml.decode(),
            compiled=compiled.to_json(),
            published_at=clock.now(),
            published_by=by.label[:80],
        )
    return Outcome(
        newest.id,
        subject=Subject(SUBJECT, key, f"{title} {row.current}"),
        facts={"version": row.current, "digest": compiled.digest, "package": package},
        events=(ProcessPublished(key=key, number=row.current),) if fresh else (),
        unchanged=unchanged,
    )


@action(Permission.PUBLISH_PROCESS)
def process_withdraw(*, by: By, key: str) -> Outcome[None]:
    """No instance of it starts any more; those that run finish."""
    row = ProcessDefinition.objects.select_for_update().filter(key=key).first()
    if row is None:
        raise Missing(where=key)
    unchanged = row.withdrawn_at is not None
    row.withdrawn_at = row.withdrawn_at or clock.now()
    row.save()
    return Outcome(None, subject=Subject(SUBJECT, key, row.title), facts={"withdrawn": True}, unchanged=unchanged)


def _compiled(key: str, xml: bytes, schema: Mapping[str, str], tables: Mapping[str, Table]) -> Any:
    try:
        compiled = decisions.compile_process(xml, schema=schema, called=versions.called_by_key, tables=tables)
    except ProcessRefused as refused:
        raise refusal(refused) from refused
    if compiled.key != key:
        raise Invalid(
            "process_key",
            "流程图的编号是“{found}”，应为“{key}”",
            where="process/@id",
            remedy="请修改流程图中process元素的id",
            params={"found": compiled.key[:60], "key": key},
        )
    return compiled


def refusal(refused: ProcessRefused) -> Invalid:
    """Everything that is wrong with a diagram, the first finding as the place."""
    first = refused.findings[0]
    sentence, remedy, params = wording.of_finding(first)
    params["findings"] = len(refused.findings)
    return Invalid(f"process_{first.code}", sentence, where=first.element, remedy=remedy, params=params)


def _locked(key: str, title: str, package: str) -> ProcessDefinition:
    with connection.cursor() as cursor:  # two that publish the same key take turns, the first time too
        cursor.execute("SELECT pg_advisory_xact_lock(1361, hashtext(%s))", [key])
    row = ProcessDefinition.objects.filter(key=key).first()
    if row is None:
        return ProcessDefinition(key=key, title=title, package=package, current=0)
    if row.package != package:
        raise Conflict(
            "process_of_another",
            "流程编号“{key}”属于“{package}”",
            where=key,
            remedy="请为流程另取编号",
            params={"key": key, "package": row.package or "city1361"},
        )
    return row
