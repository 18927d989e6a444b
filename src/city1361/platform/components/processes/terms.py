"""The words of the process engine: what a diagram may hold, what happens to it, and what becomes of it. Frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

ROOT = ""  # the scope of the process itself
Variables = Mapping[str, Any]  # JSON values; moments as ISO 8601 text, spans as "3600s"


class ElementKind(StrEnum):
    """The elements of BPMN that a process may be drawn with."""

    START_EVENT = "start_event"
    END_EVENT = "end_event"
    USER_TASK = "user_task"
    MANUAL_TASK = "manual_task"
    SERVICE_TASK = "service_task"
    SEND_TASK = "send_task"
    RECEIVE_TASK = "receive_task"
    EXCLUSIVE_GATEWAY = "exclusive_gateway"
    PARALLEL_GATEWAY = "parallel_gateway"
    EVENT_GATEWAY = "event_gateway"
    BOUNDARY_EVENT = "boundary_event"
    CATCH_EVENT = "catch_event"
    THROW_EVENT = "throw_event"
    CALL_ACTIVITY = "call_activity"
    SUB_PROCESS = "sub_process"


class Trigger(StrEnum):
    """What an event waits for or causes."""

    NONE = "none"
    TIMER = "timer"
    MESSAGE = "message"
    ERROR = "error"
    TERMINATE = "terminate"


class ProcessStatus(StrEnum):
    """How an instance stands."""

    RUNNING = "running"
    COMPLETED = "completed"
    TERMINATED = "terminated"
    FAILED = "failed"


class ScopeKind(StrEnum):
    """Why tokens stand in a scope of their own."""

    EMBEDDED = "embedded"
    CALL = "call"
    INSTANCE = "instance"


class ClosedHow(StrEnum):
    """How a task ended."""

    COMPLETED = "completed"
    CANCELLED = "cancelled"


class PassageKind(StrEnum):
    """What a line of the history says."""

    ENTERED = "entered"
    LEFT = "left"
    CANCELLED = "cancelled"


class Holder(StrEnum):
    """Who holds the step of a matter."""

    CENTRE = "centre"
    LEAD = "lead"
    CHECKER = "checker"
    REPORTER = "reporter"
    UPPER_CENTRE = "upper_centre"
    REVIEWER = "reviewer"


@dataclass(frozen=True, slots=True)
class Token:
    """Where an instance stands. Armed boundary events and the choices of an event gateway name the token they serve."""

    id: str
    element: str
    scope: str
    since: datetime
    host: str = ""
    via: str = ""
    correlation: str = ""
    left: int = 0  # how often a repeated timer will still fire; -1: without end
    progress: Mapping[str, Any] | None = None  # of several instances or a loop

    def to_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {"id": self.id, "element": self.element, "since": self.since.isoformat()}
        for name, value in (
            ("scope", self.scope),
            ("host", self.host),
            ("via", self.via),
            ("correlation", self.correlation),
            ("left", self.left),
            ("progress", self.progress),
        ):
            if value:
                found[name] = value
        return found

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Token:
        return cls(
            data["id"],
            data["element"],
            data.get("scope", ROOT),
            datetime.fromisoformat(data["since"]),
            data.get("host", ""),
            data.get("via", ""),
            data.get("correlation", ""),
            data.get("left", 0),
            data.get("progress"),
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """A sub-process, a called process or one instance of several. `process` refers to what its elements belong to."""

    id: str
    kind: ScopeKind
    parent: str
    host: str
    process: str
    variables: Variables | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind.value,
            "parent": self.parent,
            "host": self.host,
            "process": self.process,
            "variables": self.variables,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Scope:
        kind = ScopeKind(data["kind"])
        return cls(data["id"], kind, data["parent"], data["host"], data["process"], data["variables"])


@dataclass(frozen=True, slots=True)
class State:
    """Everything an instance is. `counter` gives the next id; the same facts always give the same state."""

    status: ProcessStatus = ProcessStatus.RUNNING
    variables: Variables = field(default_factory=dict)
    tokens: tuple[Token, ...] = ()
    scopes: tuple[Scope, ...] = ()
    counter: int = 0
    error: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "status": self.status.value,
            "variables": self.variables,
            "tokens": [one.to_json() for one in self.tokens],
            "scopes": [one.to_json() for one in self.scopes],
            "counter": self.counter,
            "error": self.error,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> State:
        return cls(
            ProcessStatus(data["status"]),
            data["variables"],
            tuple(Token.from_json(one) for one in data["tokens"]),
            tuple(Scope.from_json(one) for one in data["scopes"]),
            data["counter"],
            data["error"],
        )


@dataclass(frozen=True, slots=True)
class Started:
    """The process begins, at `start` where it can begin in several ways. at: the task it stands at already, for a
    subject that walked before it had a process."""

    variables: Variables = field(default_factory=dict)
    start: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class TaskCompleted:
    """A user or manual task is done; the outcome sets variables."""

    token: str
    outcome: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TimerFired:
    """The moment of a timer has come."""

    token: str
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MessageArrived:
    """A message, for the one token that waits for it: named, or found by name and correlation."""

    name: str
    correlation: str = ""
    variables: Variables = field(default_factory=dict)
    token: str = ""


@dataclass(frozen=True, slots=True)
class ErrorRaised:
    """Work at a task ended with a declared error."""

    token: str
    code: str
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ServiceDone:
    """A service answered."""

    token: str
    result: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ServiceFailed:
    """A service could not do it."""

    token: str
    code: str


@dataclass(frozen=True, slots=True)
class VariablesChanged:
    """Facts changed while nothing moved: a step that stays where it is."""

    variables: Variables


@dataclass(frozen=True, slots=True)
class Stopped:
    """The instance ends from outside; everything that waits is withdrawn."""


Event = (
    Started
    | TaskCompleted
    | TimerFired
    | MessageArrived
    | ErrorRaised
    | ServiceDone
    | ServiceFailed
    | VariablesChanged
    | Stopped
)


@dataclass(frozen=True, slots=True)
class OpenedTask:
    """Somebody must now do something. `local` holds what only this one of several knows."""

    token: str
    element: str
    kind: ElementKind
    name: str
    params: Mapping[str, Any]
    process: str = ""
    local: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClosedTask:
    """Nobody needs to do it any longer."""

    token: str
    how: ClosedHow


@dataclass(frozen=True, slots=True)
class TimerSet:
    """A timer runs. Without `due`, whoever keeps the rules finds the moment of `limit`, counted from `since`."""

    token: str
    element: str
    since: datetime
    due: datetime | None = None
    limit: str = ""


@dataclass(frozen=True, slots=True)
class MessageAwaited:
    """A token waits for a message."""

    token: str
    name: str
    correlation: str = ""


@dataclass(frozen=True, slots=True)
class MessageSent:
    """A message goes out."""

    element: str
    name: str
    correlation: str = ""
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """A service is asked."""

    token: str
    name: str
    arguments: Variables


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A called process begins inside the instance."""

    token: str
    scope: str
    process: str


