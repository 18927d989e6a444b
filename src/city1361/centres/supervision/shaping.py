"""From rows to answers, for whoever asks."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext as _

from city1361.base.kernel.by import By
from city1361.base.kernel.scope import Scope
from city1361.base.ui.api import Clock
from city1361.centres.command import api as command
from city1361.centres.supervision import decisions
from city1361.centres.supervision.answers import InstructionView, NoticeView, SheetView, VisitView
from city1361.centres.supervision.models import Instruction, Notice, ReturnVisit, SupervisionSheet
from city1361.centres.supervision.terms import (
    Card,
    Ladder,
    NoticeState,
    NoticeStep,
    Permission,
    Satisfied,
    SheetState,
    SheetStep,
)


class Limited(Protocol):
    """A row with a limit."""

    limit_amount: int
    limit_unit: str
    limit_example: bool
    due_at: datetime
    amber_at: datetime
    fallback: bool


def _limit(row: Limited) -> command.LimitView:
    return command.LimitView(
        row.limit_amount, row.limit_unit, row.due_at, row.amber_at, row.limit_example, row.fallback
    )


def _clock(row: Limited, label: str, since: datetime, stopped: datetime | None) -> Clock | None:
    return command.limit_clock(label, row.limit_unit, since, row.due_at, row.amber_at, stopped=stopped)


def notice(row: Notice, by: By, scope: Scope) -> NoticeView:
    """A notice as `by` sees it."""
    state = NoticeState(row.state)
    return NoticeView(
        id=row.id,
        number=row.number,
        matter=row.matter_id,
        matter_number=row.matter_number,
        title=row.title,
        rung=Ladder(row.rung),
        card=Card(row.card) if row.card else None,
        state=state,
        target=command.Choice(row.target, row.target_name),
        issuer=command.Choice(row.issuer, row.issuer_name),
        who=row.who,
        at=row.at,
        reason=row.reason,
        follows=row.follows_id,
        limit=_limit(row),
        clock=_clock(row, _("答复"), row.at, row.answered_at) if state in decisions.STANDING else None,
        answer=row.answer,
        answered_who=row.answered_who,
        answered_at=row.answered_at,
        ended_words=row.ended_words,
        ended_who=row.ended_who,
        ended_at=row.ended_at,
        steps=_notice_steps(row, state, by, scope),
    )


def _notice_steps(row: Notice, state: NoticeState, by: By, scope: Scope) -> tuple[NoticeStep, ...]:
    if state is NoticeState.IN_FORCE and by.organisation == row.target and scope.allows(Permission.ANSWER_NOTICE):
        return (NoticeStep.ANSWER,)
    office = by.organisation == row.issuer and by.account != row.answered_by
    if state is NoticeState.ANSWERED and row.card and office and scope.allows(Permission.ISSUE_CARD):
        return (NoticeStep.LIFT,)
    return ()


def sheet(row: SupervisionSheet, by: By, scope: Scope) -> SheetView:
    """A 督办单 as `by` sees it."""
    of, state = row.instruction, SheetState(row.state)
    return SheetView(
        id=row.id,
        number=row.number,
        instruction=of.id,
        instruction_number=of.number,
        matter=of.matter_id,
        title=of.title,
        text=of.text,
        issuer=command.Choice(of.issuer, of.issuer_name),
        who=of.who,
        at=of.at,
        target=command.Choice(row.target, row.target_name),
        state=state,
        limit=_limit(row),
        clock=_clock(row, _("反馈"), of.at, None if state is SheetState.TO_ANSWER else row.feedback_at),
        feedback=row.feedback,
        feedback_who=row.feedback_who,
        feedback_at=row.feedback_at,
        returned_count=row.returned_count,
        returned_words=row.returned_words,
        signed_who=row.signed_who,
        signed_words=row.signed_words,
        signed_at=row.signed_at,
        steps=_sheet_steps(row, state, by, scope),
    )


def _sheet_steps(row: SupervisionSheet, state: SheetState, by: By, scope: Scope) -> tuple[SheetStep, ...]:
    if state is SheetState.TO_ANSWER and by.organisation == row.target and scope.allows(Permission.FEED_BACK):
        return (SheetStep.FEED_BACK,)
    office = by.organisation == row.instruction.issuer and by.account != row.feedback_by
    if state is SheetState.TO_SIGN_OFF and office and scope.allows(Permission.SIGN_OFF):
        return (SheetStep.SIGN_OFF, SheetStep.SEND_AGAIN)
    return ()


def instruction(row: Instruction, by: By, scope: Scope) -> InstructionView:
    """An instruction with its sheets."""
    sheets = row.sheets.select_related("instruction").order_by("id")
    return InstructionView(
        row.id,
        row.number,
        row.matter_id,
        row.title,
        row.text,
        command.Choice(row.issuer, row.issuer_name),
        row.who,
        row.at,
        tuple(sheet(one, by, scope) for one in sheets),
    )


def visit(row: ReturnVisit, by: By, scope: Scope) -> VisitView:
    """A return visit as `by` sees it."""
    outside = by.organisation is not None and by.organisation != row.handler and by.account != row.account
    return VisitView(
        id=row.id,
        matter=row.matter_id,
        matter_number=row.matter_number,
        title=row.title,
        closed_at=row.closed_at,
        handler_name=row.handler_name,
        self_closed=row.self_closed,
        visitor_name=row.visitor_name,
        who=row.who,
        at=row.at,
        reached=row.reached,
        contacted=row.contacted,
        solved=row.solved,
        satisfied=Satisfied(row.satisfied) if row.satisfied else None,
        words=row.words,
        unreasonable=row.unreasonable,
        unreasonable_reason=row.unreasonable_reason,
        judged_who=row.judged_who,
        judged_at=row.judged_at,
        reopened=row.reopened,
        may_judge=row.reached and not row.unreasonable and outside and scope.allows(Permission.JUDGE_CLAIM),
    )
