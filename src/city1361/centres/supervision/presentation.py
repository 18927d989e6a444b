"""Supervision as pages show it: lines, pairs of facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from city1361.base.ui import api as ui
from city1361.centres.command import api as command
from city1361.centres.supervision.answers import NoticeView, SheetView, ToVisit, VisitRow, VisitView
from city1361.centres.supervision.terms import (
    CARD_LABELS,
    LADDER_LABELS,
    NOTICE_LABELS,
    SATISFIED_LABELS,
    SHEET_LABELS,
    Card,
    Ladder,
    NoticeState,
    SheetState,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in a list. mark: yellow or red for a card, else a tag's tone."""

    id: UUID
    label: str
    mark: str
    title: str
    who: str
    address: str
    state: str
    tone: str = ""
    clock: ui.Clock | None = None
    note: str = ""


def notice_label(notice: NoticeView) -> str:
    """黄牌督办, 红牌督办, 提级督办, 催办, 提醒."""
    if notice.card and notice.rung is Ladder.SUPERVISE:
        return _(CARD_LABELS[notice.card])
    return _(LADDER_LABELS[notice.rung])


def notice_line(notice: NoticeView) -> Line:
    """A reminder or a card as a line."""
    mark = {Card.YELLOW_CARD: "yellow-card", Card.RED_CARD: "red-card"}.get(notice.card, "") if notice.card else ""
    tone = "current" if notice.state is NoticeState.IN_FORCE else "" if notice.state is NoticeState.ANSWERED else "done"
    return Line(
        notice.id,
        notice_label(notice),
        mark,
        notice.title,
        _("{issuer} 对 {target}").format(issuer=notice.issuer.name, target=notice.target.name),
        reverse("notice", args=[notice.id]),
        _(NOTICE_LABELS[notice.state]),
        tone,
        notice.clock,
        notice.answer or notice.reason,
    )


def sheet_line(sheet: SheetView) -> Line:
    """A 督办单 as a line."""
    tone = {SheetState.TO_ANSWER: "current", SheetState.TO_SIGN_OFF: "", SheetState.SIGNED_OFF: "done"}[sheet.state]
    return Line(
        sheet.id,
        sheet.number,
        "",
        sheet.title,
        _("{issuer} 对 {target}").format(issuer=sheet.issuer.name, target=sheet.target.name),
        reverse("sheet", args=[sheet.id]),
        _(SHEET_LABELS[sheet.state]),
        tone,
        sheet.clock if sheet.state is SheetState.TO_ANSWER else None,
        sheet.feedback or sheet.text,
    )


def to_visit_line(one: ToVisit) -> Line:
    """A matter to visit as a line."""
    note = _("未联系上{count}次").format(count=one.tries) if one.tries else ""
    label = _("自报自结") if one.self_closed else ""
    who = _("{unit}，{time}办结").format(unit=one.handler_name, time=ui.moment_words(one.closed_at))
    address = f"{reverse('visit_new')}?matter={one.matter}"
    return Line(one.matter, label, "", one.title, who, address, _("待回访"), "current", None, note)


def visit_line(visit: VisitView) -> Line:
    """A visit as a line."""
    state, tone = visit_state(visit)
    return Line(visit.id, _("回访"), "", visit.title, visit.visitor_name, reverse("visit", args=[visit.id]), state, tone, None, visit.words)  # fmt: skip


def visit_state(visit: VisitView) -> tuple[str, str]:
    """What a visit brought, in a word."""
    if not visit.reached:
        return _("未联系上"), ""
    if visit.unreasonable:
        return _("不合理诉求"), "done"
    return (_("已解决"), "done") if visit.solved else (_("没解决"), "late")


def kept(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs with something to say."""
    return [(label, value) for label, value in pairs if value]


def _said(who: str, at: str, words: str) -> str:
    return "，".join(part for part in (who, at, words) if part)


def limit_words(limit: command.LimitView) -> str:
    """When a limit ends, and that it is an example when it is."""
    words = ui.moment_words(limit.due_at)
    return _("{time}（示例，未经确认）").format(time=words) if limit.example else words


def notice_facts(notice: NoticeView) -> list[tuple[str, str]]:
    """Pairs about a notice."""
    return kept(
        [
            (_("事由"), notice.reason),
            (_("发出单位"), notice.issuer.name),
            (_("发出人"), _said(notice.who, ui.moment_words(notice.at), "")),
            (_("对象单位"), notice.target.name),
            (_("答复时限"), limit_words(notice.limit)),
            (_("答复"), _said(notice.answered_who, ui.moment_words(notice.answered_at), notice.answer)),
            (_("解除"), _said(notice.ended_who, ui.moment_words(notice.ended_at), notice.ended_words)),
            (_("事件编号"), notice.matter_number),
        ]
    )


def sheet_facts(sheet: SheetView) -> list[tuple[str, str]]:
    """Pairs about a 督办单."""
    returned = f"{sheet.returned_count}·{sheet.returned_words}" if sheet.returned_count else ""
    return kept(
        [
            (_("批示内容"), sheet.text),
            (_("批示编号"), sheet.instruction_number),
            (_("批示人"), _said(sheet.issuer.name, sheet.who, ui.moment_words(sheet.at))),
            (_("承办单位"), sheet.target.name),
            (_("反馈时限"), limit_words(sheet.limit)),
            (_("反馈"), _said(sheet.feedback_who, ui.moment_words(sheet.feedback_at), sheet.feedback)),
            (_("退回补充"), returned),
            (_("销号"), _said(sheet.signed_who, ui.moment_words(sheet.signed_at), sheet.signed_words)),
        ]
    )


def visit_facts(visit: VisitView) -> list[tuple[str, str]]:
    """Pairs about a visit."""
    said = {True: _("是"), False: _("否"), None: ""}
    satisfied = _(SATISFIED_LABELS[visit.satisfied]) if visit.satisfied else ""
    return kept(
        [
            (_("主办单位"), visit.handler_name),
            (_("办结时间"), ui.moment_words(visit.closed_at)),
            (_("回访人"), _said(visit.visitor_name, visit.who, ui.moment_words(visit.at))),
            (_("已联系上"), said[visit.reached]),
            (_("承办单位联系过"), said[visit.contacted]),
            (_("已解决"), said[visit.solved]),
            (_("满意度"), satisfied),
            (_("群众意见"), visit.words),
            (_("重开"), _("已按原时钟重开") if visit.reopened else ""),
            (_("自报自结"), _("是") if visit.self_closed else ""),
            (_("不合理诉求认定"), _said(visit.judged_who, ui.moment_words(visit.judged_at), visit.unreasonable_reason)),
            (_("事件编号"), visit.matter_number),
        ]
    )


def visit_row(row: VisitRow) -> dict[str, object]:
    """A visit behind a figure, as the table shows it."""
    state = (
        (_("不合理诉求"), "done")
        if row.unreasonable
        else (_("已解决"), "done")
        if row.solved
        else (_("没解决"), "late")
    )
    return {
        "matter": row.matter, "number": row.number, "title": row.title, "handler": row.handler_name,
        "closed_at": row.closed_at, "state": state[0], "tone": state[1], "satisfied": _(SATISFIED_LABELS[row.satisfied]),
        "contacted": _("是") if row.contacted else _("否"), "why": row.why, "address": reverse("visit", args=[row.id]),
    }  # fmt: skip
