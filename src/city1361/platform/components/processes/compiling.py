"""`compile_process`: from a BPMN file to what is run, or to a list of all that is wrong with it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from lxml import etree

from city1361.platform.components.processes.bpmn.checking import check
from city1361.platform.components.processes.bpmn.drawing import check_drawing
from city1361.platform.components.processes.bpmn.elements import Drawn, gather, refuse
from city1361.platform.components.processes.bpmn.events import Names
from city1361.platform.components.processes.bpmn.findings import Findings, TooMuch
from city1361.platform.components.processes.bpmn.foreign import check_names
from city1361.platform.components.processes.bpmn.typing import Typing
from city1361.platform.components.processes.bpmn.words import BPMN, NOTES, TOP
from city1361.platform.components.processes.decision_tables import Table
from city1361.platform.components.processes.definition import Compiled, sealed
from city1361.platform.components.processes.reading import line_of, local, read, space
from city1361.platform.components.processes.reading import refuse as refused
from city1361.platform.components.processes.terms import ProcessRefused, Trigger

Resolver = Callable[[str], Compiled | None]
Tables = Mapping[str, Table]
DECISION = "decision:"  # before the name of a table, where a service task asks one
DEEPEST_CALL = 8
MOST_CALLED = 4_000  # elements of all called processes together


@dataclass
class Draft:
    """A file that has been read and gathered, not yet typed."""

    drawn: Drawn
    findings: Findings


def compile_process(
    xml: bytes,
    *,
    schema: Mapping[str, str] | None = None,
    called: Resolver | None = None,
    tables: Tables | None = None,
) -> Compiled:
    """What is run, compiled once per version. `called` finds published processes, `tables` are those its service tasks may
    ask. Raises ProcessRefused."""
    return _finish(_draft(xml), schema or {}, called or (lambda key: None), tables or {})


def compile_processes(
    files: Mapping[str, tuple[bytes, Mapping[str, str]]], *, called: Resolver | None = None
) -> dict[str, Compiled]:
    """Several files that may call one another, by the names of the files. Raises ProcessRefused for the first bad one."""
    drafts = {name: _draft(xml) for name, (xml, _) in files.items()}
    by_key = {draft.drawn.key: name for name, draft in drafts.items()}
    made: dict[str, Compiled] = {}

    def resolve(key: str) -> Compiled | None:
        return made.get(by_key[key]) if key in by_key else called(key) if called else None

    waiting = dict(drafts)
    while waiting:
        ready = [
            name
            for name, draft in waiting.items()
            if not any(by_key.get(key) in waiting for key in draft.drawn.calls.values())
        ]
        if not ready:
            raise _circle(next(iter(waiting.values())))
        for name in ready:
            made[name] = _finish(waiting.pop(name), files[name][1], resolve, {})
    return {name: made[name] for name in files}


def _circle(draft: Draft) -> ProcessRefused:
    element = next(iter(draft.drawn.calls))
    remedy = "Let a process call only what does not call it back."
    line = draft.drawn.lines.get(element, 0)
    return refused("call_cycle", "the processes call one another in a circle", remedy, element=element, line=line)


def _draft(xml: bytes) -> Draft:
    """Read, name by name; gather; check that it can be run and is drawn."""
    root = read(xml)
    findings = Findings()
    try:
        if root.tag != f"{{{BPMN}}}definitions":
            raise refused("not_bpmn", "the file is no BPMN 2.0", "Export it as BPMN 2.0.", line=line_of(root))
        check_names(root, findings)
        process = _process(root, findings)
        drawn = gather(process, Names.of(root), findings) if process is not None else Drawn()
        if process is not None and not findings.found:
            check(drawn, findings)
            check_drawing(root, drawn.elements.values(), drawn.flows.values(), drawn.lines, findings)
    except TooMuch:
        pass
    findings.refuse()
    return Draft(drawn, findings)


def _process(root: etree._Element, findings: Findings) -> etree._Element | None:
    """The one process of the file."""
    for node in root:
        if isinstance(node.tag, str) and space(node) == BPMN and local(node) not in TOP:
            refuse(node, str(node.get("id", "")), findings)
    for node in root.iterfind(f"{{{BPMN}}}collaboration/*"):
        if local(node) not in {"participant", *NOTES}:
            refuse(node, str(node.get("id", "")), findings)
    processes = root.findall(f"{{{BPMN}}}process")
    if len(processes) != 1:
        line = line_of(processes[1]) if len(processes) > 1 else 0
        findings.add("process", line, "", f"the file holds {len(processes)} processes", "Keep one process in a file.")
        return None
    if processes[0].get("isExecutable", "true") != "true":
        own = str(processes[0].get("id", ""))
        findings.add("process", processes[0], own, "the process is not executable", 'Set isExecutable="true".')
    if not processes[0].get("id"):
        findings.add("id", processes[0], "", "the process has no id", "Give it its key as id.")
    return processes[0]


def _finish(draft: Draft, schema: Mapping[str, str], resolve: Resolver, tables: Tables) -> Compiled:
    """Bind what is called and asked, type every expression, seal."""
    drawn, findings = draft.drawn, draft.findings
    try:
        called = _bind(drawn, resolve, findings)
        asked = _asked(drawn, tables, findings)
        findings.refuse()
        compiled = Compiled(
            drawn.key,
            drawn.name,
            MappingProxyType(dict(schema)),
            MappingProxyType(drawn.elements),
            MappingProxyType(drawn.flows),
            MappingProxyType(called),
            decisions=MappingProxyType(asked),
        )
        compiled = replace(compiled, elements=MappingProxyType(Typing(compiled, findings).check()))
    except TooMuch:
        pass
    findings.refuse()
    return sealed(compiled)


def _asked(drawn: Drawn, tables: Tables, findings: Findings) -> dict[str, Table]:
    """The tables that service tasks ask, each with everything that it must be told."""
    found: dict[str, Table] = {}
    for one in drawn.elements.values():
        if not one.service.startswith(DECISION):
            continue
        table = tables.get(one.service.removeprefix(DECISION))
        if table is None:
            findings.add("decision", one.line, one.id, "there is no such decision table", "Declare it.")
            continue
        told = {pair.target for pair in one.inputs}
        for name in sorted(set(table.schema) ^ told):
            message = f"{name} is not told" if name in table.schema else f"the table does not ask {name[:60]}"
            findings.add("decision", one.line, one.id, message, "Tell the table exactly what it asks.")
        if one.boundaries:
            findings.add("decision", one.line, one.id, "a table decides at once", "Remove what waits at its edge.")
        found[one.service] = table
    return found


def _bind(drawn: Drawn, resolve: Resolver, findings: Findings) -> dict[str, Compiled]:
    """Every process that can be reached, each once. Circles, depth and size have their limits."""
    found: dict[str, Compiled] = {}
    for name, key in drawn.calls.items():
        line = drawn.lines.get(name, 0)
        inner = None if key == drawn.key else resolve(key)
        if key == drawn.key or (inner and drawn.key in {one.key for one in inner.called.values()}):
            findings.add("call_cycle", line, name, "the process would call itself", "Draw the loop with a flow.")
        elif inner is None:
            findings.add("call", line, name, f"there is no process {key[:100]!r}", "Publish it first.")
        elif not any(one.trigger is Trigger.NONE for one in inner.starts):
            findings.add("call", line, name, f"{key[:100]!r} does not begin plainly", "Give it a plain start event.")
        else:
            drawn.elements[name] = replace(drawn.elements[name], called=inner.reference)
            found.update(inner.called)
            found[inner.reference] = replace(inner, called=MappingProxyType({}))
    if sum(len(one.elements) for one in found.values()) > MOST_CALLED:
        findings.add("too_many", 0, drawn.key, "what it calls is too large altogether", "Call less.")
    if _depth(drawn, found) > DEEPEST_CALL:
        findings.add("too_deep", 0, drawn.key, f"calls are nested more than {DEEPEST_CALL} deep", "Flatten them.")
    return found


def _depth(drawn: Drawn, found: Mapping[str, Compiled]) -> int:
    """How deep calls are nested; what is found holds no circle."""
    level, depth = {one.called for one in drawn.elements.values() if one.called in found}, 0
    while level and depth <= DEEPEST_CALL:
        depth += 1
        level = {one.called for name in level for one in found[name].elements.values() if one.called in found}
    return depth
