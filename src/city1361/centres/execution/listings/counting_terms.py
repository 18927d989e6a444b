"""What is counted of matters: each word is a condition on a matter, on the day of one of its moments."""

from __future__ import annotations

from enum import StrEnum


class Axis(StrEnum):
    """The moment of a matter whose day a count belongs to: reported, total limit over, closed."""

    REPORTED = "reported_at"
    DUE = "total_due_at"
    CLOSED = "closed_at"


class Counted(StrEnum):
    """Which matters: by the day of the report, by the day their total limit ends (应结案), by the day they were
    closed. What is in hand counts without a period too."""

    REPORTED = "reported"
    FILED = "filed"
    REFUSED = "refused"
    MERGED = "merged"
    VOIDED = "voided"
    DUE = "due"
    LEFT_OUT = "left_out"
    VOIDED_OF_DUE = "voided_of_due"
    SHELVED_OF_DUE = "shelved_of_due"
    CLOSED_OF_DUE = "closed_of_due"
    ON_TIME = "on_time"
    ON_TIME_BY_EXTENSION = "on_time_by_extension"
    REWORKED = "reworked"
    EXTENDED = "extended"
    IN_HAND = "in_hand"
    IN_VERIFYING = "in_verifying"
    IN_REPORTED = "in_reported"
    IN_DISPATCHING = "in_dispatching"
    IN_ADMITTED = "in_admitted"
    IN_DESIGNATING = "in_designating"
    IN_HANDLING = "in_handling"
    IN_CLOSE_REQUESTED = "in_close_requested"
    IN_CHECKED = "in_checked"
    CLOSED = "closed"
    SOLVED = "solved"
    EXPLAINED = "explained"
    LONG_TERM = "long_term"
    CLOSED_AS_SHELVED = "closed_as_shelved"
    NOT_OURS = "not_ours"
    SELF_CLOSED = "self_closed"


# Those that are sums of others are not counted by themselves.
PARTS = {Counted.LEFT_OUT: (Counted.VOIDED_OF_DUE, Counted.SHELVED_OF_DUE)}
AXIS_OF = {
    one: Axis.REPORTED
    if position <= list(Counted).index(Counted.VOIDED)
    else Axis.DUE
    if position <= list(Counted).index(Counted.IN_CHECKED)
    else Axis.CLOSED
    for position, one in enumerate(Counted)
}
COUNTED_LABELS = {
    Counted.REPORTED: "上报",
    Counted.FILED: "立案",
    Counted.REFUSED: "不予受理",
    Counted.MERGED: "并案",
    Counted.VOIDED: "作废",
    Counted.DUE: "应结案",
    Counted.LEFT_OUT: "应结案中剔除",
    Counted.VOIDED_OF_DUE: "应结案中作废",
    Counted.SHELVED_OF_DUE: "应结案中挂账",
    Counted.CLOSED_OF_DUE: "应结案中已办结",
    Counted.ON_TIME: "应结案中按期办结",
    Counted.ON_TIME_BY_EXTENSION: "因延期而按期办结",
    Counted.REWORKED: "应结案中返工",
    Counted.EXTENDED: "应结案中延期",
    Counted.IN_HAND: "在办",
    Counted.IN_VERIFYING: "待核实",
    Counted.IN_REPORTED: "待受理",
    Counted.IN_DISPATCHING: "待派遣",
    Counted.IN_ADMITTED: "待签收",
    Counted.IN_DESIGNATING: "待指定管辖",
    Counted.IN_HANDLING: "处置中",
    Counted.IN_CLOSE_REQUESTED: "待核查",
    Counted.IN_CHECKED: "待办结",
    Counted.CLOSED: "办结",
    Counted.SOLVED: "办结，已解决",
    Counted.EXPLAINED: "办结，已解释",
    Counted.LONG_TERM: "办结，转长期",
    Counted.CLOSED_AS_SHELVED: "办结，挂账",
    Counted.NOT_OURS: "办结，非职责",
    Counted.SELF_CLOSED: "自报自结",
}
