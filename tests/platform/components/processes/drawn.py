"""Diagrams for tests: written as plain BPMN, the drawing added."""

from __future__ import annotations

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<definitions xmlns="{BPMN}" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:city="https://city1361.org/bpmn/1"'
    ' id="definitions" targetNamespace="https://city1361.org/test"{more}>\n'
)
DRAWN = frozenset(
    [
        "startEvent",
        "endEvent",
        "userTask",
        "manualTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "exclusiveGateway",
        "parallelGateway",
        "eventBasedGateway",
        "boundaryEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "callActivity",
        "subProcess",
    ]
)


def draw(body: str, *, key: str = "p", top: str = "", more: str = "") -> bytes:
    """A whole file around the body of one process, with a shape or a line for everything in it."""
    head = HEAD.replace("{more}", more)
    process = f'<process id="{key}" name="{key}" isExecutable="true">\n{body}\n</process>\n'
    tree = etree.fromstring((head + process + "</definitions>").encode())
    places = []
    for number, node in enumerate(tree.iter(f"{{{BPMN}}}*")):
        name, own = node.tag.rpartition("}")[2], node.get("id")
        if name in DRAWN:
            places.append(
                f'<bpmndi:BPMNShape id="di_{own}" bpmnElement="{own}">'
                f'<dc:Bounds x="{number * 10}" y="100" width="100" height="80"/></bpmndi:BPMNShape>'
            )
        elif name == "sequenceFlow":
            places.append(
                f'<bpmndi:BPMNEdge id="di_{own}" bpmnElement="{own}">'
                f'<di:waypoint x="{number}" y="1"/><di:waypoint x="{number + 9}" y="1"/></bpmndi:BPMNEdge>'
            )
    drawing = f'<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="pl" bpmnElement="{key}">{"".join(places)}'
    return (head + top + process + drawing + "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></definitions>").encode()


def flows(text: str) -> str:
    """Arrows from lines such as `a -> b`, `g -> c: level > 1`; their ids are `a_b`."""
    made = []
    for line in filter(None, (one.strip() for one in text.replace(";", "\n").splitlines())):
        way, _, condition = line.partition(":")
        source, target = (one.strip() for one in way.split("->"))
        condition = condition.strip().replace("&", "&amp;").replace("<", "&lt;")
        inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
        made.append(
            f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'
        )
    return "\n".join(made)
