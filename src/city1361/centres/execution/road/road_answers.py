"""Answers about a matter's road: receipts, what was asked for, what was excluded, rulings. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from city1361.centres.execution.terms import ApprovalState, ExclusionKind, HandOverKind


@dataclass(frozen=True, slots=True)
class HandOverView:
    """A matter changed hands. acknowledged_at: the receipt; presumed: its limit signed it."""

    kind: HandOverKind
    given_by: str
    given_to: str
    who: str
    at: datetime
    due_at: datetime | None
    reason: str
    acknowledged_at: datetime | None
    presumed: bool
    ended_at: datetime | None
    ended_by: str


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """What was asked for and what became of it. asked: owner and review_on, or amount and unit."""

    kind: ExclusionKind
    state: ApprovalState
    reason: str
    asked: dict[str, Any]
    asked_who: str
    asked_at: datetime
    decided_who: str
    decided_at: datetime | None
    decision: str


@dataclass(frozen=True, slots=True)
class ExclusionView:
    """A line of the list of exclusions, with the limits before and after."""

    matter_id: UUID
    number: str
    kind: ExclusionKind
    since: datetime
    until: datetime | None
    reason: str
    minutes: int
    total_due_before: datetime
    total_due_after: datetime | None
    stage_due_before: datetime | None
    stage_due_after: datetime | None
    review_on: date | None


@dataclass(frozen=True, slots=True)
class RulingView:
    """Who was ruled to be responsible, and why. offers: the code of this party where it may be given a matter."""

    number: str
    centre: str
    parties: tuple[str, ...]
    organisation: str
    organisation_id: UUID
    post: UUID | None
    clause: str
    reason: str
    ruled_at: datetime
    same_town: bool


@dataclass(frozen=True, slots=True)
class ShelvedView:
    """A matter of the library of shelved matters."""

    id: UUID
    number: str
    title: str
    owner: str
    review_on: date
    since: datetime
    overdue: bool
