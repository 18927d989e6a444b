"""Random diagrams of accepted elements, drawn so that BPMN leaves no doubt about what happens.

Forks are joined by the same block, and each condition asks a variable that the task before it has just set.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tests.platform.components.processes.drawn import draw

TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
LARGEST = 26  # elements, roughly


@dataclass
class Diagram:
    """Files by key, the variables of all, and which elements set which variable."""

    files: dict[str, bytes] = field(default_factory=dict)
    schema: dict[str, str] = field(default_factory=dict)
    picks: dict[str, tuple[str, int]] = field(default_factory=dict)  # task → variable, number of ways
    loops: set[str] = field(default_factory=set)  # tasks that may send back


class Level:
    """The nodes and flows of one process or sub-process."""

    def __init__(self) -> None:
        self.nodes: list[str] = []
        self.flows: list[str] = []

    def text(self) -> str:
        return "".join(self.nodes) + "".join(self.flows)


class Maker:
    """Makes one diagram from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.made = Diagram()
        self.count = 0
        self.level = Level()
        self.top: list[str] = []
        self.inside_several = self.inside_loop = False
        self.inside_edge = False  # where Spiff raises when something is done several times
        self.key = "main"

    def make(self) -> Diagram:
        self._process("main", 3)
        return self.made

    def _process(self, key: str, depth: int) -> None:
        outer = self.level, self.top, self.key
        self.level, self.top, self.key = Level(), [], key
        self._whole(depth)
        self.made.files[key] = draw(self.level.text(), key=key, top="".join(self.top))
        self.level, self.top, self.key = outer

    def _whole(self, depth: int, ended: float = 0.0) -> None:
        """Everything from start to end; `ended`: how often with a terminate end inside."""
        start, end = self._node("startEvent"), self._node("endEvent")
        first, last = self._terminated(depth - 1) if self.random.random() < ended else self._block(depth)
        self._flow(start, first)
        self._flow(last, end)

    # -- pieces ----------------------------------------------------------------------------------------------------

    def _id(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def _node(self, kind: str, inside: str = "", **attributes: str) -> str:
        own = self._id(kind[0])
        more = "".join(f' {name}="{value}"' for name, value in attributes.items())
        self.level.nodes.append(f'<{kind} id="{own}" name="{own}"{more}>{inside}</{kind}>')
        return own

    def _flow(self, source: str, target: str, condition: str = "") -> str:
        own = self._id("f")
        inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
        self.level.flows.append(
            f'<sequenceFlow id="{own}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'
        )
        return own

    def _message(self) -> str:
        own = self._id("m")
        self.top.append(f'<message id="{own}" name="{own}"/>')
        return own

    def _hear(self) -> str:
        return f'<messageEventDefinition messageRef="{self._message()}"/>'

    def _choice(self, ways: int) -> tuple[str, str, str]:
        """A task that sets a variable, and the gateway that asks it."""
        task = self._node("userTask")
        variable = f"v_{task.lower()}"
        self.made.schema[variable] = "int"
        self.made.picks[task] = (variable, ways)
        default = self._id("f")
        gateway = self._node("exclusiveGateway", default=default)
        self._flow(task, gateway)
        return task, gateway, default

    def _default(self, default: str, source: str, target: str) -> None:
        self.level.flows.append(f'<sequenceFlow id="{default}" sourceRef="{source}" targetRef="{target}"/>')

    # -- blocks: each has one way in and one way out ---------------------------------------------------------------

    def _block(self, depth: int) -> tuple[str, str]:
        simple = [self._task, self._task, self._waiting, self._sending]
        rich = [
            self._sequence,
            self._sequence,
            self._parallel,
            self._parallel,
            self._exclusive,
            self._loop,
            self._events,
            self._interrupted,
            self._interrupted,
            self._reminded,
            self._sub_process,
            self._sub_process,
            self._failing,
            self._called,
            self._several_tasks,
            self._several_sub_processes,
            self._rounds,
            self._terminated,
        ]
        if depth <= 0 or self.count > LARGEST * 2:
            return self.random.choice(simple)(0)
        return self.random.choice(rich)(depth - 1)

    def _task(self, depth: int) -> tuple[str, str]:
        kind = self.random.choice(["userTask", "userTask", "manualTask", "serviceTask"])
        inside = '<extensionElements><city:service name="a.b"/></extensionElements>' if kind == "serviceTask" else ""
        own = self._node(kind, inside)
        return own, own

    def _waiting(self, depth: int) -> tuple[str, str]:
        form = self.random.randrange(3)
        if form == 0:
            own = self._node("intermediateCatchEvent", TIMER)
        elif form == 1:
            own = self._node("intermediateCatchEvent", self._hear())
        else:
            own = self._node("receiveTask", messageRef=self._message())
        return own, own

    def _sending(self, depth: int) -> tuple[str, str]:
        form = self.random.randrange(3)
        if form == 0:
            own = self._node("intermediateThrowEvent", self._hear())
        elif form == 1:
            own = self._node("intermediateThrowEvent")
        else:
            own = self._node("sendTask", messageRef=self._message())
        return own, own

    def _sequence(self, depth: int) -> tuple[str, str]:
        first, middle = self._block(depth)
        second, last = self._block(depth)
        self._flow(middle, second)
        return first, last

    def _parallel(self, depth: int) -> tuple[str, str]:
        if self.inside_loop:
            return self._sequence(depth)
        fork, join = self._node("parallelGateway"), self._node("parallelGateway")
        for _ in range(self.random.choice([2, 2, 3])):
            first, last = self._block(depth)
            self._flow(fork, first)
            self._flow(last, join)
        return fork, join

    def _exclusive(self, depth: int) -> tuple[str, str]:
        ways = self.random.choice([2, 3])
        task, split, default = self._choice(ways)
        merge = self._node("exclusiveGateway")
        variable = self.made.picks[task][0]
        for way in range(ways):
            first, last = self._block(depth)
            if way:
                self._flow(split, first, f"{variable} == {way}")
            else:
                self._default(default, split, first)
            self._flow(last, merge)
        return task, merge

    def _loop(self, depth: int) -> tuple[str, str]:
        """Back to the beginning if the task at its end says so. Loops hold no loops: see `differs` in the test."""
        if self.inside_loop:
            return self._task(0)
        self.inside_loop = True
        merge = self._node("exclusiveGateway")
        first, last = self._block(depth)
        self.inside_loop = False
        task, split, default = self._choice(2)
        self.made.loops.add(task)
        out = self._node("manualTask")
        self._flow(merge, first)
        self._flow(last, task)
        self._flow(split, merge, f"{self.made.picks[task][0]} == 1")
        self._default(default, split, out)
        return merge, out

    def _events(self, depth: int) -> tuple[str, str]:
        gateway, merge = self._node("eventBasedGateway"), self._node("exclusiveGateway")
        for form in self.random.sample(range(3), self.random.choice([2, 3])):
            event = self._node("intermediateCatchEvent", TIMER if form == 0 else self._hear())
            first, last = self._block(depth)
            self._flow(gateway, event)
            self._flow(event, first)
            self._flow(last, merge)
        return gateway, merge

    def _edge(self, host: str, depth: int, *, interrupting: bool) -> tuple[str, str]:
        inside = TIMER if not interrupting or self.random.random() < 0.5 else self._hear()
        cancel = "true" if interrupting else "false"
        event = self._node("boundaryEvent", inside, attachedToRef=host, cancelActivity=cancel)
        outer, self.inside_edge = self.inside_edge, True
        first, last = self._block(depth)
        self.inside_edge = outer
        self._flow(event, first)
        return event, last

    def _interrupted(self, depth: int) -> tuple[str, str]:
        host = self._host(depth)
        merge = self._node("exclusiveGateway")
        self._flow(host, merge)
        for _ in range(self.random.choice([1, 1, 2])):
            _, last = self._edge(host, depth - 1, interrupting=True)
            self._flow(last, merge)
        return host, merge

    def _reminded(self, depth: int) -> tuple[str, str]:
        host = self._host(depth)
        _, last = self._edge(host, depth - 1, interrupting=False)
        end = self._node("endEvent")
        self._flow(last, end)
        return host, host

    def _host(self, depth: int) -> str:
        form = self.random.randrange(4)
        if form == 0 and depth > 0:
            return self._sub_process(depth)[0]
        if form == 1:
            return self._node("receiveTask", messageRef=self._message())
        if form == 2 and not self.inside_several:
            return self._several_tasks(depth)[0]
        return self._node("userTask")

    def _inner(self, depth: int) -> str:
        """The text of a sub-process around a block."""
        outer, self.level = self.level, Level()
        loop, self.inside_loop = self.inside_loop, False
        self._whole(depth, ended=0.2)
        self.inside_loop = loop
        inner, self.level = self.level.text(), outer
        return inner

    def _sub_process(self, depth: int) -> tuple[str, str]:
        own = self._node("subProcess", self._inner(depth))
        return own, own

    def _failing(self, depth: int) -> tuple[str, str]:
        """A sub-process that may end with an error, caught at its edge."""
        error = self._id("x")
        self.top.append(f'<error id="{error}" name="{error}" errorCode="{error}"/>')
        outer, self.level = self.level, Level()
        start, end = self._node("startEvent"), self._node("endEvent")
        task, split, default = self._choice(2)
        broken = self._node("endEvent", f'<errorEventDefinition errorRef="{error}"/>')
        first, last = self._block(depth)
        fork = self._node("parallelGateway")
        self._flow(start, fork)
        self._flow(fork, task)
        self._flow(fork, first)
        self._flow(last, end)
        self._flow(split, broken, f"{self.made.picks[task][0]} == 1")
        self._default(default, split, end)
        inner, self.level = self.level.text(), outer
        own, merge = self._node("subProcess", inner), self._node("exclusiveGateway")
        edge = self._node("boundaryEvent", f'<errorEventDefinition errorRef="{error}"/>', attachedToRef=own)
        repair, repaired = self._block(0)
        self._flow(edge, repair)
        self._flow(repaired, merge)
        self._flow(own, merge)
        return own, merge

    def _called(self, depth: int) -> tuple[str, str]:
        key = self._id("call")
        own = self._node("callActivity", calledElement=key)
        self._process(key, depth)
        return own, own

    def _several(self, *, sequential: bool, until: str = "") -> str:
        number = self.random.choice([1, 2, 3])
        condition = f"<completionCondition>{until}</completionCondition>" if until else ""
        return (
            f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}"><loopCardinality>{number}'
            f"</loopCardinality>{condition}</multiInstanceLoopCharacteristics>"
        )

    def _several_tasks(self, depth: int) -> tuple[str, str]:
        kind = self.random.choice(["userTask", "manualTask"])
        if self.inside_edge:
            return self._task(0)
        own = self._id("u")
        until = ""
        if self.random.random() < 0.4:
            variable = f"v_{own}"
            self.made.schema[variable] = "int"
            self.made.picks[own] = (variable, 2)
            until = f"{variable} == 1"
        inside = self._several(sequential=self.random.random() < 0.5, until=until)
        self.level.nodes.append(f'<{kind} id="{own}" name="{own}">{inside}</{kind}>')
        return own, own

    def _several_sub_processes(self, depth: int) -> tuple[str, str]:
        if self.inside_several or self.inside_edge:
            return self._task(0)
        self.inside_several = True
        inner = self._inner(min(depth, 1))
        self.inside_several = False
        own = self._node("subProcess", self._several(sequential=self.random.random() < 0.5) + inner)
        return own, own

    def _rounds(self, depth: int) -> tuple[str, str]:
        before = self.random.choice(["true", "false"])
        most = self.random.choice([1, 2, 3])
        loop = (
            f'<standardLoopCharacteristics testBefore="{before}" loopMaximum="{most}"><loopCondition>1 == 1</loopCondition>'
            "</standardLoopCharacteristics>"
        )
        own = self._node("userTask", loop)
        return own, own

    def _terminated(self, depth: int) -> tuple[str, str]:
        """Beside a block, a task that may end everything around it."""
        if self.inside_loop:
            return self._task(0)
        fork, join = self._node("parallelGateway"), self._node("parallelGateway")
        task, split, default = self._choice(2)
        end = self._node("endEvent", "<terminateEventDefinition/>")
        first, last = self._block(depth)
        self._flow(fork, task)
        self._flow(fork, first)
        self._flow(last, join)
        self._flow(split, end, f"{self.made.picks[task][0]} == 1")
        self._default(default, split, join)
        return fork, join
