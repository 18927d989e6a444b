"""Exporting a list: asked for once, evidenced, written at once when it is short, else by a job with progress."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from city1361.base.action.api import Outcome, action
from city1361.base.database import api as database
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Invalid, Missing, Problem, TooMany
from city1361.base.kernel.scope import Scope
from city1361.base.outbox import api as outbox
from city1361.centres.execution.entry.intake_terms import ExportFormat, ExportState, IntakePermission
from city1361.centres.execution.listings import exporting, lists
from city1361.centres.execution.listings.filters import Wanted
from city1361.centres.execution.models import MatterExport
from city1361.centres.execution.terms import Tab

AT_ONCE = 1_000
AT_A_TIME = 3
KEPT = timedelta(hours=24)
JOB = "execution.write_export"


@dataclass(frozen=True, slots=True)
class ExportView:
    """An export as its maker sees it."""

    id: UUID
    format: ExportFormat
    state: ExportState
    done: int
    total: int
    problem: str
    created_at: datetime
    expires_at: datetime


@action(IntakePermission.EXPORT_MATTERS)
def matter_export(*, by: By, wanted: Wanted, tab: Tab = Tab.ALL, format: ExportFormat) -> Outcome[ExportView]:
    """Write a list to a file. Columns with personal data only where `by` may have them. Raises Invalid, TooMany.

    Evidence holds the filters, the columns and the number of rows; words searched for stay erasable.
    """
    scope, now = registry.scope_of(by), clock.now()
    if by.account is None:
        raise Missing()
    _not_too_many(by.account)
    columns, total = exporting.columns_for(scope), _measured(by, scope, wanted, tab)
    row = MatterExport.objects.create(
        account=by.account,
        acting=_acting(by),
        format=format.value,
        wanted={**wanted.values(), "tab": tab.value},
        columns=columns,
        state=ExportState.WAITING.value,
        total=total,
        created_at=now,
    )
    if total <= AT_ONCE:
        _write(row, by, scope, lambda count: None)
        row.save()
    else:
        outbox.defer(JOB, export=str(row.id))
    facts: dict[str, Any] = {
        "format": format.value,
        "tab": tab.value,
        "rows": total,
        "columns": columns,
        "digest": row.digest,
    }
    facts["filters"] = {name: value for name, value in wanted.values().items() if name != "q"}
    personal = {"words": wanted.q} if wanted.q else None
    return Outcome(_view(row), subject=Subject("matter_export", row.id), facts=facts, personal=personal)


def _measured(by: By, scope: Scope, wanted: Wanted, tab: Tab) -> int:
    """How many rows it would be. Raises Invalid for too many, and for none."""
    most = int(settings.EXPORT_ROWS)
    total = lists.counted(scope=scope, by=by, tab=tab, most=most + 1, **wanted.values())
    if total > most:
        raise Invalid(
            "export_too_large", "导出超过{most}行", where="since",
            remedy="请用时间、区域或状态缩小范围后再导出", params={"most": most},
        )  # fmt: skip
    if not total:
        raise Invalid("export_empty", "没有符合条件的事件", where="q", remedy="请放宽筛选条件")
    return total


def _not_too_many(account: UUID) -> None:
    under_way = (ExportState.WAITING.value, ExportState.RUNNING.value)
    if MatterExport.objects.filter(account=account, state__in=under_way).count() >= AT_A_TIME:
        raise TooMany(
            "exports_under_way", "已有{count}个导出正在生成", remedy="请等它们完成后再导出", params={"count": AT_A_TIME}
        )


def exports(*, scope: Scope, by: By, most: int = 20) -> list[ExportView]:
    """One's own exports, the newest first; those made under an appointment that has ended are expired."""
    if by.account is None:
        return []
    rows = MatterExport.objects.filter(account=by.account).order_by("-id")[:most]
    return [_view(row) if _still_may(row) else replace(_view(row), state=ExportState.EXPIRED) for row in rows]


def export_file(*, scope: Scope, by: By, export_id: UUID) -> tuple[ExportView, Path]:
    """The file of one's own export. Raises Missing when it is somebody else's, not ready, gone, or was made under an
    appointment that has ended: who is transferred leaves the lists of his old post behind."""
    if by.account is None:
        raise Missing()
    row = MatterExport.objects.filter(account=by.account, pk=export_id, state=ExportState.READY.value).first()
    if row is None or not _still_may(row) or not _path(row).is_file():
        raise Missing()
    return _view(row), _path(row)


def _still_may(row: MatterExport) -> bool:
    """Whether the one who asked may still export where he stood when he asked."""
    return registry.scope_of(_by(row.acting)).allows(IntakePermission.EXPORT_MATTERS)


def export_write(export_id: UUID) -> None:
    """The job's part: write what was asked for, as the one who asked and with what he may see now."""
    with database.scoped(Scope.everything()):
        row = MatterExport.objects.filter(pk=export_id).first()
    if row is None or row.state not in (ExportState.WAITING, ExportState.RUNNING):
        return
    by = _by(row.acting)
    try:
        registry.authorise(by, IntakePermission.EXPORT_MATTERS)
        _keep(row, state=ExportState.RUNNING.value)
        _write(row, by, registry.scope_of(by), lambda count: _keep(row, done=count))
    except Problem as problem:
        row.state, row.problem, row.finished_at = ExportState.FAILED.value, problem.message, clock.now()
    _keep(row, **{name: getattr(row, name) for name in ("state", "done", "total", "digest", "problem", "finished_at")})


def expire_exports() -> int:
    """Files older than a day go; that there was an export stays on record."""
    with database.scoped(Scope.everything()):
        old = list(MatterExport.objects.filter(state=ExportState.READY.value, created_at__lt=clock.now() - KEPT)[:200])
        for row in old:
            _path(row).unlink(missing_ok=True)
        MatterExport.objects.filter(pk__in=[row.pk for row in old]).update(state=ExportState.EXPIRED.value)
    return len(old)


def _write(row: MatterExport, by: By, scope: Scope, progress: Any) -> None:
    rows = exporting.rows_of(by, scope, row.wanted, row.columns, int(settings.EXPORT_ROWS))
    row.done, row.digest = exporting.write(_path(row), ExportFormat(row.format), rows, progress)
    row.total, row.state, row.finished_at = row.done, ExportState.READY.value, clock.now()


def _keep(row: MatterExport, **values: Any) -> None:
    with database.scoped(Scope.everything()):
        MatterExport.objects.filter(pk=row.pk).update(**values)


def _path(row: MatterExport) -> Path:
    return Path(settings.EXPORTS_DIR) / f"{row.id}.{row.format}"


def _acting(by: By) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, UUID) else value for name, value in asdict(by).items()}


def _by(acting: dict[str, Any]) -> By:
    ids = {name: UUID(acting[name]) for name in ("account", "appointment", "organisation") if acting.get(name)}
    return By(**{**acting, **ids})


def _view(row: MatterExport) -> ExportView:
    return ExportView(
        row.id, ExportFormat(row.format), ExportState(row.state), row.done, row.total, row.problem,
        row.created_at, row.created_at + KEPT,
    )  # fmt: skip
