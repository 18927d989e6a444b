"""One call writes a step (sql/apply.sql) or a report (sql/create.sql): the matter, its history, its process, evidence, events."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connection, models

from city1361.base.action.api import Remembered
from city1361.base.kernel.errors import Stale
from city1361.centres.execution.models import HandOver, Matter, MatterParticipant, MatterReporter, MatterStep

STALE = "C1361"
_APPLY = "SELECT execution_apply(%s::jsonb, %s)"
_CREATE = "SELECT execution_create(%s::jsonb)"
_GIVE = "SELECT execution_give(%s::jsonb)"


class _Exact(DjangoJSONEncoder):
    """Moments keep their microseconds: a step is found again by what was written of it."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def columns(row: models.Model) -> dict[str, Any]:
    """The row by the names of its columns."""
    return {str(field.column): getattr(row, field.attname) for field in row._meta.concrete_fields}


@dataclass(frozen=True, slots=True)
class Reported:
    """What a report leaves beside the matter and its step: who reported, and what the search index shall know."""

    reporter: MatterReporter
    found: dict[str, Any]


def create(
    row: Matter,
    taken: MatterStep,
    process: tuple[dict[str, Any], int] | None,
    reported: Reported,
    remembered: Remembered,
) -> None:
    """Write a matter that has just been reported."""
    reporter = reported.reporter
    sealed = {name: _sealed(reporter, name) for name in ("name", "phone")}
    step = _step(row, taken, process, remembered)
    _send(_CREATE, {**step, "reporter": {**columns(reporter), **sealed}, "found": reported.found})


def _sealed(reporter: MatterReporter, name: str) -> str | None:
    """What is kept of a personal field, in hexadecimal."""
    field = reporter._meta.get_field(name)
    sealed = field.get_db_prep_save(getattr(reporter, name), connection)  # type: ignore[union-attr]
    return None if sealed is None else bytes(sealed.obj).hex()


def give(lead: MatterParticipant, found: dict[str, Any], hand_over: HandOver | None = None, ended_by: str = "") -> None:
    """Write who leads a matter from now on. hand_over: the receipt that begins; ended_by: how the open one ends."""
    given: dict[str, Any] = {"lead": columns(lead), "found": found}
    if ended_by:
        given["ended_by"] = ended_by
    if hand_over is not None:
        given["hand_over"] = columns(hand_over)
    _send(_GIVE, given)


def apply(
    row: Matter,
    taken: MatterStep,
    process: tuple[dict[str, Any], int] | None,
    remembered: Remembered,
    expected_version: int,
) -> None:
    """Write the step `taken` on `row`, which was at `expected_version`. Raises Stale, and then nothing is written."""
    try:
        _send(_APPLY, _step(row, taken, process, remembered), expected_version)
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") == STALE:
            raise Stale(
                "matter_changed", "您查看之后，此事件已有变化", where="If-Match", remedy="请刷新后重试"
            ) from error
        raise


def _step(
    row: Matter, taken: MatterStep, process: tuple[dict[str, Any], int] | None, remembered: Remembered
) -> dict[str, Any]:
    step = {"matter": columns(row), "taken": columns(taken), **remembered.as_json()}
    if process is not None:
        step["process"], step["process_version"] = process
    return step


def _send(statement: str, told: dict[str, Any], *more: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(told, cls=_Exact, ensure_ascii=False), *more])
