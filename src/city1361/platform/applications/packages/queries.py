"""Reads of packages: what is installed, its versions, its pages. The same for everybody; pages are asked for by their
permission."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city1361.base.kernel.errors import Missing
from city1361.base.kernel.scope import Scope
from city1361.platform.applications.packages.answers import (
    PackageView,
    PageView,
    StageView,
    VersionView,
)
from city1361.platform.applications.packages.contents import PageEntry
from city1361.platform.applications.packages.declarations import Manifest
from city1361.platform.applications.packages.models import ApplicationPackage, PackageVersion
from city1361.platform.applications.packages.parts import page_source
from city1361.platform.applications.packages.terms import STAGE_LABELS, Stage, StageState


def packages() -> list[PackageView]:
    """Every package that was ever installed, those in force first."""
    rows = list(ApplicationPackage.objects.prefetch_related("versions"))
    return sorted((_view(row) for row in rows), key=lambda one: one.withdrawn_at is not None)


def package(package_id: str) -> PackageView:
    """One package. Raises Missing."""
    row = ApplicationPackage.objects.prefetch_related("versions").filter(pk=package_id).first()
    if row is None:
        raise Missing()
    return _view(row)


def page(package_id: str, key: str, scope: Scope) -> PageView:
    """A page of a package in force, for somebody whom its source lets read. Raises Missing."""
    found = next((one for one in _pages(_version(package_id)) if one.entry.key == key), None)
    if found is None or not scope.allows(found.source.permission):
        raise Missing()
    return found


def entries(scope: Scope) -> list[tuple[PageView, str]]:
    """The pages of all packages that stand on the official portal, with their icons, for this person."""
    found = []
    for row in ApplicationPackage.objects.filter(withdrawn_at=None):
        version = _current(row)
        pages = {one.entry.key: one for one in _pages(version)}
        manifest = Manifest.model_validate(version.manifest)
        found += [(pages[one.page], one.icon) for one in manifest.entries if one.page in pages]
    return [(one, icon) for one, icon in found if scope.allows(one.source.permission)]


def demonstration_rows(table: str) -> dict[str, list[dict[str, str]]]:
    """The rows of a demonstration table by package."""
    rows = ApplicationPackage.objects.filter(withdrawn_at=None)
    found = {row.id: _current(row).content["demo"].get(table, []) for row in rows}
    return {package_id: brought for package_id, brought in found.items() if brought}


def _version(package_id: str) -> PackageVersion:
    row = ApplicationPackage.objects.filter(pk=package_id, withdrawn_at=None).first()
    if row is None:
        raise Missing()
    return _current(row)


def _current(row: ApplicationPackage) -> PackageVersion:
    return row.versions.get(number=row.current)


def _pages(version: PackageVersion) -> list[PageView]:
    title = Manifest.model_validate(version.manifest).title
    found = []
    for content in version.content["pages"]:
        entry = PageEntry.model_validate(content)
        source = page_source(entry.source)
        if source is not None:
            found.append(
                PageView(version.package_id, title, entry, source, version.content["messages"].get(entry.empty))
            )
    return found


def _view(row: ApplicationPackage) -> PackageView:
    versions = sorted(row.versions.all(), key=lambda one: -one.number)
    current = next(one for one in versions if one.number == row.current)
    quality = current.content["quality"]
    return PackageView(
        id=row.id,
        manifest=Manifest.model_validate(current.manifest),
        number=row.current,
        digest=current.digest,
        withdrawn_at=row.withdrawn_at,
        permissions=tuple(current.accepted),
        summaries={name: text for name, text in current.summaries.items() if text},
        stages=tuple(_stage(stage, quality.get(stage.value, {})) for stage in Stage),
        versions=tuple(
            VersionView(one.number, one.manifest["version"], one.digest, one.installed_at, one.installed_by)
            for one in versions
        ),
    )


def _stage(stage: Stage, said: Mapping[str, Any]) -> StageView:
    text = said.get("reason") or said.get("note") or {}
    return StageView(STAGE_LABELS[stage], StageState(said.get("state", "todo")), text, said.get("until") or "")
