"""From the nodes of a file to elements and flows. What is not run is refused here, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from city1361.platform.components.processes.bpmn import events
from city1361.platform.components.processes.bpmn.extensions import Extensions
from city1361.platform.components.processes.bpmn.findings import Findings
from city1361.platform.components.processes.bpmn.repetition import several_of
from city1361.platform.components.processes.bpmn.words import BPMN, DEFINITIONS, INSIDE_NODE, NODES, NOTES, REASONS
from city1361.platform.components.processes.definition import Element, Flow
from city1361.platform.components.processes.reading import line_of, local, space, text_of
from city1361.platform.components.processes.terms import ElementKind, Trigger

K = ElementKind
MOST_ELEMENTS = 2_000
MOST_FLOWS = 4_000
DEEPEST = 8
NONE: frozenset[str] = frozenset()
EXTENSIONS: dict[ElementKind, frozenset[str]] = {
    K.USER_TASK: frozenset({"task", "output"}),
    K.MANUAL_TASK: frozenset({"task", "output"}),
    K.SERVICE_TASK: frozenset({"service", "input", "output"}),
    K.SEND_TASK: frozenset({"message", "input", "output"}),
    K.RECEIVE_TASK: frozenset({"message", "output"}),
    K.CALL_ACTIVITY: frozenset({"input", "output"}),
    K.SUB_PROCESS: frozenset({"output"}),
    K.THROW_EVENT: frozenset({"message", "input", "output"}),
    K.END_EVENT: frozenset({"message", "input"}),
    K.CATCH_EVENT: frozenset({"message"}),
    K.BOUNDARY_EVENT: frozenset({"message"}),
}
INSIDE: dict[ElementKind, frozenset[str]] = {
    K.SUB_PROCESS: frozenset(NODES) | NOTES | {"sequenceFlow"},
}
LOOPS = frozenset({"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"})
EVENTS = frozenset({K.START_EVENT, K.END_EVENT, K.BOUNDARY_EVENT, K.CATCH_EVENT, K.THROW_EVENT})


@dataclass
class Drawn:
    """What a file holds, before it is checked as a whole."""

    key: str = ""
    name: str = ""
    elements: dict[str, Element] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    calls: dict[str, str] = field(default_factory=dict)  # element → key of the process it calls


def gather(process: etree._Element, names: events.Names, findings: Findings) -> Drawn:
    """Elements and flows of a process, sub-processes included."""
    drawn = Drawn(str(process.get("id", "")), str(process.get("name", "")))
    waiting: list[tuple[etree._Element, str, int]] = [(process, "", 0)]
    while waiting:
        container, parent, depth = waiting.pop()
        for node in _inside(container, process, findings):
            name = local(node)
            if name == "sequenceFlow":
                _take_flow(node, drawn, findings)
                continue
            element = _element(node, NODES[name], parent, names, findings)
            if _is_new(element.id, node, drawn, findings):
                drawn.elements[element.id] = element
            if element.called:
                drawn.calls[element.id] = element.called
            if element.kind is K.SUB_PROCESS:
                if depth + 1 > DEEPEST:
                    findings.add("too_deep", node, element.id, f"nested more than {DEEPEST} deep", "Call a process.")
                else:
                    waiting.append((node, element.id, depth + 1))
        if len(drawn.elements) > MOST_ELEMENTS or len(drawn.flows) > MOST_FLOWS:
            findings.add("too_many", container, drawn.key, f"more than {MOST_ELEMENTS} elements", "Call a process.")
            break
    _connect(drawn, findings)
    return drawn


def _inside(container: etree._Element, process: etree._Element, findings: Findings) -> Iterator[etree._Element]:
    """The nodes and flows in a process or sub-process; everything else in it is refused or a note."""
    ways = INSIDE_NODE | LOOPS if container is not process else NONE
    for node in container:
        if not isinstance(node.tag, str) or space(node) != BPMN:
            continue
        name = local(node)
        if name in NODES or name == "sequenceFlow":
            yield node
        elif name not in NOTES and name not in ways:
            refuse(node, str(node.get("id", "")), findings)


def refuse(node: etree._Element, owner: str, findings: Findings) -> None:
    name = local(node)
    reason, remedy = REASONS.get(name, (f"{name} is not run", "Remove it, or draw it with accepted elements."))
    findings.add("refused", node, owner, reason, remedy)


def _is_new(name: str, node: etree._Element, drawn: Drawn, findings: Findings) -> bool:
    if not name:
        findings.add("id", node, "", f"a {local(node)} without an id", "Give it an id.")
        return False
    if name in drawn.elements or name in drawn.flows:
        findings.add("id", node, name, "the id stands twice", "Give each element an id of its own.")
        return False
    drawn.lines[name] = line_of(node)
    return True


def _take_flow(node: etree._Element, drawn: Drawn, findings: Findings) -> None:
    flow = Flow(
        str(node.get("id", "")),
        str(node.get("sourceRef", "")),
        str(node.get("targetRef", "")),
        str(node.get("name", "")),
        text_of(node.find(f"{{{BPMN}}}conditionExpression")),
    )
    for inner in node:
        if isinstance(inner.tag, str) and space(inner) == BPMN and local(inner) not in {"conditionExpression", *NOTES}:
            refuse(inner, flow.id, findings)
    if _is_new(flow.id, node, drawn, findings):
        drawn.flows[flow.id] = flow


def _element(node: etree._Element, kind: ElementKind, parent: str, names: events.Names, findings: Findings) -> Element:
    own = str(node.get("id", ""))
    extensions = Extensions(node, own, findings)
    extensions.only(EXTENSIONS.get(kind, NONE) | ({"several", "local"} if _loop(node) is not None else NONE))
    _check_inside(node, kind, own, findings)
    element = Element(
        own,
        kind,
        str(node.get("name", ""))[:300],
        line_of(node),
        parent,
        default=str(node.get("default", "")),
        attached=str(node.get("attachedToRef", "")) if kind is K.BOUNDARY_EVENT else "",
        interrupting=node.get("cancelActivity", "true") != "false",
        correlation=extensions.attribute("message", "correlation"),
        service=extensions.attribute("service", "name"),
        inputs=extensions.mapped("input"),
        outputs=extensions.mapped("output"),
        task=extensions.task(),
        called=str(node.get("calledElement", "")).strip() if kind is K.CALL_ACTIVITY else "",
    )
    if kind in EVENTS:
        element = events.with_trigger(element, node, names, findings)
    elif kind in (K.SEND_TASK, K.RECEIVE_TASK):
        element = replace(element, message=names.message(node, own, findings))
    loop = _loop(node)
    if loop is not None:
        several, known = several_of(loop, extensions, own, findings)
        element = replace(element, several=several, local=known)
    return element


def _loop(node: etree._Element) -> etree._Element | None:
    return next((one for one in node if isinstance(one.tag, str) and local(one) in LOOPS and space(one) == BPMN), None)


def _check_inside(node: etree._Element, kind: ElementKind, own: str, findings: Findings) -> None:
    """A node holds its flows, its notes and what its kind allows."""
    if kind is K.SUB_PROCESS:
        return
    allowed = INSIDE_NODE
    if kind in EVENTS:
        allowed = allowed | DEFINITIONS
    elif kind in EXTENSIONS:
        allowed = allowed | LOOPS
    for inner in node:
        if isinstance(inner.tag, str) and space(inner) == BPMN and local(inner) not in allowed:
            refuse(inner, own, findings)


def _connect(drawn: Drawn, findings: Findings) -> None:
    """Give each element its ways in and out, its edges and where it begins inside."""
    incoming: dict[str, list[str]] = {name: [] for name in drawn.elements}
    outgoing: dict[str, list[str]] = {name: [] for name in drawn.elements}
    for flow in drawn.flows.values():
        ends = drawn.elements.get(flow.source), drawn.elements.get(flow.target)
        if ends[0] is None or ends[1] is None:
            line = drawn.lines[flow.id]
            findings.add("loose_flow", line, flow.id, "the flow leads from or to nothing", "Draw it again.")
        elif ends[0].parent != ends[1].parent:
            line = drawn.lines[flow.id]
            findings.add("crossing", line, flow.id, "the flow crosses the edge of a sub-process", "End it inside.")
        else:
            outgoing[flow.source].append(flow.id)
            incoming[flow.target].append(flow.id)
    boundaries: dict[str, list[str]] = {}
    starts: dict[str, str] = {}
    for element in drawn.elements.values():
        if element.attached:
            boundaries.setdefault(element.attached, []).append(element.id)
        if element.kind is K.START_EVENT and element.parent and element.trigger is Trigger.NONE:
            starts[element.parent] = element.id
    for name, element in drawn.elements.items():
        drawn.elements[name] = replace(
            element,
            incoming=tuple(incoming[name]),
            outgoing=tuple(outgoing[name]),
            boundaries=tuple(boundaries.get(name, ())),
            start=starts.get(name, ""),
        )
