"""Words of command: a whistle (吹哨) and each call in it, an assisting task (任务), and who may do what to them."""

from __future__ import annotations

from enum import StrEnum


class CallState(StrEnum):
    """Where a call to one organisation stands. The strip shows four: 已送达, 已读, 已报到, 已到场."""

    DELIVERED = "delivered"
    READ = "read"
    ACCEPTED = "accepted"
    ARRIVED = "arrived"
    HELPED = "helped"
    DECLINED = "declined"
    AWAITING_DISPATCH = "awaiting_dispatch"
    ORDERED = "ordered"
    CALLED_OFF = "called_off"

    @property
    def is_open(self) -> bool:
        return self not in (CallState.HELPED, CallState.CALLED_OFF)


OPEN_CALLS = tuple(state for state in CallState if state.is_open)


class CallStep(StrEnum):
    """What is done to a call: by the called, by the caller, by the centre that dispatches, by its limit (lapse)."""

    LOOK = "look"
    ACCEPT = "accept"
    DECLINE = "decline"
    ARRIVE = "arrive"
    HELP = "help"
    RATE_WHISTLE = "rate_whistle"
    RATE_HELP = "rate_help"
    ASK_DISPATCH = "ask_dispatch"
    CALL_OFF = "call_off"
    LAPSE = "lapse"
    ORDER = "order"
    STAND_DOWN = "stand_down"


class TaskState(StrEnum):
    """Where an assisting task stands."""

    GIVEN = "given"
    TAKEN_UP = "taken_up"
    COMPLETED = "completed"
    TURNED_DOWN = "turned_down"
    HANDED_ON = "handed_on"
    REVOKED = "revoked"

    @property
    def is_open(self) -> bool:
        return self in (TaskState.GIVEN, TaskState.TAKEN_UP)


OPEN_TASKS = tuple(state for state in TaskState if state.is_open)


class TaskStep(StrEnum):
    """What is done to an assisting task."""

    GIVE = "give"
    ACKNOWLEDGE = "acknowledge"
    REPORT_BACK = "report_back"
    COMPLETE = "complete"
    TURN_DOWN = "turn_down"
    TRANSFER = "transfer"
    DELEGATE = "delegate"
    CC = "cc"
    REWORK = "rework"
    TAKE_BACK = "take_back"


class Grade(StrEnum):
    """How one side found the other: the help, or the whistle."""

    SATISFIED = "satisfied"
    FAIR = "fair"
    DISSATISFIED = "dissatisfied"


class Box(StrEnum):
    """Which calls and tasks a list shows: what waits for my organisation, what it sent, what has ended."""

    WAITING = "waiting"
    SENT = "sent"
    ENDED = "ended"


class Permission(StrEnum):
    """What somebody may be allowed to do here."""

    READ_COMMAND = "command.read_command"
    BLOW_WHISTLE = "command.blow_whistle"
    ANSWER_CALL = "command.answer_call"
    DISPATCH_CALL = "command.dispatch_call"
    GIVE_TASK = "command.give_task"
    DO_TASK = "command.do_task"
    LAPSE_LIMIT = "command.lapse_limit"


CALL_LABELS = {
    CallState.DELIVERED: "已送达",
    CallState.READ: "已读",
    CallState.ACCEPTED: "已报到",
    CallState.ARRIVED: "已到场",
    CallState.HELPED: "已支援",
    CallState.DECLINED: "不报到",
    CallState.AWAITING_DISPATCH: "待调度",
    CallState.ORDERED: "已调度",
    CallState.CALLED_OFF: "已取消",
}
CALL_STEP_LABELS = {
    CallStep.LOOK: "查看",
    CallStep.ACCEPT: "报到",
    CallStep.DECLINE: "不报到",
    CallStep.ARRIVE: "已到场",
    CallStep.HELP: "反馈结果",
    CallStep.RATE_WHISTLE: "评价吹哨",
    CallStep.RATE_HELP: "评价支援",
    CallStep.ASK_DISPATCH: "提请调度",
    CallStep.CALL_OFF: "取消呼叫",
    CallStep.LAPSE: "逾期未报到",
    CallStep.ORDER: "调度到位",
    CallStep.STAND_DOWN: "不再调度",
}
TASK_LABELS = {
    TaskState.GIVEN: "待签收",
    TaskState.TAKEN_UP: "办理中",
    TaskState.COMPLETED: "已完成",
    TaskState.TURNED_DOWN: "已退回",
    TaskState.HANDED_ON: "已转办",
    TaskState.REVOKED: "已撤回",
}
TASK_STEP_LABELS = {
    TaskStep.GIVE: "交办任务",
    TaskStep.ACKNOWLEDGE: "签收",
    TaskStep.REPORT_BACK: "反馈",
    TaskStep.COMPLETE: "完成",
    TaskStep.TURN_DOWN: "退回",
    TaskStep.TRANSFER: "转办",
    TaskStep.DELEGATE: "委托代办",
    TaskStep.CC: "知会",
    TaskStep.REWORK: "返工",
    TaskStep.TAKE_BACK: "撤回",
}
GRADE_LABELS = {Grade.SATISFIED: "满意", Grade.FAIR: "基本满意", Grade.DISSATISFIED: "不满意"}
BOX_LABELS = {Box.WAITING: "待我单位办理", Box.SENT: "我单位发出", Box.ENDED: "已结束"}
