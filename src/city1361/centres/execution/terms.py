"""Words of the matter (事件): where it stands, what may be done to it, how it ended."""

from __future__ import annotations

from enum import StrEnum


class MatterState(StrEnum):
    """Where a matter stands. Each open state is one stage with a clock of its own."""

    REPORTED = "reported"
    ADMITTED = "admitted"
    REFUSED = "refused"
    HANDLING = "handling"
    CLOSE_REQUESTED = "close_requested"
    CHECKED = "checked"
    CLOSED = "closed"

    @property
    def is_open(self) -> bool:
        return self not in (MatterState.REFUSED, MatterState.CLOSED)


OPEN_STATES = tuple(state for state in MatterState if state.is_open)


class Step(StrEnum):
    """What is done to a matter. 受理 admit is the centre's, 签收 acknowledge the unit's."""

    REPORT = "report"
    ADMIT = "admit"
    REFUSE = "refuse"
    ACKNOWLEDGE = "acknowledge"
    REPORT_PROGRESS = "report_progress"
    REQUEST_CLOSE = "request_close"
    CHECK_PASS = "check_pass"  # noqa: S105 - no password: the check was passed
    CHECK_FAIL = "check_fail"
    CLOSE = "close"
    AGREE = "agree"
    REOPEN = "reopen"


class CloseResult(StrEnum):
    """How a matter ended: closed is not solved, so the result is always typed."""

    SOLVED = "solved"
    EXPLAINED = "explained"
    LONG_TERM = "long_term"
    SHELVED = "shelved"
    NOT_OURS = "not_ours"


class Urgency(StrEnum):
    """How soon somebody must come."""

    NORMAL = "normal"
    PRESSING = "pressing"
    URGENT = "urgent"


class Channel(StrEnum):
    """Where a matter came from (来源)."""

    GRID = "grid"
    RESIDENT = "resident"
    DESK = "desk"
    HOTLINE = "hotline"
    SENSOR = "sensor"
    ASSIGNED = "assigned"


class Participation(StrEnum):
    """How an organisation takes part: 主办 lead, 协办 assist, 知会 informed."""

    LEAD = "lead"
    ASSIST = "assist"
    INFORMED = "informed"


class Satisfaction(StrEnum):
    """What the reporter says of the handling."""

    SATISFIED = "satisfied"
    FAIR = "fair"
    DISSATISFIED = "dissatisfied"


class Tab(StrEnum):
    """The groups of a work list."""

    TODO = "todo"
    DOING = "doing"
    DONE = "done"
    ALL = "all"


class Due(StrEnum):
    """Which deadlines a list is narrowed to: within two hours, or over already."""

    SOON = "soon"
    OVERDUE = "overdue"


class Counting(StrEnum):
    """What a clock counts: working minutes, or all of them."""

    WORKING = "working"
    NATURAL = "natural"


class Permission(StrEnum):
    """What somebody may be allowed to do to matters."""

    REPORT_MATTER = "execution.report_matter"
    READ_MATTER = "execution.read_matter"
    ADMIT_MATTER = "execution.admit_matter"
    REFUSE_MATTER = "execution.refuse_matter"
    ACKNOWLEDGE_MATTER = "execution.acknowledge_matter"
    REPORT_PROGRESS = "execution.report_progress"
    REQUEST_CLOSE = "execution.request_close"
    CHECK_MATTER = "execution.check_matter"
    CLOSE_MATTER = "execution.close_matter"
    AGREE_MATTER = "execution.agree_matter"
    REOPEN_MATTER = "execution.reopen_matter"
    LINK_RECURRENCE = "execution.link_recurrence"
    LOAD_DEMONSTRATION = "execution.load_demonstration"


# What each step asks for; `report` alone makes its own matter.
PERMISSION_OF = {
    Step.REPORT: Permission.REPORT_MATTER,
    Step.ADMIT: Permission.ADMIT_MATTER,
    Step.REFUSE: Permission.REFUSE_MATTER,
    Step.ACKNOWLEDGE: Permission.ACKNOWLEDGE_MATTER,
    Step.REPORT_PROGRESS: Permission.REPORT_PROGRESS,
    Step.REQUEST_CLOSE: Permission.REQUEST_CLOSE,
    Step.CHECK_PASS: Permission.CHECK_MATTER,
    Step.CHECK_FAIL: Permission.CHECK_MATTER,
    Step.CLOSE: Permission.CLOSE_MATTER,
    Step.AGREE: Permission.AGREE_MATTER,
    Step.REOPEN: Permission.REOPEN_MATTER,
}

# Labels are zh-Hans msgids: the edge translates them.
STATE_LABELS = {
    MatterState.REPORTED: "待受理",
    MatterState.ADMITTED: "待签收",
    MatterState.REFUSED: "不予受理",
    MatterState.HANDLING: "处置中",
    MatterState.CLOSE_REQUESTED: "待核查",
    MatterState.CHECKED: "待办结",
    MatterState.CLOSED: "已办结",
}
STAGE_LABELS = {
    MatterState.REPORTED: "受理",
    MatterState.ADMITTED: "签收",
    MatterState.HANDLING: "处置",
    MatterState.CLOSE_REQUESTED: "核查",
    MatterState.CHECKED: "办结",
}
STEP_LABELS = {
    Step.REPORT: "上报",
    Step.ADMIT: "受理",
    Step.REFUSE: "不予受理",
    Step.ACKNOWLEDGE: "签收",
    Step.REPORT_PROGRESS: "反馈进展",
    Step.REQUEST_CLOSE: "申请办结",
    Step.CHECK_PASS: "核查通过",
    Step.CHECK_FAIL: "核查不通过",
    Step.CLOSE: "办结",
    Step.AGREE: "群众认可",
    Step.REOPEN: "没解决",
}
RESULT_LABELS = {
    CloseResult.SOLVED: "已解决",
    CloseResult.EXPLAINED: "已解释",
    CloseResult.LONG_TERM: "转长期",
    CloseResult.SHELVED: "挂账",
    CloseResult.NOT_OURS: "非职责",
}
URGENCY_LABELS = {Urgency.NORMAL: "一般", Urgency.PRESSING: "较急", Urgency.URGENT: "紧急"}
CHANNEL_LABELS = {
    Channel.GRID: "网格上报",
    Channel.RESIDENT: "群众上报",
    Channel.DESK: "中心登记",
    Channel.HOTLINE: "热线转办",
    Channel.SENSOR: "感知设备",
    Channel.ASSIGNED: "上级交办",
}
PARTICIPATION_LABELS = {Participation.LEAD: "主办", Participation.ASSIST: "协办", Participation.INFORMED: "知会"}
SATISFACTION_LABELS = {
    Satisfaction.SATISFIED: "满意",
    Satisfaction.FAIR: "基本满意",
    Satisfaction.DISSATISFIED: "不满意",
}
LEVEL_LABELS = {1: "一级", 2: "二级", 3: "三级", 4: "四级", 5: "五级"}
TAB_LABELS = {Tab.TODO: "待办", Tab.DOING: "在办", Tab.DONE: "已办", Tab.ALL: "全部"}
