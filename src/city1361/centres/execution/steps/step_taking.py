"""From the form of a step to the action that takes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from city1361.base.files import api as files
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Invalid
from city1361.centres.execution import api
from city1361.centres.execution.steps.doors import DOORS
from city1361.centres.execution.terms import Step

MOST_PHOTOS = 6
# What a step is told under another name than its field has.
REASONS = frozenset({Step.REFUSE, Step.REOPEN, *(step for step, door in DOORS.items() if door.reason)})
IDS = frozenset({"handler_post", "lead_post", "lower_centre", "own_post", "organisation", "owner", "source_area"})

ACTIONS: Mapping[Step, Callable[..., api.MatterView]] = {
    Step.ADMIT: api.matter_admit,
    Step.REFUSE: api.matter_refuse,
    Step.ACKNOWLEDGE: api.matter_acknowledge,
    Step.REPORT_PROGRESS: api.matter_report_progress,
    Step.REQUEST_CLOSE: api.matter_request_close,
    Step.CHECK_PASS: lambda **rest: api.matter_check(passed=True, **rest),
    Step.CHECK_FAIL: lambda **rest: api.matter_check(passed=False, **rest),
    Step.CLOSE: api.matter_close,
    Step.AGREE: api.matter_agree,
    Step.REOPEN: api.matter_reopen,
    **{step: door.act for step, door in DOORS.items()},
}


@dataclass(frozen=True, slots=True)
class Told:
    """What came with a step: the version it was filled in on, the key of this form, its answers and uploads."""

    version: int
    key: str
    answers: Mapping[str, Any]
    uploads: Sequence[Any] = ()


def take(by: By, matter_id: UUID, step: api.AvailableStep, told: Told) -> api.MatterView:
    """Take `step`, once for each key. Raises what the actions raise."""
    asked = (*step.needs, *step.may)
    values = {name: told.answers[name] for name in asked if name != "photos"}
    for name in IDS & values.keys():
        values[name] = UUID(values[name]) if values[name] else None
    if "photos" in asked:
        values["photos"] = _stored(by, told.uploads)
    if step.step in REASONS:
        values["reason"] = values.pop("text")
    act = ACTIONS[step.step]
    return act(by=by, matter_id=matter_id, expected_version=told.version, client_key=told.key, **values)


def _stored(by: By, uploads: Sequence[Any]) -> list[UUID]:
    if len(uploads) > MOST_PHOTOS:
        remedy = "请减少照片"
        raise Invalid(
            "too_many_photos", "最多{most}张照片", where="photos", remedy=remedy, params={"most": MOST_PHOTOS}
        )
    return [files.store(by, one.file, name=one.name, purpose=api.PHOTO_PURPOSE).id for one in uploads]
