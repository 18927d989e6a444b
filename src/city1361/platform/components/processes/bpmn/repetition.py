"""How often an activity is done."""

from __future__ import annotations

from lxml import etree

from city1361.platform.components.processes.bpmn.extensions import Extensions
from city1361.platform.components.processes.bpmn.findings import Findings
from city1361.platform.components.processes.bpmn.words import BPMN
from city1361.platform.components.processes.definition import Several
from city1361.platform.components.processes.reading import local, space, text_of
from city1361.platform.components.processes.values import NAME, RESERVED

INSIDE = {
    "multiInstanceLoopCharacteristics": {"loopCardinality", "completionCondition", "documentation"},
    "standardLoopCharacteristics": {"loopCondition", "documentation"},
}
MOST_ROUNDS = 500


def several_of(
    node: etree._Element, extensions: Extensions, owner: str, findings: Findings
) -> tuple[Several | None, dict[str, str]]:
    """How often, and the variables that only one of the instances knows. The type of the item is filled in later."""
    kind = local(node)
    for inner in node:
        if isinstance(inner.tag, str) and space(inner) == BPMN and local(inner) not in INSIDE[kind]:
            message = f"{local(inner)} is not run"
            findings.add("refused", inner, owner, message, "Use city:several collection, item, collect and into.")
    known = {"loop_counter": "int", **extensions.local()}
    for name in known:
        if not NAME.fullmatch(name) or name in RESERVED:
            findings.add("name", node, owner, f"{name[:60]!r} cannot name a variable", "Use small letters and _.")
    if kind == "standardLoopCharacteristics":
        return _loop(node, owner, findings), known
    several = Several(
        sequential=node.get("isSequential") == "true",
        collection=extensions.attribute("several", "collection"),
        item=extensions.attribute("several", "item"),
        cardinality=text_of(node.find(f"{{{BPMN}}}loopCardinality")),
        until=text_of(node.find(f"{{{BPMN}}}completionCondition")),
        collect=extensions.attribute("several", "collect"),
        into=extensions.attribute("several", "into"),
    )
    if bool(several.collection) == bool(several.cardinality):
        remedy = "Give city:several a collection, or a loopCardinality."
        findings.add("several", node, owner, "it must be said once how often it is done", remedy)
    if several.item and not several.collection:
        findings.add("several", node, owner, "an item needs a collection", "Give city:several a collection.")
    if bool(several.collect) != bool(several.into):
        findings.add("several", node, owner, "collect and into belong together", "Give both or none.")
    if several.item:
        known = {several.item: "dyn", **known}
    return several, known


def _loop(node: etree._Element, owner: str, findings: Findings) -> Several | None:
    again = text_of(node.find(f"{{{BPMN}}}loopCondition"))
    if not again:
        findings.add("several", node, owner, "a loop needs a condition", "Add a loopCondition.")
        return None
    text = str(node.get("loopMaximum", "0"))
    if not text.isascii() or not text.isdigit() or int(text[:9]) > MOST_ROUNDS:
        findings.add("several", node, owner, f"loopMaximum is 0 to {MOST_ROUNDS}", "Write a smaller number.")
        return None
    return Several(True, again=again, test_before=node.get("testBefore") == "true", maximum=int(text) or MOST_ROUNDS)
