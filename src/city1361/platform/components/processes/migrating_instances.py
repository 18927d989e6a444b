"""Running instances go on in another version: by an explicit mapping, previewed, then applied by another action."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from city1361.base.action.api import Outcome, action
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Conflict, Invalid
from city1361.base.kernel.scope import Scope
from city1361.platform.components.processes import decisions, registration, versions
from city1361.platform.components.processes.applying import apply
from city1361.platform.components.processes.migrating import Migration
from city1361.platform.components.processes.models import ProcessInstance
from city1361.platform.components.processes.publishing import SUBJECT
from city1361.platform.components.processes.queries import in_scope, view
from city1361.platform.components.processes.terms import Finding, MigrationRefused, ProcessStatus, VariablesChanged
from city1361.platform.components.processes.work_terms import InstanceView, Permission
from city1361.platform.components.processes.writing import plan_json

MOST = 2000
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Orphaned:
    """An instance that cannot go on in the other version, and why."""

    instance: UUID
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a migration would do: instances concerned, steps by (before, after), variables dropped, how many cannot go
    on, and the first of these."""

    instances: int
    moves: Mapping[tuple[str, str], int]
    dropped: frozenset[str]
    orphans: tuple[Orphaned, ...]
    orphaned: int = 0


def process_migrate_preview(scope: Scope, key: str, before: int, after: int, mapping: Mapping[str, str]) -> Preview:
    """What `process_migrate` would do. Raises Missing for an unknown version, Invalid for a wrong mapping."""
    moves: dict[tuple[str, str], int] = {}
    dropped: set[str] = set()
    orphans: list[Orphaned] = []
    instances = 0
    for instance, found in _each(scope, key, before, after, mapping, lock=False):
        instances += 1
        if isinstance(found, MigrationRefused):
            orphans.append(Orphaned(instance.id, found.orphans))
            continue
        dropped.update(found.dropped_variables)
        for one in found.moves:
            moves[one.before, one.after] = moves.get((one.before, one.after), 0) + 1
    return Preview(instances, moves, frozenset(dropped), tuple(orphans[:SHOWN]), len(orphans))


@action(Permission.MIGRATE_PROCESS)
def process_migrate(*, by: By, key: str, before: int, after: int, mapping: Mapping[str, str]) -> Outcome[int]:
    """Move every running instance of a version into another one, or none; returns how many.

    Raises Conflict naming the first orphan, Invalid for a wrong mapping or too many instances at once.
    """
    moved: list[UUID] = []
    for instance, found in _each(registry.scope_of(by), key, before, after, mapping, lock=True):
        if isinstance(found, MigrationRefused):
            raise _orphan(instance, found)
        _write(by, instance, found, versions.version_id(key, after))
        moved.append(instance.id)
    return Outcome(
        len(moved),
        subject=Subject(SUBJECT, key, f"{key} {before}→{after}"),
        facts={"before": before, "after": after, "mapping": dict(mapping), "instances": moved},
        unchanged=not moved,
    )


def _each(
    scope: Scope, key: str, before: int, after: int, mapping: Mapping[str, str], *, lock: bool
) -> Iterator[tuple[InstanceView, Migration | MigrationRefused]]:
    old_id, new_id = versions.version_id(key, before), versions.version_id(key, after)
    old, new = versions.compiled_of(old_id), versions.compiled_of(new_id)
    _check(mapping, set(old.elements), set(new.elements))
    rows = ProcessInstance.objects.filter(in_scope(scope), process_version=old_id, status=ProcessStatus.RUNNING)
    rows = rows.order_by("id")
    if lock:
        rows = rows.select_for_update()
    found = list(rows[: MOST + 1])
    if len(found) > MOST and lock:
        raise Invalid(
            "too_many_instances", "一次最多迁移{most}个实例", remedy="请等待部分实例结束后再迁移", params={"most": MOST}
        )
    for row in found:
        instance = view(row)
        try:
            yield instance, decisions.migrate(instance.state, old, new, mapping, now=clock.now())
        except MigrationRefused as refused:
            yield instance, refused


def _check(mapping: Mapping[str, str], old: set[str], new: set[str]) -> None:
    """A mapping names elements that are there; those of called processes are written key/element."""
    for source, target in mapping.items():
        wrong = (
            source
            if "/" not in source and source not in old
            else target
            if "/" not in target and target not in new
            else ""
        )
        if wrong:
            raise Invalid(
                "mapping_element", "映射中的环节“{element}”不存在", where=wrong,
                remedy="请核对两个版次的环节编号", params={"element": wrong[:60]},
            )  # fmt: skip


def _write(by: By, instance: InstanceView, migration: Migration, version: UUID) -> None:
    tie = registration.subject_kind(instance.subject_kind)
    written = plan_json(
        migration.plan,
        instance=instance,
        by=by,
        event=VariablesChanged({}),
        at=clock.now(),
        items=lambda task: tie.item(instance, task),
        due=lambda timer: tie.due(instance, timer),
    )
    apply({**written, "process_version_id": str(version)}, instance.version)


def _orphan(instance: InstanceView, refused: MigrationRefused) -> Conflict:
    first = refused.orphans[0]
    return Conflict(
        "process_orphan",
        "实例{instance}无法在新版次中继续：{reason}",
        where=first.element,
        remedy=first.remedy or "请补充映射后重新预览",
        params={"instance": instance.id, "reason": first.message},
    )
