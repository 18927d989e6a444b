"""One call of sql/apply.sql writes a step: the matter, its history, its process, evidence and events."""

from __future__ import annotations

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connection, models

from city1361.base.action.api import Remembered
from city1361.base.kernel.errors import Stale
from city1361.centres.execution.models import Matter, MatterStep

STALE = "C1361"
_APPLY = "SELECT execution_apply(%s::jsonb, %s)"


class _Exact(DjangoJSONEncoder):
    """Moments keep their microseconds: a step is found again by what was written of it."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def columns(row: models.Model) -> dict[str, Any]:
    """The row by the names of its columns."""
    return {str(field.column): getattr(row, field.attname) for field in row._meta.concrete_fields}


def apply(
    row: Matter,
    taken: MatterStep,
    process: tuple[dict[str, Any], int] | None,
    remembered: Remembered,
    expected_version: int,
) -> None:
    """Write the step `taken` on `row`, which was at `expected_version`. Raises Stale, and then nothing is written."""
    step = {"matter": columns(row), "taken": columns(taken), **remembered.as_json()}
    if process is not None:
        step["process"], step["process_version"] = process
    try:
        with connection.cursor() as cursor:
            cursor.execute(_APPLY, [json.dumps(step, cls=_Exact, ensure_ascii=False), expected_version])
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") == STALE:
            raise Stale(
                "matter_changed", "您查看之后，此事件已有变化", where="If-Match", remedy="请刷新后重试"
            ) from error
        raise
