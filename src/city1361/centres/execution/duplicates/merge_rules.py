"""What may be merged into what, and what becomes of the total clock of the matter that is kept. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from city1361.centres.execution.terms import MatterState

# A duplicate may stand here; what already waits for its close is finished instead.
MERGEABLE = frozenset(
    {
        MatterState.VERIFYING,
        MatterState.REPORTED,
        MatterState.DISPATCHING,
        MatterState.ADMITTED,
        MatterState.HANDLING,
    }
)


@dataclass(frozen=True, slots=True)
class Side:
    """What is asked of either matter. duplicates: how many are merged into it."""

    id: UUID
    state: MatterState
    paused: bool = False
    merged_into: UUID | None = None
    duplicates: int = 0


@dataclass(frozen=True, slots=True)
class TotalClock:
    """A total clock: since when, until when, how long and how counted."""

    reported_at: datetime
    due_at: datetime
    minutes: int
    counting: str

    def to_json(self) -> dict[str, Any]:
        return {
            "reported_at": self.reported_at.isoformat(),
            "due_at": self.due_at.isoformat(),
            "minutes": self.minutes,
            "counting": self.counting,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> TotalClock:
        moments = (datetime.fromisoformat(kept["reported_at"]), datetime.fromisoformat(kept["due_at"]))
        return cls(*moments, kept["minutes"], kept["counting"])


def refusal(duplicate: Side, kept: Side) -> tuple[str, str, str] | None:
    """Why not (code, message, remedy), or None."""
    movable = duplicate.state in MERGEABLE and not duplicate.paused
    reasons = (
        (duplicate.id == kept.id, "merge_into_itself", "事件不能并入自己", "请选择另一件事件"),
        (kept.merged_into == duplicate.id, "merge_circular", "对方已并入本事件，不能循环并案", "请先拆分，再反向并案"),
        (kept.merged_into is not None, "kept_is_merged", "所选事件自己已并入另一件", "请并入最终保留的那一件"),
        (not kept.state.is_open, "kept_has_ended", "所选事件已经结束，不能再并入", "请继续办理本事件，系统会标为反复"),
        (
            kept.paused,
            "kept_stands_still",
            "所选事件已暂停或挂账，并入会使本事件的时限停下",
            "请先恢复所选事件；确需一并停下的，为本事件另行申请",
        ),
        (duplicate.state is MatterState.MERGED, "already_merged", "本事件已经并案", "如并错了，请先拆分"),
        (not movable, "not_mergeable", "本事件现在不能并案", "待受理、待签收和处置中的事件可以并案"),
        (duplicate.duplicates > 0, "has_duplicates", "已有事件并入本事件，不能再并入别的", "请反过来并案，或先拆分"),
    )
    return next((reason[1:] for reason in reasons if reason[0]), None)


def together(clocks: list[TotalClock]) -> TotalClock:
    """The total clock of matters that are dealt with as one: the earliest report, and the earliest promise that was
    made to anybody. Nothing is ever put off by a merge."""
    promised = min(clocks, key=lambda one: one.due_at)
    return TotalClock(min(one.reported_at for one in clocks), promised.due_at, promised.minutes, promised.counting)
