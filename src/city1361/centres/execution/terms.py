"""Words of the matter (事件): where it stands, what may be done to it, how it ended."""

from __future__ import annotations

from enum import StrEnum


class MatterState(StrEnum):
    """Where a matter stands. Each open state is one stage with a clock of its own."""

    VERIFYING = "verifying"
    REPORTED = "reported"
    DISPATCHING = "dispatching"
    ADMITTED = "admitted"
    DESIGNATING = "designating"
    REFUSED = "refused"
    HANDLING = "handling"
    CLOSE_REQUESTED = "close_requested"
    CHECKED = "checked"
    CLOSED = "closed"
    VOIDED = "voided"
    MERGED = "merged"

    @property
    def is_open(self) -> bool:
        return self not in (MatterState.REFUSED, MatterState.CLOSED, MatterState.VOIDED, MatterState.MERGED)


OPEN_STATES = tuple(state for state in MatterState if state.is_open)


class Step(StrEnum):
    """What is done to a matter. 受理 admit is the centre's, 签收 acknowledge the unit's; 核实 verify comes before filing,
    核查 check after handling. An exclusion is asked for (request_…) by one person and granted by another."""

    REPORT = "report"
    SEND_VERIFY = "send_verify"
    VERIFY_PASS = "verify_pass"  # noqa: S105 - no password: what was reported is so
    VERIFY_FAIL = "verify_fail"
    ADMIT = "admit"
    REFUSE = "refuse"
    ROUTE = "route"
    ASSIGN = "assign"
    SEND_UP = "send_up"
    SEND_BACK = "send_back"
    TAKE_BACK = "take_back"
    REQUEST_RULING = "request_ruling"
    DESIGNATE = "designate"
    ACKNOWLEDGE = "acknowledge"
    TRANSFER = "transfer"
    CC = "cc"
    DELEGATE = "delegate"
    REPORT_PROGRESS = "report_progress"
    REQUEST_CLOSE = "request_close"
    CHECK_PASS = "check_pass"  # noqa: S105 - no password: the check was passed
    CHECK_FAIL = "check_fail"
    CLOSE = "close"
    AGREE = "agree"
    REOPEN = "reopen"
    REQUEST_PAUSE = "request_pause"
    REQUEST_SHELVE = "request_shelve"
    REQUEST_EXTEND = "request_extend"
    REQUEST_VOID = "request_void"
    PAUSE = "pause"
    SHELVE_MATTER = "shelve_matter"
    EXTEND = "extend"
    VOID = "void"
    REJECT_REQUEST = "reject_request"
    RESUME = "resume"
    REVIEW_SHELVED = "review_shelved"
    UNSHELVE = "unshelve"
    WHISTLE = "whistle"
    ASSIST = "assist"
    REPORT_BACK = "report_back"
    REMIND = "remind"
    URGE = "urge"
    SUPERVISE = "supervise"
    ESCALATE_SUPERVISION = "escalate_supervision"
    INSTRUCT = "instruct"
    RETURN_VISIT = "return_visit"
    MERGE = "merge"
    SPLIT = "split"
    EXTERNAL_UPDATE = "external_update"
    ANSWER_FORM = "answer_form"


# Lines of the history that other modules write: they change nothing of where the matter stands.
NOTED_STEPS = frozenset(
    {
        Step.WHISTLE, Step.ASSIST, Step.REPORT_BACK, Step.REMIND, Step.URGE, Step.SUPERVISE, Step.ESCALATE_SUPERVISION,
        Step.INSTRUCT, Step.RETURN_VISIT, Step.MERGE, Step.SPLIT, Step.ANSWER_FORM,
        Step.EXTERNAL_UPDATE,
    }
)  # fmt: skip


class HandOverKind(StrEnum):
    """How a matter changes hands: 受理派遣, 横向分拨, 纵向交办, 上送, 退回, 指定管辖."""

    DISPATCHED = "dispatched"
    ROUTED = "routed"
    ASSIGNED = "assigned"
    SENT_UP = "sent_up"
    SENT_BACK = "sent_back"
    DESIGNATED = "designated"


class ExclusionKind(StrEnum):
    """What takes a matter out of a rate: every one stands in the list of exclusions, with its limits before and after."""

    PAUSED = "paused"
    SHELVED_MATTER = "shelved_matter"
    EXTENDED = "extended"
    RETURNED = "returned"
    VOIDED = "voided"


