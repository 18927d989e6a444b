"""Everything wrong with a package, each fault with file, line, reason and remedy. Touches no database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from django.apps import apps

from city1361.base.kernel import registry
from city1361.base.kernel.errors import Invalid
from city1361.base.kernel.package import Package, UseKind
from city1361.platform.applications.packages import decisions, sources
from city1361.platform.applications.packages.declarations import Manifest
from city1361.platform.applications.packages.enclosure import BrokenPackage, Enclosed, enclosed
from city1361.platform.assurance.standards.instance.api import Folder

MANIFEST = sources.MANIFEST
OWN = (MANIFEST, "README.md")
COMPONENTS = "city1361.platform.components."

# What is said of each kind of thing that a package uses without declaring it.
UNDECLARED = {
    UseKind.COMPONENT: "用到了能力组件“{name}”，但没有声明",
    UseKind.DATASET: "用到了数据集“{name}”，但没有声明",
    UseKind.PERMISSION: "用到了权限“{name}”，但没有声明",
    UseKind.SERVICE: "用到了服务“{name}”，但没有声明",
    UseKind.PACKAGE: "用到了应用包“{name}”，但没有声明",
}
DECLARED_IN = {
    UseKind.COMPONENT: "uses.components",
    UseKind.DATASET: "uses.datasets",
    UseKind.PERMISSION: "permissions",
    UseKind.SERVICE: "uses.services",
    UseKind.PACKAGE: "uses.packages",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A package that was looked at: its manifest, the copy of its files, and what is wrong with it."""

    manifest: Manifest
    package: Package
    files: dict[str, str]
    problems: list[Invalid]


@contextmanager
def opened(source: Path) -> Iterator[Checked]:
    """The package at `source`, copied and checked. Raises BrokenPackage when it cannot even be read."""
    with enclosed(source) as copy:
        yield _checked(copy)


def check(source: Path) -> list[Invalid]:
    """Every fault of the package at `source`: a folder or a .zip."""
    try:
        with opened(source) as found:
            return found.problems
    except BrokenPackage as broken:
        return broken.problems


def _checked(copy: Enclosed) -> Checked:
    folder = Folder(copy.path)
    manifest = folder.declaration(Manifest, MANIFEST)
    if manifest is None:
        raise BrokenPackage(folder.problems)
    package = Package(manifest.id, manifest.title.zh, copy.path, copy.digest)
    _check_names(folder, manifest)
    _check_files(folder, copy)
    problems = list(folder.problems)
    for section in registry.package_sections():
        problems += section.check(package)
    problems += _check_uses(manifest, package, folder)
    return Checked(manifest, package, copy.files, problems)


def _check_files(folder: Folder, copy: Enclosed) -> None:
    """Every file belongs to somebody: what nobody reads is a mistake, or something that should not be there."""
    patterns = [pattern for section in registry.package_sections() for pattern in section.files]
    for name in sorted(copy.files):
        if name not in OWN and not any(_fits(name, pattern) for pattern in patterns):
            folder.fault(
                "file_unknown", "没有哪个部分使用这个文件", name,
                remedy="应用包可有的文件：{known}", known=" ".join(sorted({*OWN, *patterns})),
            )  # fmt: skip
    if "README.md" not in copy.files:
        folder.fault("readme_missing", "缺少README.md", "README.md", remedy="请写明一件事：谁、做什么、依据哪部法")


def _fits(name: str, pattern: str) -> bool:
    """Whether a file's name fits a pattern, folder by folder: `*` does not reach over a slash."""
    parts, wanted = name.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))


def _check_names(folder: Folder, manifest: Manifest) -> None:
    """Components and permissions that the manifest names exist; nothing is named twice; nobody uses himself."""
    known: dict[str, tuple[list[str], Any, str]] = {
        "components": (manifest.uses.components, components(), "没有能力组件“{name}”"),
        "permissions": (manifest.permissions, registry.permissions(), "没有权限“{name}”"),
    }
    for names, there, message in known.values():
        place = ("permissions",) if names is manifest.permissions else ("uses", "components")
        for i, name in enumerate(names):
            if name not in there:
                folder.fault(
                    "name_unknown", message, MANIFEST, folder.line_of(MANIFEST, *place, i),
                    remedy="可用的有：{known}", name=name, known=" ".join(there),
                )  # fmt: skip
    for kind, names in _declared(manifest).items():
        twice = sorted({name for name in names if names.count(name) > 1})
        for name in twice:
            folder.fault(
                "declared_twice", "“{name}”声明了两次", MANIFEST, folder.line_of(MANIFEST, *DECLARED_IN[kind].split(".")),
                remedy="只保留一条", name=name,
            )  # fmt: skip
    if manifest.id in manifest.uses.packages:
        folder.fault(
            "uses_itself", "应用包不能使用自己", MANIFEST, folder.line_of(MANIFEST, "uses", "packages"),
            remedy="请删去该项",
        )  # fmt: skip


def components() -> list[str]:
    """The components there are, by the last part of their name."""
    found = [config.name for config in apps.get_app_configs() if config.name.startswith(COMPONENTS)]
    return sorted(name.removeprefix(COMPONENTS) for name in found)


def _declared(manifest: Manifest) -> dict[UseKind, list[str]]:
    return {
        UseKind.COMPONENT: manifest.uses.components,
        UseKind.DATASET: manifest.uses.datasets,
        UseKind.PERMISSION: manifest.permissions,
        UseKind.SERVICE: manifest.uses.services,
        UseKind.PACKAGE: manifest.uses.packages,
    }


def _check_uses(manifest: Manifest, package: Package, folder: Folder) -> list[Invalid]:
    declared = _declared(manifest)
    found = [
        Invalid(
            f"{use.kind}_undeclared", UNDECLARED[use.kind], where=use.where,
            remedy="请在manifest.yaml的{place}中声明，或不再使用",
            params={"name": use.name, "place": DECLARED_IN[use.kind]},
        )
        for use in decisions.undeclared(declared, package.used)
    ]  # fmt: skip
    for kind, name in decisions.unneeded(declared, package.used):
        place = DECLARED_IN[kind].split(".")
        line = folder.line_of(MANIFEST, *place, declared[kind].index(name))
        found.append(
            Invalid(
                f"{kind}_unneeded", "声明了“{name}”，但没有用到", where=f"{MANIFEST}:{line}",
                remedy="请删去：应用包只要它用到的", params={"name": name},
            )
        )  # fmt: skip
    return found
