"""The decision tables of an application package: `decisions/<name>.dmn`, declared in `processes.yaml` with what they ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from city1361.base.kernel.package import Package, UseKind
from city1361.platform.assurance.standards.instance.api import Declaration, Folder
from city1361.platform.components.processes import decisions, wording
from city1361.platform.components.processes.decision_tables import Table
from city1361.platform.components.processes.terms import Finding, ProcessRefused

TABLES = "decisions/*.dmn"
MOST_FINDINGS = 20


class DeclaredTable(Declaration):
    """One table: its title and the variables its columns ask, with their types."""

    title: str = Field(min_length=1, max_length=150)
    variables: dict[str, str] = Field(min_length=1, max_length=20)


def check(folder: Folder, package: Package, declared: Mapping[str, DeclaredTable], file: str) -> dict[str, Table]:
    """The tables that are whole; what is wrong with the others is a fault with the line of the row."""
    drawn = {name.removeprefix("decisions/").removesuffix(".dmn"): name for name in package.files(TABLES)}
    for name, path in drawn.items():
        package.use(UseKind.COMPONENT, "processes", f"{path}:1")
        if name not in declared:
            folder.fault("table_undeclared", "决策表没有在processes.yaml中声明", path, 1, remedy="请补充声明或删除文件")
    for name in declared:
        if name not in drawn:
            folder.fault("table_missing", "决策表“{name}”没有文件", file, folder.line_of(file, "decisions", name), remedy="请补充decisions/{name}.dmn", name=name[:60])  # fmt: skip
    made = {}
    for name in drawn.keys() & declared.keys():
        table = _table(folder, package, name, declared[name])
        if table is not None:
            made[name] = table
    return made


def _table(folder: Folder, package: Package, name: str, declared: DeclaredTable) -> Table | None:
    path = f"decisions/{name}.dmn"
    try:
        table = decisions.load_table((package.path / path).read_bytes(), declared.variables)
    except ProcessRefused as refused:
        for one in refused.findings[:MOST_FINDINGS]:
            _fault(folder, path, one)
        return None
    if table.key != name:
        folder.fault("table_key", "决策表的编号是“{found}”，应与文件同名", path, 1, remedy="请修改decision元素的id", found=table.key[:60])  # fmt: skip
    last = max(rule.line for rule in table.rules)
    for hole in table.holes:
        said = "，".join(f"{column} = {value}" for column, value in hole.items())
        _fault(folder, path, Finding(name, last, "hole", said, ""))
    return table


def _fault(folder: Folder, path: str, finding: Finding) -> None:
    sentence, remedy, params = wording.of_finding(finding)
    folder.fault(f"table_{finding.code}", sentence, path, finding.line, remedy=remedy, **params)


def check_asked(folder: Folder, declared: Mapping[str, DeclaredTable], asked: set[str], file: str) -> None:
    """A table that no process asks decides nothing."""
    for name in sorted(set(declared) - asked):
        folder.fault("table_unasked", "没有流程询问决策表“{name}”", file, folder.line_of(file, "decisions", name), remedy="请用服务任务decision:{name}询问，或删除", name=name[:60])  # fmt: skip


def load(package: Package, declared: Mapping[str, DeclaredTable]) -> dict[str, Table]:
    """The tables of a package that has been checked."""
    made: dict[str, Any] = {}
    for name, one in declared.items():
        made[name] = decisions.load_table((package.path / "decisions" / f"{name}.dmn").read_bytes(), one.variables)
    return made
