"""A step of a process beside SpiffWorkflow: the same diagram, the same steps, each from its stored JSON and back to it.

Both walk a loop of task, choice and parallel handling with a timer at an edge. Limit: a step takes at most a tenth of
SpiffWorkflow's processor time. Interleaved, so that both meet the same load.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
warnings.simplefilter("ignore")

from SpiffWorkflow.bpmn.parser import BpmnParser  # noqa: E402
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer  # noqa: E402
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow  # noqa: E402
from SpiffWorkflow.util.task import TaskState  # noqa: E402

from city1361.platform.components.processes.decisions import compile_process, plan  # noqa: E402
from city1361.platform.components.processes.terms import Started, State, TaskCompleted  # noqa: E402
from tests.platform.components.processes.drawn import draw, flows  # noqa: E402
from tests.platform.components.processes.spiff import translated  # noqa: E402

LIMIT = 0.1
ROUNDS, LIVES = 15, 20
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
DIAGRAM = draw(
    """<startEvent id="s"/><endEvent id="e"/><userTask id="admit"/><exclusiveGateway id="g" default="g_e"/>
    <parallelGateway id="f"/><userTask id="lead"/><userTask id="assist"/><parallelGateway id="j"/><userTask id="check"/>
    <exclusiveGateway id="h" default="h_close"/><userTask id="close"/><userTask id="late"/>
    <boundaryEvent id="t" attachedToRef="lead" cancelActivity="false"><timerEventDefinition><timeDuration>PT4H</timeDuration>
    </timerEventDefinition></boundaryEvent>"""
    + flows("""
    s -> admit; admit -> g; g -> f: step == "assign"; g -> e; f -> lead; f -> assist; lead -> j; assist -> j
    j -> check; check -> h; h -> admit: step == "again"; h -> close; close -> e; t -> late; late -> e
    """)
)
STEPS = [("admit", "assign"), ("lead", "done"), ("assist", "done"), ("check", "pass"), ("close", "close")]


def ours() -> Callable[[], None]:
    compiled = compile_process(DIAGRAM, schema={"step": "string"})

    def life() -> None:
        kept = json.dumps(plan(compiled, None, Started({"step": ""}), now=NOW).state.to_json())
        for element, step in STEPS:
            state = State.from_json(json.loads(kept))
            token = next(one.id for one in state.tokens if one.element == element)
            kept = json.dumps(plan(compiled, state, TaskCompleted(token, {"step": step}), now=NOW).state.to_json())
        assert json.loads(kept)["status"] == "completed"

    return life


def theirs() -> Callable[[], None]:
    parser = BpmnParser()
    parser.add_bpmn_xml(translated(DIAGRAM), "p")
    spec, inner = parser.get_spec("p"), parser.get_subprocess_specs("p")
    serializer = BpmnWorkflowSerializer(registry=BpmnWorkflowSerializer.configure())

    def life() -> None:
        workflow = BpmnWorkflow(spec, inner)
        workflow.do_engine_steps()
        kept = serializer.serialize_json(workflow)
        for element, step in STEPS:
            again: Any = serializer.deserialize_json(kept)
            task = next(one for one in again.get_tasks(state=TaskState.READY) if one.task_spec.bpmn_id == element)
            task.set_data(step=step)
            task.run()
            again.do_engine_steps()
            kept = serializer.serialize_json(again)
        assert again.completed

    return life


def measured(life: Callable[[], None]) -> float:
    """Processor time of a step, in microseconds."""
    begun = time.process_time()
    for _ in range(LIVES):
        life()
    return (time.process_time() - begun) / LIVES / (len(STEPS) + 1) * 1e6


def main() -> int:
    one, other = ours(), theirs()
    measured(one), measured(other)
    pairs = [(measured(one), measured(other)) for _ in range(ROUNDS)]
    mine, peer = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(first / second for first, second in pairs)
    print(f"a step from JSON to JSON: {mine:.0f} µs; SpiffWorkflow {peer:.0f} µs; ratio {ratio:.3f} (limit {LIMIT})")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
