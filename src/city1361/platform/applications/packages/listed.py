"""The packages that the instance folder lists: the city has accepted what they ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Invalid, Missing
from city1361.platform.applications.packages import actions, checking, decisions, sources
from city1361.platform.applications.packages.enclosure import BrokenPackage, enclosed
from city1361.platform.assurance.standards.instance.api import Folder, declaration, report

FILE = "instance.yaml"


def listed(path: Path) -> dict[str, Path]:
    """Where each package of the instance folder lies, by id, in the order of the list. Raises Missing."""
    return {name: sources.locate(name) for name in declaration(path).packages}


def check(path: Path) -> list[Any]:
    """Every package of the list is there and whole, and those it uses are listed too."""
    folder = Folder(path)
    folder.yaml(FILE)
    names, uses = declaration(path).packages, {}
    for i, name in enumerate(names):
        line = folder.line_of(FILE, "packages", i)
        try:
            with checking.opened(sources.locate(name)) as found:
                uses[name] = found.manifest.uses.packages
                folder.problems += [_in_package(name, problem) for problem in found.problems]
        except Missing as missing:
            folder.fault("package_missing", missing.message, FILE, line, remedy=missing.remedy, **missing.params)
        except BrokenPackage as broken:
            folder.problems += [_in_package(name, problem) for problem in broken.problems]
        if names.index(name) != i:
            folder.fault("package_twice", "应用包“{name}”登记了两次", FILE, line, remedy="只保留一条", name=name)
    _check_uses(folder, names, uses)
    return folder.problems


def _check_uses(folder: Folder, names: list[str], uses: dict[str, list[str]]) -> None:
    for name, used in uses.items():
        for lacking in sorted(set(used) - set(names)):
            folder.fault(
                "package_lacking", "“{name}”需要应用包“{lacking}”", FILE,
                folder.line_of(FILE, "packages", names.index(name)),
                remedy="请同时登记它", name=name, lacking=lacking,
            )  # fmt: skip
    try:
        decisions.in_order(uses)
    except decisions.CycleOfUses as cycle:
        folder.fault(
            "uses_in_a_circle", "应用包互相使用：{circle}", FILE, folder.line_of(FILE, "packages"),
            remedy="请去掉其中一处使用", circle=str(cycle),
        )  # fmt: skip


def _in_package(name: str, problem: Any) -> Invalid:
    where = f"{name}/{problem.where}"
    return Invalid(problem.code, problem.message, where=where, remedy=problem.remedy, params=problem.params)


def load(path: Path) -> str:
    """Install each package of the list in the caller's transaction, those it uses first."""
    found = listed(path)
    by, changed = By.system("实例载入", channel="command"), 0
    uses, asks = {}, {}
    for name, source in found.items():
        with checking.opened(source) as checked:
            uses[name], asks[name] = checked.manifest.uses.packages, checked.manifest.permissions
    for i, name in enumerate(decisions.in_order(uses)):
        report("安装应用包", i, len(uses))
        place = (list(found).index(name) + 1) * 10
        done = actions.package_install(by=by, source=found[name], accepted=asks[name], place=place)
        changed += done.changed
    report("安装应用包", len(uses), len(uses))
    return f"应用包{len(found)}个，安装或更新{changed}个"


def digest(path: Path) -> str:
    """What tells this list, and the files of its packages, from another."""
    parts = []
    for name, source in listed(path).items():
        with enclosed(source) as copy:
            parts.append(f"{name} {copy.digest}")
    return "\n".join(parts)
