"""Is the drawing a process that can be run? Each rule says what is wrong and how to put it right."""

from __future__ import annotations

from collections import deque

from city1361.platform.components.processes.bpmn.elements import Drawn
from city1361.platform.components.processes.bpmn.findings import Findings
from city1361.platform.components.processes.bpmn.words import ACTIVITIES
from city1361.platform.components.processes.definition import Element
from city1361.platform.components.processes.terms import ElementKind, Trigger

K = ElementKind
AUTOMATIC = frozenset({K.EXCLUSIVE_GATEWAY, K.PARALLEL_GATEWAY, K.THROW_EVENT, K.SEND_TASK})


def check(drawn: Drawn, findings: Findings) -> None:
    for element in drawn.elements.values():
        _ways(element, findings)
        _boundary(element, drawn, findings)
        _gateway(element, drawn, findings)
        _needs(element, findings)
    _conditions(drawn, findings)
    _beginnings(drawn, findings)
    _reachable(drawn, findings)
    _endless(drawn, findings)


def _ways(one: Element, findings: Findings) -> None:
    """A start has no way in, an end no way out; everything else has both."""
    begins = one.kind in (K.START_EVENT, K.BOUNDARY_EVENT)
    if begins and one.incoming:
        findings.add("way_in", one.line, one.id, "nothing may lead into it", "Remove the flow.")
    elif not begins and not one.incoming:
        findings.add("no_way_in", one.line, one.id, "nothing leads to it", "Draw a flow to it, or remove it.")
    if one.kind is K.END_EVENT and one.outgoing:
        findings.add("way_out", one.line, one.id, "nothing may lead out of an end", "Remove the flow.")
    elif one.kind is not K.END_EVENT and not one.outgoing:
        findings.add("no_way_out", one.line, one.id, "nothing leads on from it", "Draw a flow to an end event.")


def _boundary(one: Element, drawn: Drawn, findings: Findings) -> None:
    if one.kind is not K.BOUNDARY_EVENT:
        return
    host = drawn.elements.get(one.attached)
    if host is None or host.kind not in ACTIVITIES or host.parent != one.parent:
        findings.add("boundary", one.line, one.id, "it sits on no activity", "Attach it to a task or sub-process.")
    elif one.trigger is Trigger.ERROR and host.kind in (K.SEND_TASK, K.MANUAL_TASK):
        findings.add("boundary", one.line, one.id, "no error can come from there", "Remove it.")
    elif host.kind is K.SEND_TASK:
        findings.add("boundary", one.line, one.id, "a send task never waits", "Remove it.")
    if one.trigger is Trigger.ERROR and not one.interrupting:
        findings.add("boundary", one.line, one.id, "an error always interrupts", "Make it interrupting.")


def _gateway(one: Element, drawn: Drawn, findings: Findings) -> None:
    if one.kind is K.EVENT_GATEWAY:
        if len(one.outgoing) < 2:
            findings.add("event_gateway", one.line, one.id, "there is nothing to choose from", "Draw two events.")
        for name in one.outgoing:
            target = drawn.elements[drawn.flows[name].target]
            waits = target.kind in (K.CATCH_EVENT, K.RECEIVE_TASK) and not target.several and not target.boundaries
            if not waits or len(target.incoming) != 1 or target.outputs:
                message = "after an event gateway stand plain timers and messages, reached from nowhere else"
                findings.add("event_gateway", target.line, target.id, message, "Put an intermediate event there.")
    if one.default and (one.kind is not K.EXCLUSIVE_GATEWAY or one.default not in one.outgoing):
        findings.add("default", one.line, one.id, "the default is no way out of an exclusive gateway", "Choose again.")


def _needs(one: Element, findings: Findings) -> None:
    if one.kind is K.SERVICE_TASK and not one.service:
        findings.add("service", one.line, one.id, "no service is named", "Add city:service name.")
    if one.kind is K.CALL_ACTIVITY and not one.called:
        findings.add("call", one.line, one.id, "no process is named", "Name it in calledElement.")
    if one.kind is K.CATCH_EVENT and one.trigger is Trigger.NONE:
        findings.add("trigger", one.line, one.id, "it waits for nothing", "Make it a timer or a message.")
    if one.kind is K.BOUNDARY_EVENT and one.trigger is Trigger.NONE:
        findings.add("trigger", one.line, one.id, "it waits for nothing", "Make it a timer, message or error.")


