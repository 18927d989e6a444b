"""Words of supervision: reminders and cards, instructions and their sheets, return visits and what is counted of them."""

from __future__ import annotations

from enum import StrEnum


class Ladder(StrEnum):
    """The rungs: 提醒, 催办, 督办, 提级督办."""

    REMIND = "remind"
    URGE = "urge"
    SUPERVISE = "supervise"
    ESCALATE_SUPERVISION = "escalate_supervision"


class Card(StrEnum):
    """What a supervision shows; red follows yellow. These are no warnings: those have colours of their own."""

    YELLOW_CARD = "yellow_card"
    RED_CARD = "red_card"


class NoticeState(StrEnum):
    """Where a reminder or a card stands."""

    IN_FORCE = "in_force"
    ANSWERED = "answered"
    LIFTED = "lifted"
    SUPERSEDED = "superseded"


class NoticeStep(StrEnum):
    """What is done to a reminder or a card."""

    ANSWER = "answer"
    LIFT = "lift"


class SheetState(StrEnum):
    """Where a 督办单 stands."""

    TO_ANSWER = "to_answer"
    TO_SIGN_OFF = "to_sign_off"
    SIGNED_OFF = "signed_off"


class SheetStep(StrEnum):
    """What is done to a 督办单: 反馈, 销号, 退回补充."""

    FEED_BACK = "feed_back"
    SIGN_OFF = "sign_off"
    SEND_AGAIN = "send_again"


class Satisfied(StrEnum):
    """What the reporter says of the handling when he is called back."""

    SATISFIED = "satisfied"
    FAIR = "fair"
    DISSATISFIED = "dissatisfied"


class VisitCounted(StrEnum):
    """What is counted of visits that reached somebody, by the day the matter was closed."""

    VISITED = "visited"
    CONTACTED = "contacted"
    REASONABLE = "reasonable"
    SOLVED_SAID = "solved_said"
    SATISFIED_SAID = "satisfied_said"
    UNREASONABLE = "unreasonable"
    UNREASONABLE_SOLVED = "unreasonable_solved"
    UNREASONABLE_SATISFIED = "unreasonable_satisfied"


class Sign(StrEnum):
    """What the nightly look lists for inspection. It accuses nobody: honest work may look the same."""

    NEAR_DUE_CLOSING = "near_due_closing"
    BULK_CLOSING = "bulk_closing"
    DAY_END_CLOSING = "day_end_closing"
    MONTH_END_CLOSING = "month_end_closing"
    INSTANT_CLOSING = "instant_closing"
    REPEATED_PHOTO = "repeated_photo"
    COPIED_TEXT = "copied_text"
    REFUSAL_RISE = "refusal_rise"
    VOID_RISE = "void_rise"
    SELF_CLOSING_SHARE = "self_closing_share"
    EXTENSION_BUNCH = "extension_bunch"
    SPLIT_REPORT = "split_report"


class Permission(StrEnum):
    """What somebody may be allowed to do here."""

    READ_SUPERVISION = "supervision.read_supervision"
    SEND_NOTICE = "supervision.send_notice"
    ISSUE_CARD = "supervision.issue_card"
    ANSWER_NOTICE = "supervision.answer_notice"
    ISSUE_INSTRUCTION = "supervision.issue_instruction"
    FEED_BACK = "supervision.feed_back"
    SIGN_OFF = "supervision.sign_off"
    MAKE_VISIT = "supervision.make_visit"
    JUDGE_CLAIM = "supervision.judge_claim"
    SCAN_RADAR = "supervision.scan_radar"


LADDER_LABELS = {
    Ladder.REMIND: "提醒",
    Ladder.URGE: "催办",
    Ladder.SUPERVISE: "督办",
    Ladder.ESCALATE_SUPERVISION: "提级督办",
}
CARD_LABELS = {Card.YELLOW_CARD: "黄牌督办", Card.RED_CARD: "红牌督办"}
NOTICE_LABELS = {
    NoticeState.IN_FORCE: "待答复",
    NoticeState.ANSWERED: "已答复",
    NoticeState.LIFTED: "已解除",
    NoticeState.SUPERSEDED: "已升级",
}
NOTICE_STEP_LABELS = {NoticeStep.ANSWER: "答复", NoticeStep.LIFT: "解除"}
SHEET_LABELS = {
    SheetState.TO_ANSWER: "待反馈",
    SheetState.TO_SIGN_OFF: "待销号",
    SheetState.SIGNED_OFF: "已销号",
}
SHEET_STEP_LABELS = {SheetStep.FEED_BACK: "反馈", SheetStep.SIGN_OFF: "销号", SheetStep.SEND_AGAIN: "退回补充"}
SATISFIED_LABELS = {
    Satisfied.SATISFIED: "满意",
    Satisfied.FAIR: "基本满意",
    Satisfied.DISSATISFIED: "不满意",
}
VISIT_COUNTED_LABELS = {
    VisitCounted.VISITED: "回访到",
    VisitCounted.CONTACTED: "承办单位联系过",
    VisitCounted.REASONABLE: "回访到，不含不合理诉求",
    VisitCounted.SOLVED_SAID: "上报人认为已解决",
    VisitCounted.SATISFIED_SAID: "满意和基本满意",
    VisitCounted.UNREASONABLE: "认定的不合理诉求",
    VisitCounted.UNREASONABLE_SOLVED: "不合理诉求中已解决",
    VisitCounted.UNREASONABLE_SATISFIED: "不合理诉求中满意",
}
