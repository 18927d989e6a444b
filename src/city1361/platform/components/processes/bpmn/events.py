"""What events wait for or cause, and the names of messages and errors."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from lxml import etree

from city1361.platform.components.processes.bpmn.findings import Findings
from city1361.platform.components.processes.bpmn.times import timer_of
from city1361.platform.components.processes.bpmn.words import BPMN, DEFINITIONS
from city1361.platform.components.processes.definition import Element
from city1361.platform.components.processes.reading import local, space
from city1361.platform.components.processes.terms import ElementKind, Trigger

K, T = ElementKind, Trigger
TRIGGERS = {
    "timerEventDefinition": T.TIMER,
    "messageEventDefinition": T.MESSAGE,
    "errorEventDefinition": T.ERROR,
    "terminateEventDefinition": T.TERMINATE,
}
POSSIBLE: dict[ElementKind, frozenset[Trigger]] = {
    K.START_EVENT: frozenset({T.NONE, T.MESSAGE, T.TIMER}),
    K.END_EVENT: frozenset({T.NONE, T.MESSAGE, T.ERROR, T.TERMINATE}),
    K.BOUNDARY_EVENT: frozenset({T.TIMER, T.MESSAGE, T.ERROR}),
    K.CATCH_EVENT: frozenset({T.TIMER, T.MESSAGE}),
    K.THROW_EVENT: frozenset({T.NONE, T.MESSAGE}),
}


@dataclass
class Names:
    """Messages and errors that a file declares, by id."""

    messages: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, root: etree._Element) -> Names:
        found = cls()
        for node in root:
            own = str(node.get("id", "")) if isinstance(node.tag, str) else ""
            if own and node.tag == f"{{{BPMN}}}message":
                found.messages[own] = str(node.get("name") or own)
            elif own and node.tag == f"{{{BPMN}}}error":
                found.errors[own] = str(node.get("errorCode") or node.get("name") or own)
        return found

    def message(self, node: etree._Element, owner: str, findings: Findings) -> str:
        reference = str(node.get("messageRef", "")).rpartition(":")[2]
        if reference not in self.messages:
            findings.add("message", node, owner, "the message is not declared", "Add a message and refer to it.")
        return self.messages.get(reference, "")

    def error(self, node: etree._Element, owner: str, findings: Findings, *, needed: bool) -> str:
        reference = str(node.get("errorRef", "")).rpartition(":")[2]
        if reference not in self.errors and (needed or reference):
            findings.add("error", node, owner, "the error is not declared", "Add an error with a code and refer to it.")
        return self.errors.get(reference, "")


def with_trigger(element: Element, node: etree._Element, names: Names, findings: Findings) -> Element:
    """The event with what it waits for or causes."""
    definitions = [one for one in node if isinstance(one.tag, str) and space(one) == BPMN and local(one) in DEFINITIONS]
    if len(definitions) > 1:
        findings.add("refused", node, element.id, "an event with several causes is not run", "Draw several events.")
        return element
    trigger = TRIGGERS[local(definitions[0])] if definitions else T.NONE
    if trigger not in POSSIBLE[element.kind]:
        others = ", ".join(sorted(POSSIBLE[element.kind]))
        kind = element.kind.replace("_", " ")
        findings.add("trigger", node, element.id, f"a {kind} cannot be of kind {trigger}", f"Use one of {others}.")
        return element
    element = replace(element, trigger=trigger)
    if trigger is T.MESSAGE:
        return replace(element, message=names.message(definitions[0], element.id, findings))
    if trigger is T.ERROR:
        needed = element.kind is K.END_EVENT
        return replace(element, error=names.error(definitions[0], element.id, findings, needed=needed))
    if trigger is T.TIMER:
        repeats = element.kind is K.START_EVENT or (element.kind is K.BOUNDARY_EVENT and not element.interrupting)
        return replace(element, timer=timer_of(definitions[0], element.id, findings, repeats=repeats))
    return element
