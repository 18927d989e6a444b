"""What each step takes through the API, and the action it is handed to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import Field

from city1361.base.action.api import StrictSchema
from city1361.centres.execution import api
from city1361.centres.execution.answers import MatterView
from city1361.centres.execution.terms import PERMISSION_OF, CloseResult, Permission, Satisfaction, Step

LONGEST = 2000


class StepIn(StrictSchema):
    """A step."""

    def take(self, **common: Any) -> MatterView:
        """Hand it to its action."""
        raise NotImplementedError


class AdmitIn(StepIn):
    """受理: take it in and give it to a post."""

    handler_post: UUID
    level: int | None = None
    text: str = Field("", max_length=LONGEST)
    matter_type: str = Field("", max_length=32)
    sensitive: list[str] = []

    def take(self, **common: Any) -> MatterView:
        return api.matter_admit(**common, **self.dict())


class RefuseIn(StepIn):
    """不予受理, with the reason the reporter reads."""

    text: str = Field(max_length=500)

    def take(self, **common: Any) -> MatterView:
        return api.matter_refuse(**common, reason=self.text)


class AcknowledgeIn(StepIn):
    """签收."""

    text: str = Field("", max_length=LONGEST)

    def take(self, **common: Any) -> MatterView:
        return api.matter_acknowledge(**common, **self.dict())


class ReportProgressIn(StepIn):
    """反馈进展."""

    text: str = Field(max_length=LONGEST)
    photos: list[UUID] = []

    def take(self, **common: Any) -> MatterView:
        return api.matter_report_progress(**common, **self.dict())


class RequestCloseIn(StepIn):
    """申请办结, with a typed result."""

    result: CloseResult
    text: str = Field(max_length=LONGEST)
    photos: list[UUID] = []

    def take(self, **common: Any) -> MatterView:
        return api.matter_request_close(**common, **self.dict())


class CheckPassIn(StepIn):
    """核查通过, by another post."""

    text: str = Field("", max_length=LONGEST)
    photos: list[UUID] = []

    def take(self, **common: Any) -> MatterView:
        return api.matter_check(**common, passed=True, **self.dict())


class CheckFailIn(StepIn):
    """核查不通过: back to the handler, with the reason."""

    text: str = Field(max_length=LONGEST)
    photos: list[UUID] = []

    def take(self, **common: Any) -> MatterView:
        return api.matter_check(**common, passed=False, **self.dict())


class CloseIn(StepIn):
    """办结, with a typed result (by default the one asked for)."""

    result: CloseResult | None = None
    text: str = Field("", max_length=LONGEST)

    def take(self, **common: Any) -> MatterView:
        return api.matter_close(**common, result=self.result or "", text=self.text)


class AgreeIn(StepIn):
    """群众认可: the reporter says it is solved."""

    satisfaction: Satisfaction | None = None
    text: str = Field("", max_length=LONGEST)

    def take(self, **common: Any) -> MatterView:
        return api.matter_agree(**common, **self.dict())


class ReopenIn(StepIn):
    """没解决: the reporter reopens it on its original clock."""

    text: str = Field(max_length=LONGEST)
    photos: list[UUID] = []

    def take(self, **common: Any) -> MatterView:
        return api.matter_reopen(**common, reason=self.text, photos=self.photos)


_BODIES: dict[Step, type[StepIn]] = {
    Step.ADMIT: AdmitIn,
    Step.REFUSE: RefuseIn,
    Step.ACKNOWLEDGE: AcknowledgeIn,
    Step.REPORT_PROGRESS: ReportProgressIn,
    Step.REQUEST_CLOSE: RequestCloseIn,
    Step.CHECK_PASS: CheckPassIn,
    Step.CHECK_FAIL: CheckFailIn,
    Step.CLOSE: CloseIn,
    Step.AGREE: AgreeIn,
    Step.REOPEN: ReopenIn,
}
STEPS: dict[Step, tuple[type[StepIn], Permission]] = {step: (body, PERMISSION_OF[step]) for step, body in _BODIES.items()}