@dataclass(frozen=True, slots=True)
class CallEnded:
    """A called process ended."""

    token: str
    how: ClosedHow


@dataclass(frozen=True, slots=True)
class Passage:
    """A line of the history: which element, entered by which flow, when."""

    element: str
    what: PassageKind
    at: datetime
    token: str = ""
    flow: str = ""
    process: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What one event makes of an instance: its new state, and what must be done outside."""

    state: State
    opened: tuple[OpenedTask, ...] = ()
    closed: tuple[ClosedTask, ...] = ()
    timers_set: tuple[TimerSet, ...] = ()
    timers_cancelled: tuple[str, ...] = ()
    messages_awaited: tuple[MessageAwaited, ...] = ()
    messages_forgotten: tuple[str, ...] = ()
    messages_sent: tuple[MessageSent, ...] = ()
    services: tuple[ServiceCall, ...] = ()
    services_cancelled: tuple[str, ...] = ()
    calls: tuple[CallStarted | CallEnded, ...] = ()
    passages: tuple[Passage, ...] = ()

    @property
    def status(self) -> ProcessStatus:
        return self.state.status


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong in a file: which element, in which line, and what to do about it."""

    element: str
    line: int
    code: str
    message: str
    remedy: str = ""


class ProcessRefused(Exception):
    """A diagram or a decision table that will not be run."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(f"line {one.line}: {one.element}: {one.message}" for one in findings[:20]))
        self.findings = findings


class StepRefused(Exception):
    """An event that an instance cannot take as it stands. Nothing has changed."""

    def __init__(self, code: str, message: str, *, element: str = "", token: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.element, self.token = code, message, element, token


class MigrationRefused(Exception):
    """An instance that cannot go on in the other version. `orphans`: tokens that would stand nowhere."""

    def __init__(self, orphans: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(one.message for one in orphans[:20]))
        self.orphans = orphans
