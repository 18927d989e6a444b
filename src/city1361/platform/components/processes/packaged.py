"""The processes of an application package: `processes.yaml` names them and their variables, `processes/` draws them."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from city1361.base.kernel.by import By
from city1361.base.kernel.package import Package, UseKind
from city1361.platform.assurance.standards.instance.api import Declaration, Folder
from city1361.platform.components.processes import decisions, publishing, wording
from city1361.platform.components.processes.definition import Compiled
from city1361.platform.components.processes.models import ProcessDefinition
from city1361.platform.components.processes.terms import ElementKind, ProcessRefused

FILE = "processes.yaml"
DRAWINGS = "processes/*.bpmn"
FILES = (FILE, DRAWINGS)
MOST_FINDINGS = 20
LOADED = "流程{made}个，停用{ended}个"
WITHDRAWN = "停用流程{ended}个"


class DeclaredProcess(Declaration):
    """One process: its title and the variables its conditions know, with their types."""

    title: str = Field(min_length=1, max_length=150)
    variables: dict[str, str] = Field(default_factory=dict)


class DeclaredProcesses(Declaration):
    """The file: processes by their key, which is the name of their drawing and its id."""

    processes: dict[str, DeclaredProcess]


def check(package: Package) -> list[Any]:
    """Everything wrong with the processes of a package, by file and line."""
    folder = Folder(package.path)
    declared = _declared(folder, package)
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
    if not folder.problems:
        _check_drawings(folder, package, declared)
    return folder.problems


def load(package: Package, by: By) -> str:
    """Publish what the package draws, called processes before those that call them, and end what it draws no more."""
    folder = Folder(package.path)
    declared = _declared(folder, package)
    made, _ = compile_all(_sources(package, declared))
    for name in made:
        publishing.process_publish(
            by=by,
            key=name,
            xml=_xml(package, name),
            schema=declared[name].variables,
            title=declared[name].title,
            package=package.id,
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


def _declared(folder: Folder, package: Package) -> dict[str, DeclaredProcess]:
    if not package.files(FILE):
        return {}
    read = folder.declaration(DeclaredProcesses, FILE)
    return read.processes if read else {}


def _xml(package: Package, name: str) -> bytes:
    return (package.path / "processes" / f"{name}.bpmn").read_bytes()


def _sources(package: Package, declared: dict[str, DeclaredProcess]) -> dict[str, tuple[bytes, dict[str, str]]]:
    return {name: (_xml(package, name), one.variables) for name, one in declared.items()}


def compile_all(
    sources: dict[str, tuple[bytes, dict[str, str]]],
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
                made[name] = decisions.compile_process(xml, schema=schema, called=made.get)
                refused.pop(name, None)
            except ProcessRefused as why:
                refused[name] = why
    return made, refused


def _check_drawings(folder: Folder, package: Package, declared: dict[str, DeclaredProcess]) -> None:
    made, refused = compile_all(_sources(package, declared))
    for name, why in refused.items():
        for one in why.findings[:MOST_FINDINGS]:
            sentence, remedy, params = wording.of_finding(one)
            folder.fault(f"process_{one.code}", sentence, f"processes/{name}.bpmn", one.line, remedy=remedy, **params)
    for name, compiled in made.items():
        file = f"processes/{name}.bpmn"
        if compiled.key != name:
            folder.fault("process_key", "流程图的编号是“{found}”，应与文件同名", file, 1, remedy="请修改process元素的id", found=compiled.key[:60])  # fmt: skip
        for element in compiled.elements.values():
            if element.kind is ElementKind.SERVICE_TASK:
                package.use(UseKind.SERVICE, element.service, f"{file}:{element.line}")
