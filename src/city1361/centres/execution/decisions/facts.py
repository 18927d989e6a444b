"""What decisions are made of and what they come to. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from city1361.centres.execution.terms import ExclusionKind, MatterState, Step


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: account, and organisation and post code of the active appointment. visiting: he speaks for the
    reporter, whom he has asked."""

    account: UUID | None
    organisation: UUID | None = None
    post: str = ""
    system: bool = False
    visiting: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What waits for another person's word."""

    kind: ExclusionKind
    by: UUID | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a matter when a step is decided.

    centre received it first, current_centre deals with it now (the same while it is not said), handed_by gave it to who
    leads, ruling_centre says who is responsible in a dispute. handlers: accounts that took a handler's step; verifiers: that looked before.
    disputed: it came back and nobody has taken it over since. returns_before_ruling: the return that is ruled on. result: as it was asked for, or as it ended.
    """

    state: MatterState
    centre: UUID
    reporter: UUID | None
    lead: UUID | None = None
    lead_post: str = ""
    handlers: frozenset[UUID] = frozenset()
    verifiers: frozenset[UUID] = frozenset()
    agreed: bool = False
    current_centre: UUID | None = None
    handed_by: UUID | None = None
    delegate_post: str = ""
    ruling_centre: UUID | None = None
    designated: bool = False
    disputed: bool = False
    returned_count: int = 0
    returns_before_ruling: int = 2
    unverified: bool = False
    paused: bool = False
    shelved: bool = False
    shelved_owner: UUID | None = None
    asked: Asked | None = None
    urgency: str = "normal"
    level: int = 0
    result: str = ""

    @property
    def dealing(self) -> UUID:
        return self.current_centre or self.centre

    @property
    def to_centre(self) -> bool:
        """Whether it was handed to a centre, which passes it on, and not to somebody who handles it."""
        return self.lead is not None and self.lead == self.dealing and not self.lead_post

    def variables(self, step: Step) -> dict[str, str | int | bool]:
        """What the process is told with a step: the names its conditions may use."""
        return {
            "step": step.value,
            "to_centre": self.to_centre,
            "unverified": self.unverified,
            "disputed": self.disputed,
            "returned_count": self.returned_count,
            "returns_before_ruling": self.returns_before_ruling,
            "urgency": self.urgency,
            "level": self.level,
            "result": self.result,
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """What a step does. presumed: nobody did it in time, so the limit did. stays: nothing moves."""

    step: Step
    before: MatterState
    after: MatterState
    presumed: bool = False

    @property
    def rework(self) -> bool:
        """返工: the work goes back to the one who handled it."""
        return self.step in (Step.CHECK_FAIL, Step.REOPEN)

    @property
    def changes_stage(self) -> bool:
        return self.before is not self.after


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not. of_state: the step does not fit where the matter stands; otherwise it does not fit who acts.

    message and remedy have the places state, step and allowed.
    """

    code: str
    message: str
    remedy: str = ""
    of_state: bool = False
    allowed: tuple[Step, ...] = ()
