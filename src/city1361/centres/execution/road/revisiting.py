"""没解决, said to somebody who calls back: the matter reopens on its original clock as if its reporter had said so."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from city1361.base.action.api import Outcome, action
from city1361.base.kernel.by import By
from city1361.centres.execution import inputs
from city1361.centres.execution.answers import MatterView
from city1361.centres.execution.models import Matter
from city1361.centres.execution.steps.recording import Said
from city1361.centres.execution.steps.taking import take
from city1361.centres.execution.terms import Permission, Step


@action(Permission.REOPEN_MATTER)
def matter_reopen_after_visit(
    *, by: By, matter_id: UUID, expected_version: int, reason: str, client_key: str = ""
) -> Outcome[MatterView]:
    """Reopen what a return visit found unsolved. Called by supervision, which knows of the visit; the visitor is not of
    the leading unit. Raises Invalid, Conflict, Refused, Stale, Missing."""
    told = inputs.text(reason, where="text", needed=True)
    said = Said(told, client_key=client_key, facts={"after": "return_visit"})

    def change(row: Matter, now: datetime) -> None:
        row.closed_at, row.result, row.requested_result = None, "", ""
        row.reopened_count, row.rework_count = row.reopened_count + 1, row.rework_count + 1

    return take(by, matter_id, expected_version, Step.REOPEN, said=said, change=change, visiting=True)
