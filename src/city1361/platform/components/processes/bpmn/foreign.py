"""Every element and attribute of a file has a name we know, is only drawing, or is refused."""

from __future__ import annotations

from lxml import etree

from city1361.platform.components.processes.bpmn.findings import Findings
from city1361.platform.components.processes.bpmn.words import (
    ATTRIBUTES,
    BPMN,
    CITY,
    DEFINITIONS,
    DRAWING_SPACES,
    ENGINES,
    EXECUTABLE_NAME,
    EXECUTABLE_TEXT,
    IN_DEFINITIONS,
    KNOWN_SPACES,
    LANGUAGES,
    LEAVES,
    ONLY,
    SCRIPT,
)
from city1361.platform.components.processes.reading import local, space


def check_names(root: etree._Element, findings: Findings) -> None:
    """One pass over the whole tree, drawing included."""
    for node in root.iter():
        if not isinstance(node.tag, str):  # an entity or an instruction that the parser left
            findings.add("not_plain", node, "", "the file holds an entity or an instruction", "Remove it.")
            continue
        _check_node(node, findings)
        for name, value in node.attrib.items():
            _check_attribute(node, str(name), str(value), findings)


def owner(node: etree._Element) -> str:
    """The id of the element a node belongs to."""
    here: etree._Element | None = node
    while here is not None:
        if found := here.get("id"):
            return str(found)
        here = here.getparent()
    return ""


def _check_node(node: etree._Element, findings: Findings) -> None:
    where = space(node)
    if where in KNOWN_SPACES:
        _check_place(node, where, findings)
        return
    text = (node.text or "").strip()
    if _acts(where, local(node), text):
        message = f"{local(node)} of {where or 'no namespace'} would be executed by another engine"
        findings.add("vendor", node, owner(node), message, SCRIPT)
    elif not where:
        findings.add("unknown_element", node, owner(node), f"{local(node)} is no element of BPMN", "Remove it.")


def _check_place(node: etree._Element, where: str, findings: Findings) -> None:
    """What holds a text or a time holds nothing else; our own elements stand among the extensions."""
    parent = node.getparent()
    if parent is None:
        return
    name, around = local(node), local(parent)
    if where == CITY and (around != "extensionElements" or space(parent) != BPMN):
        if space(parent) != CITY:
            message = f"city:{name} stands outside extensionElements"
            findings.add("unknown_extension", node, owner(node), message, "Move it into extensionElements.")
    elif space(parent) == BPMN and (around in LEAVES or (around in DEFINITIONS and name not in IN_DEFINITIONS)):
        findings.add("refused", node, owner(node), f"{name} means nothing in {around}", "Remove it.")


def _check_attribute(node: etree._Element, name: str, value: str, findings: Findings) -> None:
    where, short = space(name), local(name)
    if where == CITY and not (short == "limit" and local(node) == "timerEventDefinition"):
        findings.add("unknown_extension", node, owner(node), f"city:{short} means nothing here", "Remove it.")
    if where:
        if where not in KNOWN_SPACES and _acts(where, short, value):
            message = f"the attribute {short} of {where} would be executed by another engine"
            findings.add("vendor", node, owner(node), message, SCRIPT)
        return
    if space(node) != BPMN:
        return
    if short in ONLY:
        allowed, message, remedy = ONLY[short]
        if value != allowed:
            findings.add("refused_attribute", node, owner(node), message, remedy)
    elif short not in ATTRIBUTES:
        findings.add("unknown_attribute", node, owner(node), f"{short} means nothing here", "Remove the attribute.")
    elif short == "language" and value not in LANGUAGES:
        findings.add("language", node, owner(node), f"expressions in {value} are not run", "Write it in CEL.")
    elif short == "id" and not (0 < len(value) <= 200 and value.isprintable()):
        findings.add("id", node, value, "an id has 1 to 200 characters", "Shorten it.")
    elif len(value) > 1_000:
        findings.add("too_long", node, owner(node), f"{short} has {len(value)} characters", "Shorten it.")


def _acts(where: str, name: str, text: str) -> bool:
    """Would this do something if another program ran the file?"""
    if where.startswith(DRAWING_SPACES):
        return False
    return bool(ENGINES.search(where) or EXECUTABLE_NAME.search(name) or EXECUTABLE_TEXT.search(text))
