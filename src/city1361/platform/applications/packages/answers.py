"""What is told of packages: values without the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from city1361.platform.applications.packages.contents import PageEntry
from city1361.platform.applications.packages.declarations import Manifest, Text
from city1361.platform.applications.packages.parts import PageSource
from city1361.platform.applications.packages.terms import StageState


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage of the checklist. `text` in both languages, empty when nothing was said."""

    label: str
    state: StageState
    text: Mapping[str, str]
    until: str


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version that was installed."""

    number: int
    version: str
    digest: str
    installed_at: datetime
    installed_by: str


@dataclass(frozen=True, slots=True)
class PackageView:
    """A package as the administrator sees it."""

    id: str
    manifest: Manifest
    number: int
    digest: str
    withdrawn_at: datetime | None
    permissions: tuple[str, ...]
    summaries: Mapping[str, str]
    stages: tuple[StageView, ...]
    versions: tuple[VersionView, ...]


@dataclass(frozen=True, slots=True)
class PageView:
    """A page of a package: what it shows, of which source. `empty` is what it says when there is nothing."""

    package: str
    package_title: Text
    entry: PageEntry
    source: PageSource
    empty: Mapping[str, str] | None