def _conditions(drawn: Drawn, findings: Findings) -> None:
    for flow in drawn.flows.values():
        source = drawn.elements.get(flow.source)
        line = drawn.lines[flow.id]
        if source is None:
            continue
        decides = source.kind is K.EXCLUSIVE_GATEWAY and len(source.outgoing) > 1
        if flow.condition and not decides:
            message = "a condition stands on a way out of an exclusive gateway that has several"
            findings.add("condition", line, flow.id, message, "Draw an exclusive gateway.")
        elif flow.condition and source.default == flow.id:
            findings.add("condition", line, flow.id, "the default has a condition", "Remove the condition.")
        elif decides and not flow.condition and source.default != flow.id:
            findings.add("condition", line, flow.id, "the way has no condition", "Add one, or make it the default.")


def _beginnings(drawn: Drawn, findings: Findings) -> None:
    """A process begins once without cause, or by messages and timers; a sub-process once, without."""
    starts: dict[str, list[Element]] = {"": []}
    ends: set[str] = set()
    for one in drawn.elements.values():
        if one.kind is K.SUB_PROCESS:
            starts.setdefault(one.id, [])
        if one.kind is K.START_EVENT:
            starts.setdefault(one.parent, []).append(one)
        if one.kind is K.END_EVENT:
            ends.add(one.parent)
    for parent, found in starts.items():
        line = drawn.elements[parent].line if parent else 0
        plain = [one for one in found if one.trigger is Trigger.NONE]
        if len(plain) > 1 or not found or (parent and len(found) != len(plain)):
            need = "exactly one plain start event" if parent else "one plain start event, or starts with a cause"
            findings.add("start", line, parent or drawn.key, f"it needs {need}", "Draw one start event.")
        if parent not in ends:
            findings.add("no_end", line, parent or drawn.key, "it has no end event", "Draw an end event.")


def _reachable(drawn: Drawn, findings: Findings) -> None:
    reached: set[str] = set()
    waiting = [one.id for one in drawn.elements.values() if one.kind is K.START_EVENT]
    while waiting:
        name = waiting.pop()
        if name in reached or name not in drawn.elements:
            continue
        reached.add(name)
        one = drawn.elements[name]
        waiting.extend(drawn.flows[flow].target for flow in one.outgoing)
        waiting.extend(one.boundaries)
    for one in drawn.elements.values():
        if one.id not in reached and one.incoming:
            findings.add("unreachable", one.line, one.id, "it is never reached", "Draw a way to it, or remove it.")


def _endless(drawn: Drawn, findings: Findings) -> None:
    """A circle of elements that wait for nothing would go round for ever, or never."""
    automatic = {one.id: one for one in drawn.elements.values() if one.kind in AUTOMATIC and not one.outputs}
    targets = {
        name: [flow.target for key in one.outgoing if (flow := drawn.flows[key]).target in automatic]
        for name, one in automatic.items()
    }
    sources: dict[str, list[str]] = {name: [] for name in automatic}
    for name, ways in targets.items():
        for way in ways:
            sources[way].append(name)
    left = set(automatic)
    for forward, backward in ((targets, sources), (sources, targets)):
        count = {name: sum(one in left for one in backward[name]) for name in left}
        waiting = deque(name for name in left if not count[name])
        while waiting:
            name = waiting.popleft()
            left.discard(name)
            for way in forward[name]:
                if way in left:
                    count[way] -= 1
                    if not count[way]:
                        waiting.append(way)
    if left:
        one = min((automatic[name] for name in left), key=lambda found: (found.line, found.id))
        message = "it goes round in a circle in which nothing is waited for"
        findings.add("endless", one.line, one.id, message, "Put a task or an event into the circle.")
