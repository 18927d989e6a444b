"""What stands in BPMN files: names we run, names that are only drawing, and why the others are refused."""

from __future__ import annotations

import re

from city1361.platform.components.processes.reading import SCHEMA_INSTANCE
from city1361.platform.components.processes.terms import ElementKind

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
CITY = "https://city1361.org/bpmn/1"
KNOWN_SPACES = frozenset({BPMN, DI, DC, DD, CITY, SCHEMA_INSTANCE, "http://www.w3.org/XML/1998/namespace"})
# Colours and notes of drawing programs, whatever they are called.
DRAWING_SPACES = (
    "http://bpmn.io/schema/bpmn/biocolor",
    "http://www.omg.org/spec/BPMN/non-normative/color",
    "http://camunda.org/schema/modeler",
)
ENGINES = re.compile(r"camunda|zeebe|spiff|flowable|activiti|alfresco|jbpm|drools|jboss|bonita|signavio|kie\b", re.I)
EXECUTABLE_NAME = re.compile(
    r"script|expression|listener|condition|class|delegate|execut|invoke|call|formula|connector|decision|code|eval|java|python",
    re.I,
)
EXECUTABLE_TEXT = re.compile(r"[$#]\{|<%|\{\{|^\s*=|\bimport\s|\beval\b|\bexec\b|lambda|__")

NODES: dict[str, ElementKind] = {
    "startEvent": ElementKind.START_EVENT,
    "endEvent": ElementKind.END_EVENT,
    "userTask": ElementKind.USER_TASK,
    "manualTask": ElementKind.MANUAL_TASK,
    "serviceTask": ElementKind.SERVICE_TASK,
    "sendTask": ElementKind.SEND_TASK,
    "receiveTask": ElementKind.RECEIVE_TASK,
    "exclusiveGateway": ElementKind.EXCLUSIVE_GATEWAY,
    "parallelGateway": ElementKind.PARALLEL_GATEWAY,
    "eventBasedGateway": ElementKind.EVENT_GATEWAY,
    "boundaryEvent": ElementKind.BOUNDARY_EVENT,
    "intermediateCatchEvent": ElementKind.CATCH_EVENT,
    "intermediateThrowEvent": ElementKind.THROW_EVENT,
    "callActivity": ElementKind.CALL_ACTIVITY,
    "subProcess": ElementKind.SUB_PROCESS,
}
ACTIVITIES = frozenset(
    {
        ElementKind.USER_TASK,
        ElementKind.MANUAL_TASK,
        ElementKind.SERVICE_TASK,
        ElementKind.SEND_TASK,
        ElementKind.RECEIVE_TASK,
        ElementKind.CALL_ACTIVITY,
        ElementKind.SUB_PROCESS,
    }
)
GATEWAYS = frozenset({ElementKind.EXCLUSIVE_GATEWAY, ElementKind.PARALLEL_GATEWAY, ElementKind.EVENT_GATEWAY})
# Notes beside the flow: they change nothing.
NOTES = frozenset({"documentation", "extensionElements", "laneSet", "textAnnotation", "association", "group"})
INSIDE_NODE = frozenset({"documentation", "extensionElements", "incoming", "outgoing"})
TOP = frozenset({"process", "message", "error", "collaboration", "documentation", "extensionElements", "category"})
DEFINITIONS = {"timerEventDefinition", "messageEventDefinition", "errorEventDefinition", "terminateEventDefinition"}
IN_DEFINITIONS = frozenset({"timeDuration", "timeDate", "timeCycle", "documentation", "extensionElements"})
# Elements that hold a text.
LEAVES = frozenset(
    [
        "conditionExpression",
        "timeDuration",
        "timeDate",
        "timeCycle",
        "loopCardinality",
        "completionCondition",
        "loopCondition",
        "incoming",
        "outgoing",
        "documentation",
    ]
)

SCRIPT = "Nothing that a diagram carries is ever executed. Use a service task with a registered service, or an output."
REASONS: dict[str, tuple[str, str]] = {
    "scriptTask": ("scripts are not run", SCRIPT),
    "script": ("scripts are not run", SCRIPT),
    "task": ("a task without a kind says not who does it", "Make it a user, manual, service, send or receive task."),
    "businessRuleTask": ("rule tasks are not run", "Use a service task that asks a decision table."),
    "inclusiveGateway": ("inclusive gateways are not run", "Use exclusive and parallel gateways."),
    "complexGateway": ("complex gateways are not run", "Use exclusive and parallel gateways."),
    "transaction": ("transactions are not run", "Use a sub-process with an error boundary event."),
    "adHocSubProcess": ("ad-hoc sub-processes are not run", "Draw the order, or use parallel several instances."),
    "signalEventDefinition": ("signals are not run", "Use a message with a correlation."),
    "signal": ("signals are not run", "Use a message with a correlation."),
    "escalationEventDefinition": ("escalations are not run", "Use a non-interrupting timer or message boundary."),
    "escalation": ("escalations are not run", "Use a non-interrupting timer or message boundary."),
    "compensateEventDefinition": ("compensation is not run", "Draw the steps that undo the work."),
    "cancelEventDefinition": ("cancel events are not run", "Use an error event."),
    "conditionalEventDefinition": ("conditional events are not run", "Use a message, or a gateway after a timer."),
    "linkEventDefinition": ("links are not run", "Draw the flow."),
    "import": ("a file imports nothing", "Put everything into this file, or call another process."),
    "messageFlow": ("messages between pools are not run", "Draw one process; name its messages."),
    "timeCycle": (
        "repeated times are run at starts and non-interrupting boundary events only",
        "Use timeDuration or timeDate.",
    ),
}
FOR_COMPENSATION = "Draw the steps that undo the work."
# Attributes that may only say what we do anyway.
ONLY: dict[str, tuple[str, str, str]] = {
    "isForCompensation": ("false", "compensation is not run", FOR_COMPENSATION),
    "triggeredByEvent": ("false", "event sub-processes are not run", "Use a boundary event on a sub-process."),
    "instantiate": ("false", "a task or gateway that begins a process is not run", "Use a start event."),
    "parallelMultiple": ("false", "parallel multiple events are not run", "Use a parallel gateway."),
    "startQuantity": ("1", "token quantities are not run", "Remove the attribute."),
    "completionQuantity": ("1", "token quantities are not run", "Remove the attribute."),
    "eventGatewayType": ("Exclusive", "parallel event gateways are not run", "Use a parallel gateway."),
    "behavior": ("All", "events of several instances are not run", "Remove the attribute."),
    "isInterrupting": ("true", "non-interrupting starts belong to event sub-processes", "Remove the attribute."),
}
ATTRIBUTES = frozenset(
    [
        "id",
        "name",
        "sourceRef",
        "targetRef",
        "default",
        "attachedToRef",
        "cancelActivity",
        "isSequential",
        "messageRef",
        "errorRef",
        "calledElement",
        "isExecutable",
        "processType",
        "isClosed",
        "gatewayDirection",
        "implementation",
        "testBefore",
        "loopMaximum",
        "language",
        "isExpanded",
        "exporter",
        "exporterVersion",
        "targetNamespace",
        "expressionLanguage",
        "typeLanguage",
        "errorCode",
        "processRef",
        "isMarkerVisible",
        "isHorizontal",
        "textFormat",
        "associationDirection",
        "categoryValueRef",
        "itemKind",
        "value",
        "isImmediate",
        "partitionElementRef",
        "structureRef",
    ]
)
LANGUAGES = frozenset({"", "cel", "https://cel.dev", "http://www.w3.org/1999/XPath"})
