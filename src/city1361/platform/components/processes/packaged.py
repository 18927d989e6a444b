"""The processes of an application package: `processes.yaml` names them and their variables, `processes/` draws them,
`decisions/` holds the tables that they ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from city1361.base.kernel.by import By
from city1361.base.kernel.package import Package, UseKind
from city1361.platform.assurance.standards.instance.api import Declaration, Folder
from city1361.platform.components.processes import decisions, packaged_tables, publishing, wording
from city1361.platform.components.processes.compiling import DECISION
from city1361.platform.components.processes.decision_tables import Table
from city1361.platform.components.processes.definition import Compiled
from city1361.platform.components.processes.models import ProcessDefinition
from city1361.platform.components.processes.terms import ElementKind, ProcessRefused

FILE = "processes.yaml"
DRAWINGS = "processes/*.bpmn"
FILES = (FILE, DRAWINGS, packaged_tables.TABLES)
MOST_FINDINGS = 20
LOADED = "流程{made}个，停用{ended}个"
WITHDRAWN = "停用流程{ended}个"


class DeclaredProcess(Declaration):
    """One process: its title and the variables its conditions know, with their types."""

    title: str = Field(min_length=1, max_length=150)
    variables: dict[str, str] = Field(default_factory=dict)


class DeclaredProcesses(Declaration):
    """The file: processes by their key, which is the name of their drawing and its id; decision tables by theirs."""

    processes: dict[str, DeclaredProcess]
    decisions: dict[str, packaged_tables.DeclaredTable] = Field(default_factory=dict, max_length=50)


def check(package: Package) -> list[Any]:
    """Everything wrong with the processes of a package, by file and line."""
    folder = Folder(package.path)
    read = _read(folder, package)
    declared = read.processes
    drawings = {file.removeprefix("processes/").removesuffix(".bpmn"): file for file in package.files(DRAWINGS)}
    for name, file in drawings.items():
        package.use(UseKind.COMPONENT, "processes", f"{file}:1")
        if name not in declared:
            folder.fault(
                "process_undeclared", "流程图没有在processes.yaml中声明", file, 1, remedy="请补充声明或删除文件"
            )
    for name in declared:
        if name not in drawings:
            folder.fault("process_undrawn", "流程“{name}”没有流程图", FILE, folder.line_of(FILE, "processes", name), remedy="请补充processes/{name}.bpmn", name=name)  # fmt: skip
    tables = packaged_tables.check(folder, package, read.decisions, FILE)
    if not folder.problems:
        asked = _check_drawings(folder, package, declared, tables)
        packaged_tables.check_asked(folder, read.decisions, asked, FILE)
    return folder.problems


def load(package: Package, by: By) -> str:
    """Publish what the package draws, called processes before those that call them, and end what it draws no more."""
    folder = Folder(package.path)
    read = _read(folder, package)
    declared, tables = read.processes, packaged_tables.load(package, read.decisions)
    made, _ = compile_all(_sources(package, declared), tables)
    for name in made:
        publishing.process_publish(
            by=by,
            key=name,
            xml=_xml(package, name),
            schema=declared[name].variables,
            title=declared[name].title,
            package=package.id,
            tables=tables,
        )
    ended = _end(package.id, by, keep=set(declared))
    return LOADED.format(made=len(declared), ended=ended) if declared or ended else ""


def withdraw(package: str, by: By) -> str:
    """End every process of a package."""
    return WITHDRAWN.format(ended=_end(package, by, keep=set()))


def _end(package: str, by: By, *, keep: set[str]) -> int:
    gone = ProcessDefinition.objects.filter(package=package, withdrawn_at=None).exclude(key__in=keep)
    keys = list(gone.values_list("key", flat=True))
    for key in keys:
        publishing.process_withdraw(by=by, key=key)
    return len(keys)


def _read(folder: Folder, package: Package) -> DeclaredProcesses:
    read = folder.declaration(DeclaredProcesses, FILE) if package.files(FILE) else None
    return read or DeclaredProcesses(processes={})


def _xml(package: Package, name: str) -> bytes:
    return (package.path / "processes" / f"{name}.bpmn").read_bytes()


def _sources(package: Package, declared: dict[str, DeclaredProcess]) -> dict[str, tuple[bytes, dict[str, str]]]:
    return {name: (_xml(package, name), one.variables) for name, one in declared.items()}


def compile_all(
    sources: dict[str, tuple[bytes, dict[str, str]]], tables: Mapping[str, Table] | None = None
) -> tuple[dict[str, Compiled], dict[str, ProcessRefused]]:
    """Processes that may call one another: those that compile, called ones first, and why the others do not."""
    made: dict[str, Compiled] = {}
    refused: dict[str, ProcessRefused] = {}
    before = -1
    while before < len(made) < len(sources):
        before = len(made)
        for name, (xml, schema) in sources.items():
            if name in made:
                continue
            try:
                made[name] = decisions.compile_process(xml, schema=schema, called=made.get, tables=tables)
                refused.pop(name, None)
            except ProcessRefused as why:
                refused[name] = why
    return made, refused


def _check_drawings(
    folder: Folder, package: Package, declared: dict[str, DeclaredProcess], tables: Mapping[str, Table]
) -> set[str]:
    """The tables that are asked."""
    made, refused = compile_all(_sources(package, declared), tables)
    for name, why in refused.items():
        for one in why.findings[:MOST_FINDINGS]:
            sentence, remedy, params = wording.of_finding(one)
            folder.fault(f"process_{one.code}", sentence, f"processes/{name}.bpmn", one.line, remedy=remedy, **params)
    for name, compiled in made.items():
        file = f"processes/{name}.bpmn"
        if compiled.key != name:
            folder.fault("process_key", "流程图的编号是“{found}”，应与文件同名", file, 1, remedy="请修改process元素的id", found=compiled.key[:60])  # fmt: skip
        for element in compiled.elements.values():
            if element.kind is ElementKind.SERVICE_TASK and not element.service.startswith(DECISION):
                package.use(UseKind.SERVICE, element.service, f"{file}:{element.line}")
    return {name.removeprefix(DECISION) for compiled in made.values() for name in compiled.decisions}
