"""What the module answers with: frozen values, ready to be shown. Labels are zh-Hans msgids, names are data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from city1361.base.ui.api import Clock
from city1361.centres.command.api import Choice, LimitView
from city1361.centres.supervision.terms import (
    Card,
    Ladder,
    NoticeState,
    NoticeStep,
    Satisfied,
    SheetState,
    SheetStep,
)


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A reminder, an urge or a card. steps: what the one who asks may do."""

    id: UUID
    number: str
    matter: UUID
    matter_number: str
    title: str
    rung: Ladder
    card: Card | None
    state: NoticeState
    target: Choice
    issuer: Choice
    who: str
    at: datetime
    reason: str
    follows: UUID | None
    limit: LimitView
    clock: Clock | None
    answer: str
    answered_who: str
    answered_at: datetime | None
    ended_words: str
    ended_who: str
    ended_at: datetime | None
    steps: tuple[NoticeStep, ...]


@dataclass(frozen=True, slots=True)
class SheetView:
    """A 督办单 with the instruction it belongs to."""

    id: UUID
    number: str
    instruction: UUID
    instruction_number: str
    matter: UUID | None
    title: str
    text: str
    issuer: Choice
    who: str
    at: datetime
    target: Choice
    state: SheetState
    limit: LimitView
    clock: Clock | None
    feedback: str
    feedback_who: str
    feedback_at: datetime | None
    returned_count: int
    returned_words: str
    signed_who: str
    signed_words: str
    signed_at: datetime | None
    steps: tuple[SheetStep, ...]


@dataclass(frozen=True, slots=True)
class InstructionView:
    """批示 with its sheets."""

    id: UUID
    number: str
    matter: UUID | None
    title: str
    text: str
    issuer: Choice
    who: str
    at: datetime
    sheets: tuple[SheetView, ...]


@dataclass(frozen=True, slots=True)
class VisitView:
    """A return visit. may_judge: whether the one who asks may find the claim unreasonable."""

    id: UUID
    matter: UUID
    matter_number: str
    title: str
    closed_at: datetime
    handler_name: str
    self_closed: bool
    visitor_name: str
    who: str
    at: datetime
    reached: bool
    contacted: bool | None
    solved: bool | None
    satisfied: Satisfied | None
    words: str
    unreasonable: bool
    unreasonable_reason: str
    judged_who: str
    judged_at: datetime | None
    reopened: bool
    may_judge: bool = False


@dataclass(frozen=True, slots=True)
class ToVisit:
    """A closed matter that is sampled and not visited yet. tries: visits that reached nobody."""

    matter: UUID
    number: str
    title: str
    closed_at: datetime
    handler_name: str
    self_closed: bool
    tries: int


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit behind a count, and what it brought. why: why the claim was found unreasonable."""

    id: UUID
    matter: UUID
    number: str
    title: str
    handler_name: str
    closed_at: datetime
    contacted: bool
    solved: bool
    satisfied: Satisfied
    unreasonable: bool
    why: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What stands on the page of supervision."""

    cards: tuple[NoticeView, ...]
    notices: tuple[NoticeView, ...]
    to_answer: tuple[SheetView, ...]
    to_sign_off: tuple[SheetView, ...]
    to_visit: tuple[ToVisit, ...]
