"""Processes in words: the diagram as an ordered list, the path that was walked, where it waits and since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from city1361.base.ui import api as ui
from city1361.platform.components.processes.definition import Compiled
from city1361.platform.components.processes.outlining import Line
from city1361.platform.components.processes.queries import Drawing, Waiting, times_passed
from city1361.platform.components.processes.terms import ElementKind, ProcessStatus, Trigger

DAY = 24 * 60
KINDS = {
    ElementKind.START_EVENT: gettext_lazy("开始"),
    ElementKind.END_EVENT: gettext_lazy("结束"),
    ElementKind.USER_TASK: gettext_lazy("人工办理"),
    ElementKind.MANUAL_TASK: gettext_lazy("线下办理"),
    ElementKind.SERVICE_TASK: gettext_lazy("系统自动处理"),
    ElementKind.SEND_TASK: gettext_lazy("发送消息"),
    ElementKind.RECEIVE_TASK: gettext_lazy("等待消息"),
    ElementKind.EXCLUSIVE_GATEWAY: gettext_lazy("判断：只走一条路"),
    ElementKind.PARALLEL_GATEWAY: gettext_lazy("并行：各条路都走，全部到齐后汇合"),
    ElementKind.EVENT_GATEWAY: gettext_lazy("等待：先发生者决定去向"),
    ElementKind.BOUNDARY_EVENT: gettext_lazy("办理期间发生"),
    ElementKind.CATCH_EVENT: gettext_lazy("等待"),
    ElementKind.THROW_EVENT: gettext_lazy("发出消息"),
    ElementKind.CALL_ACTIVITY: gettext_lazy("调用另一流程"),
    ElementKind.SUB_PROCESS: gettext_lazy("子流程"),
}
TRIGGERS = {
    Trigger.TIMER: gettext_lazy("定时"),
    Trigger.MESSAGE: gettext_lazy("消息"),
    Trigger.ERROR: gettext_lazy("出错"),
    Trigger.TERMINATE: gettext_lazy("全部终止"),
}
POLICIES = {
    "U": gettext_lazy("只有一行成立"),
    "F": gettext_lazy("取第一个成立的行"),
    "A": gettext_lazy("成立的各行结果相同"),
}
STATUSES = {
    ProcessStatus.RUNNING: gettext_lazy("运行中"),
    ProcessStatus.COMPLETED: gettext_lazy("已完成"),
    ProcessStatus.TERMINATED: gettext_lazy("已终止"),
    ProcessStatus.FAILED: gettext_lazy("已失败"),
}


@dataclass(frozen=True, slots=True)
class ShownWay:
    """Where a line leads: the number and name of the other line, and when."""

    number: str
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of the list. state: "", passed or current; `waits` tells since when and until when."""

    number: str
    depth: int
    element: str
    kind: str
    name: str
    attached: str
    state: str = ""
    times: int = 0
    waits: tuple[str, ...] = ()
    late: bool = False
    ways: tuple[ShownWay, ...] = field(default=())


def lines(outlined: tuple[Line, ...], shown: Drawing | None = None, now: datetime | None = None) -> list[ShownLine]:
    """The diagram as a list; with an instance, what of it was passed and where it stands."""
    numbers = {one.element: one.number for one in outlined}
    names = {one.element: one.name or kind_words(one) for one in outlined}
    passed = times_passed(shown) if shown else {}
    waiting: dict[str, list[Waiting]] = {}
    for one in shown.waiting if shown else ():
        if not one.process:
            waiting.setdefault(one.element, []).append(one)
    return [
        ShownLine(
            number=one.number,
            depth=one.depth,
            element=one.element,
            kind=kind_words(one),
            name=one.name,
            attached=names.get(one.attached, ""),
            state="current" if one.element in waiting else "passed" if passed.get(one.element) else "",
            times=passed.get(one.element, 0),
            waits=tuple(waiting_words(each, now) for each in waiting.get(one.element, ()) if now),
            late=any(each.due_at is not None and now is not None and each.due_at < now for each in waiting.get(one.element, ())),
            ways=tuple(ShownWay(numbers[way.element], names[way.element], _way(way.label, way.default)) for way in one.ways),
        )
        for one in outlined
    ]  # fmt: skip


def tables(compiled: Compiled) -> list[dict[str, Any]]:
    """The decision tables that a process asks, row by row as they were written."""
    return [
        {
            "key": table.key,
            "name": table.name or table.key,
            "policy": POLICIES[table.policy],
            "inputs": [column.name for column in table.inputs],
            "outputs": [column.name for column in table.outputs],
            "rows": [
                (number, [one or "—" for one in rule.conditions], rule.results)
                for number, rule in enumerate(table.rules, 1)
            ],
        }
        for table in compiled.decisions.values()
    ]


def kind_words(line: Line) -> str:
    kind = str(KINDS[line.kind])
    return f"{kind}（{TRIGGERS[line.trigger]}）" if line.trigger in TRIGGERS else kind


def _way(label: str, default: bool) -> str:
    return label or (_("其他情况") if default else "")


def waiting_words(waiting: Waiting, now: datetime | None) -> str:
    """“已等待2小时，时限11月24日 12:00”."""
    if now is None:
        return ""
    minutes = max(0, int((now - waiting.since).total_seconds() // 60))
    words = _("已等待{span}").format(span=ui.span_words(minutes, DAY))
    if waiting.due_at is None:
        return words
    return _("{words}，{due}自动触发").format(words=words, due=ui.moment_words(waiting.due_at))


def marks(shown: Drawing, shown_lines: list[ShownLine]) -> Mapping[str, object]:
    """What the drawing marks: elements and flows that were passed, where it stands, and how long it has waited."""
    return {
        "passed": sorted(times_passed(shown)),
        "current": [line.element for line in shown_lines if line.state == "current"],
        "late": [line.element for line in shown_lines if line.late],
        "flows": sorted({one.flow for one in shown.path if one.flow and not one.process}),
        "waits": {line.element: line.waits[0] for line in shown_lines if line.waits},
    }
