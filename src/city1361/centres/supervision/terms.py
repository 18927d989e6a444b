"""Words of supervision: reminders and cards, instructions and their sheets, return visits, rates."""

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


class Rate(StrEnum):
    """The rates that stand here."""

    CLOSING = "closing"
    ON_TIME_CLOSING = "on_time_closing"
    RESPONSE = "response"
    SOLUTION = "solution"
    SATISFACTION = "satisfaction"
    SELF_CLOSING = "self_closing"


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
RATE_LABELS = {
    Rate.CLOSING: "办结率",
    Rate.ON_TIME_CLOSING: "按期办结率",
    Rate.RESPONSE: "响应率",
    Rate.SOLUTION: "解决率",
    Rate.SATISFACTION: "满意率",
    Rate.SELF_CLOSING: "自报自结占比",
}
# 口径: what stands above and below the line, and what is left out.
DEFINITIONS = {
    Rate.CLOSING: "已办结数÷应结案数。应结案：总时限在统计期内届满；不含不予受理、并案。剔除：作废、在库挂账。",
    Rate.ON_TIME_CLOSING: "按期办结数÷应结案数。按期：办结时间不晚于总时限。剔除同办结率。",
    Rate.RESPONSE: "承办单位联系过上报人的事件数÷回访到上报人的事件数。以统计期内办结的事件计。",
    Rate.SOLUTION: "上报人认为已解决的事件数÷回访到上报人的事件数。剔除：认定的不合理诉求。",
    Rate.SATISFACTION: "满意和基本满意的事件数÷回访到上报人的事件数。剔除：认定的不合理诉求。",
    Rate.SELF_CLOSING: "自报自结数÷统计期内办结数。单独统计，提高抽查比例。",
}
