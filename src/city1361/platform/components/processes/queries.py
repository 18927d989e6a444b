"""Instances as others see them, always within the scope of who asks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from city1361.base.kernel.errors import Missing
from city1361.base.kernel.scope import Scope
from city1361.platform.components.processes import versions
from city1361.platform.components.processes.models import (
    ProcessDefinition,
    ProcessInstance,
    ProcessPassage,
    ProcessTimer,
    ProcessVersion,
)
from city1361.platform.components.processes.terms import PassageKind, State
from city1361.platform.components.processes.work_terms import AreaColumns, InstanceView, Standing

NEWEST = 20
LONGEST_PATH = 2000
# Read before every step of every process: without building a query.
_COLUMNS = (
    "id", "process_version_id", "subject_kind", "subject_id", "state", "version", "status", "city_id", "district_id",
    "town_id", "village_id", "grid_id", "organisations", "reporter_account", "started_at", "ended_at",
)  # fmt: skip
_ONE = f"SELECT {', '.join(_COLUMNS)} FROM platform_processes_processinstance WHERE id = %s"  # noqa: S608 - ours


@dataclass(frozen=True, slots=True)
class DefinitionView:
    """A process that stands, and its versions, the newest first."""

    key: str
    title: str
    package: str
    current: int
    withdrawn_at: datetime | None
    versions: tuple[VersionView, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version: when it was published by whom, and how many instances run in it."""

    id: UUID
    number: int
    digest: str
    published_at: datetime
    published_by: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Where an instance stands now: since when, and until when at most."""

    token: str
    element: str
    process: str
    since: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Passed:
    """A line of the path that was walked."""

    element: str
    what: str
    at: datetime
    flow: str
    process: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """An instance to be drawn: the diagram of its version, the path walked, where it stands."""

    instance: InstanceView
    title: str
    xml: str
    path: tuple[Passed, ...]
    waiting: tuple[Waiting, ...]


def in_scope(scope: Scope) -> Q:
    """The same as row security says; the scope of the caller is bound to the transaction anyway."""
    if scope.unlimited:
        return Q()
    found = Q(organisations__overlap=list(scope.organisations)) if scope.organisations else Q(pk__in=[])
    if scope.account is not None:
        found |= Q(reporter_account=scope.account)
    for area in scope.areas:
        found |= Q(**{f"{area.level.value}_id": area.id})
    return found


def sees(scope: Scope, standing: Standing) -> bool:
    """`in_scope` for an instance that is read already."""
    return (
        scope.unlimited
        or (scope.account is not None and scope.account == standing.reporter_account)
        or not scope.organisations.isdisjoint(standing.organisations)
        or any(getattr(standing.area, area.level.value) == area.id for area in scope.areas)
    )


def instance_view(scope: Scope, instance: UUID) -> InstanceView:
    """Raises Missing when it is not there, or not within the scope."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE, [instance])
        row = cursor.fetchone()
    if row is None:
        raise Missing(where=str(instance))
    columns = dict(zip(_COLUMNS, row, strict=True))
    found = _shown({**columns, "state": json.loads(columns["state"])})
    if not sees(scope, found.standing):
        raise Missing(where=str(instance))
    return found


def instance_of(scope: Scope, subject_kind: str, subject_id: UUID) -> InstanceView | None:
    """The newest instance of a subject; None when it has none that `scope` may see."""
    found = ProcessInstance.objects.filter(in_scope(scope), subject_id=subject_id, subject_kind=subject_kind)
    row = found.order_by("-id").first()
    return view(row) if row else None


def view(row: ProcessInstance) -> InstanceView:
    return _shown({name: getattr(row, name) for name in _COLUMNS})


def _shown(of: Mapping[str, Any]) -> InstanceView:
    key, number = versions.label_of(of["process_version_id"])
    area = AreaColumns(of["city_id"], of["district_id"], of["town_id"], of["village_id"], of["grid_id"])
    return InstanceView(
        of["id"],
        key,
        of["process_version_id"],
        number,
        of["subject_kind"],
        of["subject_id"],
        State.from_json(of["state"]),
        of["version"],
        of["status"],
        Standing(area, tuple(of["organisations"]), of["reporter_account"]),
        of["started_at"],
        of["ended_at"],
    )


def drawing(scope: Scope, instance: UUID) -> Drawing:
    """Raises Missing."""
    shown = instance_view(scope, instance)
    version = ProcessVersion.objects.select_related("definition").get(id=shown.version_id)
    lines = ProcessPassage.objects.filter(instance_id=instance).order_by("id")[:LONGEST_PATH]
    path = tuple(Passed(one.element, one.what, one.at, one.flow, one.process) for one in lines)
    due = dict(ProcessTimer.objects.filter(instance_id=instance).values_list("token", "due_at"))
    return Drawing(shown, version.definition.title, version.xml, path, tuple(_waiting(shown, due)))


def _waiting(shown: InstanceView, due: dict[str, datetime]) -> Iterable[Waiting]:
    """Where the tokens stand; a timer at the edge of an activity says until when that may last."""
    scopes = {one.id: one.process for one in shown.state.scopes}
    for token in shown.state.tokens:
        if token.host:
            continue
        own = [due[one.id] for one in shown.state.tokens if one.id in due and token.id in (one.id, one.host)]
        yield Waiting(token.id, token.element, scopes.get(token.scope, ""), token.since, min(own) if own else None)


def definitions() -> list[DefinitionView]:
    """Every process, those that stand first. What is published is public within the system."""
    rows = ProcessDefinition.objects.order_by("withdrawn_at", "key")
    return [DefinitionView(one.key, one.title, one.package, one.current, one.withdrawn_at) for one in rows]


def definition(key: str) -> DefinitionView:
    """Raises Missing."""
    row = ProcessDefinition.objects.filter(key=key).first()
    if row is None:
        raise Missing(where=key)
    shown = tuple(
        VersionView(one.id, one.number, one.digest, one.published_at, one.published_by)
        for one in ProcessVersion.objects.filter(definition=row).defer("xml", "compiled").order_by("-number")[:NEWEST]
    )
    return DefinitionView(row.key, row.title, row.package, row.current, row.withdrawn_at, shown)


def version_xml(key: str, number: int) -> tuple[UUID, str]:
    """The diagram of a version. Raises Missing."""
    found = ProcessVersion.objects.filter(definition_id=key, number=number).values_list("id", "xml").first()
    if found is None:
        raise Missing(where=f"{key} {number}")
    return found


def times_passed(shown: Drawing) -> dict[str, int]:
    """How often each element of the process itself was passed: entered, and not where it stands now."""
    counts: dict[str, int] = {}
    for one in shown.path:
        if one.what == PassageKind.ENTERED and not one.process:
            counts[one.element] = counts.get(one.element, 0) + 1
    for stand in shown.waiting:
        if not stand.process and stand.element in counts:
            counts[stand.element] -= 1
    return {element: count for element, count in counts.items() if count > 0}
