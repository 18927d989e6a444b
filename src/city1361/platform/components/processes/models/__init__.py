"""Tables of processes. Row security stands on those that tell something of a subject: see sql/row_security.sql."""

from city1361.platform.components.processes.models.definition import ProcessDefinition, ProcessVersion
from city1361.platform.components.processes.models.instance import (
    ProcessInstance,
    ProcessMessage,
    ProcessPassage,
    ProcessTimer,
    ServiceRequest,
)
from city1361.platform.components.processes.models.work import WorkItem, WorkItemKey, WorkItemKind

__all__ = [
    "ProcessDefinition",
    "ProcessInstance",
    "ProcessMessage",
    "ProcessPassage",
    "ProcessTimer",
    "ProcessVersion",
    "ServiceRequest",
    "WorkItem",
    "WorkItemKey",
    "WorkItemKind",
]
