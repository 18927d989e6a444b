"""Words of intake: how a matter came in otherwise than by an ordinary report, tickets of other systems, exports."""

from __future__ import annotations

from enum import StrEnum


class IntakePermission(StrEnum):
    """What somebody may be allowed to do at the intake and with lists."""

    MERGE_MATTER = "execution.merge_matter"
    FILE_AFTER_THE_FACT = "execution.file_after_the_fact"
    READ_SENSITIVE = "execution.read_sensitive"
    EXPORT_MATTERS = "execution.export_matters"
    EXPORT_REPORTERS = "execution.export_reporters"
    PUSH_TICKET = "execution.push_ticket"
    MANAGE_TICKET_SYSTEMS = "execution.manage_ticket_systems"


class IntakeKind(StrEnum):
    """How a matter came in: 补录, pasted chat text, a ticket of another system, or 我也遇到."""

    LATE = "late"
    CHAT = "chat"
    TICKET = "ticket"
    JOIN = "join"


class Flag(StrEnum):
    """Marks that a list can be narrowed to."""

    REOPENED = "reopened"
    RETURNED = "returned"
    LATE = "late"
    SENSITIVE = "sensitive"
    RECURS = "recurs"
    SELF = "self"
    UNTOUCHED = "untouched"
    ON_SHELF = "on_shelf"


class Direction(StrEnum):
    """Which way a delivery between the city and a ticket system goes."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class DeliveryState(StrEnum):
    """What became of a delivery."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class ExportFormat(StrEnum):
    """Kinds of files that a list is exported to."""

    CSV = "csv"
    XLSX = "xlsx"


class ExportState(StrEnum):
    """How far an export is."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


FLAG_LABELS = {
    Flag.REOPENED: "重开",
    Flag.RETURNED: "退回",
    Flag.LATE: "补录",
    Flag.SENSITIVE: "敏感",
    Flag.RECURS: "反复",
    Flag.SELF: "自报自结",
    Flag.UNTOUCHED: "上报后无人办理",
    Flag.ON_SHELF: "在库挂账",
}
INTAKE_LABELS = {
    IntakeKind.LATE: "补录",
    IntakeKind.CHAT: "聊天记录登记",
    IntakeKind.TICKET: "外部工单",
    IntakeKind.JOIN: "我也遇到",
}
DIRECTION_LABELS = {Direction.INBOUND: "收到", Direction.OUTBOUND: "发出"}
DELIVERY_LABELS = {
    DeliveryState.WAITING: "待送达",
    DeliveryState.DELIVERED: "已送达",
    DeliveryState.GIVEN_UP: "已停止重试",
}
EXPORT_LABELS = {
    ExportState.WAITING: "排队中",
    ExportState.RUNNING: "正在生成",
    ExportState.READY: "可以下载",
    ExportState.FAILED: "没有成功",
    ExportState.EXPIRED: "已过期",
}
