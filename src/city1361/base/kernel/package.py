"""A declared application package as its sections see it: the folder, and a note of everything they find it to use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from city1361.base.kernel.by import By


class UseKind(StrEnum):
    """What a package may use only when its manifest says so."""

    COMPONENT = "component"
    DATASET = "dataset"
    PERMISSION = "permission"
    SERVICE = "service"
    PACKAGE = "package"


@dataclass(frozen=True, slots=True)
class Use:
    """Something a package uses, and where: `file:line` of the package."""

    kind: UseKind
    name: str
    where: str


@dataclass(frozen=True, slots=True)
class Package:
    """A package being checked or installed. `path` holds exactly its files, already within their limits.

    A section reads its files with `standards.instance.api.Folder(package.path)` and notes every component, dataset,
    permission, service function and other package it meets by `use`: what the manifest does not declare is refused.
    `digest` tells two versions apart.
    """

    id: str
    title: str
    path: Path
    digest: str
    used: list[Use] = field(default_factory=list)

    def use(self, kind: UseKind, name: str, where: str) -> None:
        """Note that the package uses `name` at `where` (`file:line`)."""
        self.used.append(Use(kind, name, where))

    def files(self, pattern: str) -> list[str]:
        """The names of its files that match, as `forms/*.yaml`, in order."""
        return sorted(str(path.relative_to(self.path)) for path in self.path.glob(pattern) if path.is_file())


@dataclass(frozen=True, slots=True)
class PackageSection:
    """A part of a package and the module that owns it. Lower `place` comes first.

    files: the patterns of the files it reads. check(package) returns the problems it finds (Invalid, `where` as
    file:line) without the database, and notes uses. load(package, by) writes inside the caller's transaction and
    returns a short sentence of what changed; it must end what an earlier version of the same package had and this one
    has not. withdraw(package id, by) ends everything the package brought.
    """

    name: str
    place: int
    check: Callable[[Package], list[Any]]
    load: Callable[[Package, By], str]
    files: tuple[str, ...]
    withdraw: Callable[[str, By], str] | None = None
