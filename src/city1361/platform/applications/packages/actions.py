"""Install, upgrade and withdraw a package: all of it or nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

from city1361.base.action.api import Outcome, action
from city1361.base.database import api as database
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Conflict, Missing, Refused
from city1361.platform.applications.packages import checking, contents, decisions
from city1361.platform.applications.packages.checking import Checked
from city1361.platform.applications.packages.enclosure import BrokenPackage
from city1361.platform.applications.packages.models import ApplicationPackage, PackageVersion
from city1361.platform.applications.packages.terms import Permission

ONE_AT_A_TIME = 1361_0004  # key of the advisory lock


@dataclass(frozen=True, slots=True)
class Installed:
    """What an installation did. `changed` is False when the same version was in force already."""

    package: str
    number: int
    digest: str
    changed: bool
    summaries: dict[str, str]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an installation would do. `asks` are permissions that nobody has accepted yet."""

    package: str
    title: str
    version: str
    number: int
    unchanged: bool
    files: decisions.FileChanges
    permissions: tuple[str, ...]
    asks: tuple[str, ...]
    summaries: dict[str, str]


@action(Permission.INSTALL_PACKAGE)
def package_install(*, by: By, source: Path, accepted: Collection[str] = (), place: int = 100) -> Outcome[Installed]:
    """Check the package at `source` and put it in force, in this one transaction.

    accepted: the permissions that whoever installs has seen and agrees to; those of the version in force need no second
    word. Raises BrokenPackage with every fault, Refused when it asks for more, Conflict when one it uses is not there.
    """
    with checking.opened(source) as found:
        _lock()
        row, before = _in_force(found)
        if before and row.withdrawn_at is None and before.digest == found.package.digest:
            done = Installed(row.id, before.number, before.digest, False, before.summaries)
            return Outcome(done, subject=_subject(row), unchanged=True)
        _refuse_what_is_not_accepted(found, before, accepted)
        summaries = _load(found, by)
        version = _write(found, row, by, place, summaries)
    return Outcome(
        Installed(row.id, version.number, version.digest, True, summaries),
        subject=_subject(row),
        facts={
            "version": version.number,
            "digest": version.digest,
            "before": before.digest if before else "",
            "accepted": sorted(found.manifest.permissions),
            "parts": summaries,
        },
    )


def package_preview(*, by: By, source: Path) -> Preview:
    """What installing would change: everything is loaded in a transaction that is then given up. Raises BrokenPackage,
    Missing, Conflict."""
    registry.authorise(by, Permission.INSTALL_PACKAGE)
    with checking.opened(source) as found, database.scoped(registry.scope_of(by)), transaction.atomic():
        _lock()
        row, before = _in_force(found)
        unchanged = before is not None and row.withdrawn_at is None and before.digest == found.package.digest
        summaries = {} if unchanged else _load(found, by)
        transaction.set_rollback(True)
    return Preview(
        package=found.manifest.id,
        title=found.manifest.title.zh,
        version=found.manifest.version,
        number=before.number + (not unchanged) if before else 1,
        unchanged=unchanged,
        files=decisions.file_changes(before.files if before else {}, found.files),
        permissions=tuple(found.manifest.permissions),
        asks=decisions.newly_asked(before.accepted if before else (), found.manifest.permissions),
        summaries=summaries,
    )


@action(Permission.WITHDRAW_PACKAGE)
def package_withdraw(*, by: By, package: str) -> Outcome[None]:
    """End everything the package brought. What was filed with it stays. Raises Missing, Conflict when another uses it."""
    _lock()
    row = ApplicationPackage.objects.filter(pk=package, withdrawn_at=None).first()
    if row is None:
        raise Missing()
    users = sorted(one.package_id for one in versions_in_force() if package in one.manifest["uses"]["packages"])
    if users:
        raise Conflict(
            "package_in_use",
            "应用包正被使用：{users}",
            remedy="请先下线使用它的应用包",
            params={"users": " ".join(users)},
        )
    done = {
        section.name: section.withdraw(package, by)
        for section in reversed(registry.package_sections())
        if section.withdraw
    }
    row.withdrawn_at = clock.now()
    row.save(update_fields=["withdrawn_at"])
    return Outcome(None, subject=_subject(row), facts={"version": row.current, "parts": done})


def versions_in_force() -> list[PackageVersion]:
    """The version in force of each package that is not withdrawn, in their order."""
    rows = ApplicationPackage.objects.filter(withdrawn_at=None)
    current = {row.id: row.current for row in rows}
    found = PackageVersion.objects.select_related("package").filter(package__in=current)
    kept = [one for one in found if one.number == current[one.package_id]]
    return sorted(kept, key=lambda one: (one.package.place, one.package_id))


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])


def _in_force(found: Checked) -> tuple[ApplicationPackage, PackageVersion | None]:
    """The package's row, new or known, and its newest version. Raises BrokenPackage, and Conflict for what it lacks."""
    if found.problems:
        raise BrokenPackage(found.problems)
    manifest = found.manifest
    uses = {one.package_id: one.manifest["uses"]["packages"] for one in versions_in_force()}
    lacking = [name for name in manifest.uses.packages if name not in uses]
    if lacking:
        raise Conflict(
            "package_lacking",
            "需要先安装：{lacking}",
            remedy="请先安装这些应用包",
            params={"lacking": " ".join(lacking)},
        )
    try:
        decisions.in_order({**uses, manifest.id: manifest.uses.packages})
    except decisions.CycleOfUses as cycle:
        raise Conflict(
            "uses_in_a_circle", "应用包互相使用：{circle}", remedy="请去掉其中一处使用", params={"circle": str(cycle)}
        ) from cycle
    row = ApplicationPackage.objects.filter(pk=manifest.id).first() or ApplicationPackage(pk=manifest.id, current=0)
    return row, PackageVersion.objects.filter(package=manifest.id, number=row.current).first()


def _refuse_what_is_not_accepted(found: Checked, before: PackageVersion | None, accepted: Collection[str]) -> None:
    known = {*accepted, *(before.accepted if before else ())}
    asked = decisions.newly_asked(known, found.manifest.permissions)
    if asked:
        raise Refused(
            "permissions_not_accepted",
            "应用包请求的权限尚未同意：{asked}",
            where=found.manifest.id,
            remedy="请核对这些权限；同意后再次安装",
            params={"asked": " ".join(asked)},
        )


def _load(found: Checked, by: By) -> dict[str, str]:
    return {section.name: section.load(found.package, by) for section in registry.package_sections()}


def _write(found: Checked, row: ApplicationPackage, by: By, place: int, summaries: dict[str, str]) -> PackageVersion:
    manifest = found.manifest
    row.title_zh, row.title_en, row.system, row.owner = (
        manifest.title.zh,
        manifest.title.en,
        manifest.system,
        manifest.owner,
    )
    row.place = row.place or place
    row.current, row.withdrawn_at = row.current + 1, None
    row.save()
    return PackageVersion.objects.create(
        package=row,
        number=row.current,
        digest=found.package.digest,
        manifest=manifest.model_dump(mode="json"),
        content=contents.compiled(found.package),
        files=found.files,
        summaries=summaries,
        accepted=sorted(manifest.permissions),
        installed_at=clock.now(),
        installed_by=by.label,
    )


def _subject(row: ApplicationPackage) -> Subject:
    return Subject("package", row.pk, row.title_zh)