class ApprovalState(StrEnum):
    """What became of what was asked for."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    LAPSED = "lapsed"


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
    SEND_VERIFY = "execution.send_verify"
    VERIFY_MATTER = "execution.verify_matter"
    ROUTE_MATTER = "execution.route_matter"
    ASSIGN_MATTER = "execution.assign_matter"
    SEND_UP_MATTER = "execution.send_up_matter"
    SEND_BACK_MATTER = "execution.send_back_matter"
    TAKE_BACK_MATTER = "execution.take_back_matter"
    REQUEST_RULING = "execution.request_ruling"
    DESIGNATE_MATTER = "execution.designate_matter"
    TRANSFER_MATTER = "execution.transfer_matter"
    COPY_MATTER = "execution.copy_matter"
    DELEGATE_MATTER = "execution.delegate_matter"
    REQUEST_EXCLUSION = "execution.request_exclusion"
    APPROVE_EXCLUSION = "execution.approve_exclusion"
    RESUME_MATTER = "execution.resume_matter"
    REVIEW_SHELVED = "execution.review_shelved"
    MOVE_LIMITS = "execution.move_limits"
    ANSWER_FORM = "execution.answer_form"
    LINK_RECURRENCE = "execution.link_recurrence"
    LOAD_DEMONSTRATION = "execution.load_demonstration"


# What each step asks for; `report` alone makes its own matter.
PERMISSION_OF = {
    Step.REPORT: Permission.REPORT_MATTER,
    Step.SEND_VERIFY: Permission.SEND_VERIFY,
    Step.VERIFY_PASS: Permission.VERIFY_MATTER,
    Step.VERIFY_FAIL: Permission.VERIFY_MATTER,
    Step.ADMIT: Permission.ADMIT_MATTER,
    Step.REFUSE: Permission.REFUSE_MATTER,
    Step.ROUTE: Permission.ROUTE_MATTER,
    Step.ASSIGN: Permission.ASSIGN_MATTER,
    Step.SEND_UP: Permission.SEND_UP_MATTER,
    Step.SEND_BACK: Permission.SEND_BACK_MATTER,
    Step.TAKE_BACK: Permission.TAKE_BACK_MATTER,
    Step.REQUEST_RULING: Permission.REQUEST_RULING,
    Step.DESIGNATE: Permission.DESIGNATE_MATTER,
    Step.ACKNOWLEDGE: Permission.ACKNOWLEDGE_MATTER,
    Step.TRANSFER: Permission.TRANSFER_MATTER,
    Step.CC: Permission.COPY_MATTER,
    Step.DELEGATE: Permission.DELEGATE_MATTER,
    Step.REPORT_PROGRESS: Permission.REPORT_PROGRESS,
    Step.REQUEST_CLOSE: Permission.REQUEST_CLOSE,
    Step.CHECK_PASS: Permission.CHECK_MATTER,
    Step.CHECK_FAIL: Permission.CHECK_MATTER,
    Step.CLOSE: Permission.CLOSE_MATTER,
    Step.AGREE: Permission.AGREE_MATTER,
    Step.REOPEN: Permission.REOPEN_MATTER,
    Step.REQUEST_PAUSE: Permission.REQUEST_EXCLUSION,
    Step.REQUEST_SHELVE: Permission.REQUEST_EXCLUSION,
    Step.REQUEST_EXTEND: Permission.REQUEST_EXCLUSION,
    Step.REQUEST_VOID: Permission.REQUEST_EXCLUSION,
    Step.PAUSE: Permission.APPROVE_EXCLUSION,
    Step.SHELVE_MATTER: Permission.APPROVE_EXCLUSION,
    Step.EXTEND: Permission.APPROVE_EXCLUSION,
    Step.VOID: Permission.APPROVE_EXCLUSION,
    Step.REJECT_REQUEST: Permission.APPROVE_EXCLUSION,
    Step.RESUME: Permission.RESUME_MATTER,
    Step.REVIEW_SHELVED: Permission.REVIEW_SHELVED,
    Step.UNSHELVE: Permission.REVIEW_SHELVED,
}

# Labels are zh-Hans msgids: the edge translates them.
STATE_LABELS = {
    MatterState.VERIFYING: "待核实",
    MatterState.REPORTED: "待受理",
    MatterState.DISPATCHING: "待派遣",
    MatterState.ADMITTED: "待签收",
    MatterState.DESIGNATING: "待指定管辖",
    MatterState.REFUSED: "不予受理",
    MatterState.HANDLING: "处置中",
    MatterState.CLOSE_REQUESTED: "待核查",
    MatterState.CHECKED: "待办结",
    MatterState.CLOSED: "已办结",
    MatterState.VOIDED: "已作废",
    MatterState.MERGED: "已并案",
}
STAGE_LABELS = {
    MatterState.VERIFYING: "核实",
    MatterState.REPORTED: "受理",
    MatterState.DISPATCHING: "派遣",
    MatterState.ADMITTED: "签收",
    MatterState.DESIGNATING: "指定管辖",
    MatterState.HANDLING: "处置",
    MatterState.CLOSE_REQUESTED: "核查",
    MatterState.CHECKED: "办结",
}
STEP_LABELS = {
    Step.REPORT: "上报",
    Step.SEND_VERIFY: "交核实",
    Step.VERIFY_PASS: "核实属实",
    Step.VERIFY_FAIL: "核实不属实",
    Step.ADMIT: "受理",
    Step.REFUSE: "不予受理",
    Step.ROUTE: "横向分拨",
    Step.ASSIGN: "纵向交办",
    Step.SEND_UP: "上送",
    Step.SEND_BACK: "退回",
    Step.TAKE_BACK: "撤回",
    Step.REQUEST_RULING: "提请指定管辖",
    Step.DESIGNATE: "指定管辖",
    Step.ACKNOWLEDGE: "签收",
    Step.TRANSFER: "转办",
    Step.CC: "知会",
    Step.DELEGATE: "委托代办",
    Step.REPORT_PROGRESS: "反馈进展",
    Step.REQUEST_CLOSE: "申请办结",
    Step.CHECK_PASS: "核查通过",
    Step.CHECK_FAIL: "核查不通过",
    Step.CLOSE: "办结",
    Step.AGREE: "群众认可",
    Step.REOPEN: "没解决",
    Step.REQUEST_PAUSE: "申请暂停",
    Step.REQUEST_SHELVE: "申请挂账",
    Step.REQUEST_EXTEND: "申请延期",
    Step.REQUEST_VOID: "申请作废",
    Step.PAUSE: "同意暂停",
    Step.SHELVE_MATTER: "同意挂账",
    Step.EXTEND: "同意延期",
    Step.VOID: "同意作废",
    Step.REJECT_REQUEST: "不同意申请",
    Step.RESUME: "恢复计时",
    Step.REVIEW_SHELVED: "复核挂账",
    Step.UNSHELVE: "销账",
    Step.WHISTLE: "吹哨",
    Step.ASSIST: "协办",
    Step.REPORT_BACK: "反馈",
    Step.REMIND: "提醒",
    Step.URGE: "催办",
    Step.SUPERVISE: "督办",
    Step.ESCALATE_SUPERVISION: "提级督办",
    Step.INSTRUCT: "批示",
    Step.RETURN_VISIT: "回访",
    Step.MERGE: "并案",
    Step.SPLIT: "拆分",
    Step.EXTERNAL_UPDATE: "外部反馈",
    Step.ANSWER_FORM: "填写表单",
}
HAND_OVER_LABELS = {
    HandOverKind.DISPATCHED: "派遣",
    HandOverKind.ROUTED: "横向分拨",
    HandOverKind.ASSIGNED: "纵向交办",
    HandOverKind.SENT_UP: "上送",
    HandOverKind.SENT_BACK: "退回",
    HandOverKind.DESIGNATED: "指定管辖",
}
EXCLUSION_LABELS = {
    ExclusionKind.PAUSED: "暂停",
    ExclusionKind.SHELVED_MATTER: "挂账",
    ExclusionKind.EXTENDED: "延期",
    ExclusionKind.RETURNED: "退回",
    ExclusionKind.VOIDED: "作废",
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
UNIT_LABELS = {"working_day": "工作日", "working_hour": "工作时", "natural_hour": "小时"}
