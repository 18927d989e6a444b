"""Every element that is run can be seen: the diagram interchange holds a shape or a line for each."""

from __future__ import annotations

import math
from collections.abc import Iterable

from lxml import etree

from city1361.platform.components.processes.bpmn.findings import Findings
from city1361.platform.components.processes.bpmn.words import DC, DD, DI
from city1361.platform.components.processes.definition import Element, Flow

FARTHEST = 1_000_000.0
REMEDY = "Open the file in a BPMN editor, place the element and save it again."


def check_drawing(
    root: etree._Element, elements: Iterable[Element], flows: Iterable[Flow], lines: dict[str, int], findings: Findings
) -> None:
    """A missing or impossible place is a finding."""
    shapes = {str(shape.get("bpmnElement", "")): shape for shape in root.iter(f"{{{DI}}}BPMNShape")}
    edges = {str(edge.get("bpmnElement", "")): edge for edge in root.iter(f"{{{DI}}}BPMNEdge")}
    for element in elements:
        shape = shapes.get(element.id)
        bounds = shape.find(f"{{{DC}}}Bounds") if shape is not None else None
        if bounds is None:
            findings.add("not_drawn", element.line, element.id, "the element is not drawn", REMEDY)
        elif not all(_number(bounds.get(name)) for name in ("x", "y", "width", "height")):
            findings.add("not_drawn", bounds, element.id, "the element is drawn nowhere", REMEDY)
    for flow in flows:
        edge = edges.get(flow.id)
        points = edge.findall(f"{{{DD}}}waypoint") if edge is not None else []
        if len(points) < 2:
            findings.add("not_drawn", lines.get(flow.id, 0), flow.id, "the flow is not drawn", REMEDY)
        elif not all(_number(point.get("x")) and _number(point.get("y")) for point in points):
            findings.add("not_drawn", points[0], flow.id, "the flow is drawn nowhere", REMEDY)


def _number(text: str | None) -> bool:
    try:
        number = float(text or "")
    except ValueError:
        return False
    return math.isfinite(number) and abs(number) <= FARTHEST
