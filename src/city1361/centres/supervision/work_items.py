"""The one place where notices and sheets become to-dos of an inbox: whoever has the next move has one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from city1361.base.kernel.by import By
from city1361.centres.supervision.models import Notice, Placed, SupervisionSheet
from city1361.centres.supervision.terms import NoticeState, SheetState
from city1361.platform.components.processes import api as processes

KINDS = (
    processes.Kind("supervision_answer", "督查待答复"),
    processes.Kind("supervision_lift", "督办待解除"),
    processes.Kind("sheet_feedback", "督办单待反馈"),
    processes.Kind("sheet_sign_off", "督办单待销号"),
)


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose move it is, what it is, and until when."""

    kind: str
    organisation: UUID
    due_at: datetime | None = None
    amber_at: datetime | None = None


def register_kinds() -> None:
    """Tell the inbox which kinds there are."""
    for kind in KINDS:
        processes.register_work_item_kind(kind)


def move_notice(by: By, row: Notice) -> None:
    """The target has it to answer; a card that was answered its issuer to lift."""
    processes.work_item_close(by, subject_id=row.id)
    state = NoticeState(row.state)
    if state is NoticeState.IN_FORCE:
        turn = Turn("supervision_answer", row.target, row.due_at, row.amber_at)
    elif state is NoticeState.ANSWERED and row.card:
        turn = Turn("supervision_lift", row.issuer)
    else:
        return
    _open(by, turn, row, row.title, "notice", row.id)


def move_sheet(by: By, row: SupervisionSheet) -> None:
    """The target has it to answer, or the issuer's office to sign off."""
    processes.work_item_close(by, subject_id=row.id)
    state, of = SheetState(row.state), row.instruction
    if state is SheetState.SIGNED_OFF:
        return
    turn = Turn("sheet_sign_off", of.issuer)
    if state is SheetState.TO_ANSWER:
        turn = Turn("sheet_feedback", row.target, row.due_at, row.amber_at)
    _open(by, turn, of, of.title, "sheet", row.id)


def _open(by: By, turn: Turn, row: Placed, title: str, subject: str, subject_id: UUID) -> None:  # noqa: PLR0917
    area = processes.AreaColumns(row.city_id, row.district_id, row.town_id, row.village_id, row.grid_id)
    new = processes.WorkItemNew(
        kind=turn.kind,
        title=title,
        holder=processes.WorkItemHolder(turn.organisation),
        area=area,
        subject_kind=subject,
        subject_id=subject_id,
        address=reverse(subject, args=[subject_id]),
        due_at=turn.due_at,
        amber_at=turn.amber_at,
    )
    processes.work_item_open(by, new)
