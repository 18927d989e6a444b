"""The other engine: SpiffWorkflow over the same diagram, one event at a time. For comparison in tests only."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

from lxml import etree

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from SpiffWorkflow.bpmn.parser import BpmnParser
    from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
    from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
    from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import EventBasedGateway
    from SpiffWorkflow.bpmn.util.event import BpmnEvent
    from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
    from SpiffWorkflow.util.task import TaskState

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
Place = tuple[str, tuple[int, ...]]  # element, and which of several


def translated(xml: bytes) -> etree._Element:
    """Spiff runs service tasks at once, where ours waits for an answer; its durations are Python text."""
    root = etree.fromstring(xml)
    for node in root.iter(f"{BPMN}serviceTask"):
        node.tag = f"{BPMN}userTask"
    for node in root.iter(f"{BPMN}extensionElements"):
        node.clear()
    for node in root.iter(f"{BPMN}timeDuration"):
        node.text = f'"{node.text}"'
    return root


class Spiff:
    """One instance of it."""

    def __init__(self, files: Mapping[str, bytes], key: str) -> None:
        parser = BpmnParser()
        for name, xml in files.items():
            parser.add_bpmn_xml(translated(xml), name)
        self.workflow = BpmnWorkflow(parser.get_spec(key), parser.get_subprocess_specs(key))
        self.workflow.do_engine_steps()

    @property
    def ended(self) -> bool:
        return bool(self.workflow.completed)

    def waiting(self) -> list[Place]:
        """Where something outside is waited for."""
        return sorted(place for place, _, _ in self._tasks())

    def _tasks(self) -> list[tuple[Place, Any, Any]]:
        """Place, task, and for a choice after an event gateway the event definition."""
        found = []
        for task in self.workflow.get_tasks(state=TaskState.READY | TaskState.WAITING):
            spec, path = task.task_spec, self._path(task)
            if isinstance(spec, EventBasedGateway) and task.state == TaskState.WAITING:
                pairs = zip(spec.outputs, spec.event_definition.event_definitions, strict=True)
                found.extend(((choice.bpmn_id, path), task, definition) for choice, definition in pairs)
            elif isinstance(spec, CatchingEvent) and task.state == TaskState.WAITING:
                if "Error" not in type(spec.event_definition).__name__:
                    found.append(((spec.bpmn_id, path), task, None))
            elif spec.manual and task.state == TaskState.READY:
                found.append(((spec.bpmn_id, path), task, None))
        return found

    def _path(self, task: Any) -> tuple[int, ...]:
        """Which one of several in parallel, from the outside in."""
        path: list[int] = []
        while task is not None:
            if (
                task.parent is not None
                and task.task_spec.name.endswith(" [child]")
                and "key_or_index" in task.internal_data
            ):
                path.insert(0, int(task.internal_data["key_or_index"]))
            parent = task.workflow.parent_task_id
            task = self.workflow.get_task_from_id(parent) if parent is not None else None
        return tuple(path)

    def take(self, place: Place, outcome: Mapping[str, Any]) -> None:
        """Whatever is waited for there happens."""
        _, task, choice = next(one for one in self._tasks() if one[0] == place)
        spec = task.task_spec
        if choice is not None:
            task.internal_data["seen_events"] = [BpmnEvent(choice, payload={})]
            if not isinstance(choice, TimerEventDefinition):
                task.internal_data[choice.name] = {}
            spec._update(task)
        elif not isinstance(spec, CatchingEvent):
            task.set_data(**outcome)
            task.run()
        elif isinstance(spec.event_definition, TimerEventDefinition):
            task._set_internal_data(event_fired=True)
            spec._update(task)
        else:
            spec.catch(task, BpmnEvent(spec.event_definition, payload={}))
            spec._update(task)
        self.workflow.do_engine_steps()
