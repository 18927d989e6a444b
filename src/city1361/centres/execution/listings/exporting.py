"""Lists of matters as files: which columns, for whom, written row by row."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from city1361.base.database import api as database
from city1361.base.kernel.by import By
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import shaping
from city1361.centres.execution.entry.intake_terms import ExportFormat, IntakePermission
from city1361.centres.execution.listings import lists
from city1361.centres.execution.listings.export_cells import Cell, csv_lines, harmless, moment
from city1361.centres.execution.listings.filters import wanted_from
from city1361.centres.execution.models import Matter, MatterReporter
from city1361.centres.execution.terms import (
    CHANNEL_LABELS,
    LEVEL_LABELS,
    RESULT_LABELS,
    STATE_LABELS,
    URGENCY_LABELS,
    CloseResult,
    MatterState,
    Urgency,
)
from city1361.platform.assurance.standards.areas import api as areas

BATCH = 500
LONGEST_CELL = 32_000  # a cell of a workbook holds 32,767 characters


@dataclass(frozen=True, slots=True)
class Line:
    """A matter with what its columns need beside it."""

    row: Matter
    names: dict[UUID, str]
    reporter: MatterReporter | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column. needs: the permission without which it is left out."""

    name: str
    title: str
    cell: Callable[[Line], Cell]
    needs: str = ""


def _words(labels: Any, value: Any) -> str:
    return _(labels[value]) if value in labels else ""


def _area(level: str) -> Callable[[Line], Cell]:
    return lambda line: line.names.get(getattr(line.row, f"{level}_id"), "")


COLUMNS = (
    Column("number", "编号", lambda line: line.row.number),
    Column("title", "事件", lambda line: line.row.title),
    Column("type", "类型", lambda line: line.row.type.name),
    Column("state", "状态", lambda line: _words(STATE_LABELS, MatterState(line.row.state))),
    Column("urgency", "紧急程度", lambda line: _words(URGENCY_LABELS, Urgency(line.row.urgency))),
    Column("level", "事件等级", lambda line: _words(LEVEL_LABELS, line.row.level)),
    Column("channel", "来源", lambda line: _words(CHANNEL_LABELS, line.row.channel)),
    Column("district", "区县", _area("district")),
    Column("town", "镇街", _area("town")),
    Column("village", "村社区", _area("village")),
    Column("grid", "网格", _area("grid")),
    Column("address", "事发位置", lambda line: line.row.address),
    Column("description", "情况说明", lambda line: line.row.description),
    Column("lead", "主办单位", lambda line: line.row.lead.name if line.row.lead else ""),
    Column("occurred_at", "发生时间", lambda line: _local(line.row.occurred_at)),
    Column("reported_at", "上报时间", lambda line: _local(line.row.reported_at)),
    Column("total_due_at", "总时限", lambda line: _local(line.row.total_due_at)),
    Column("closed_at", "办结时间", lambda line: _local(line.row.closed_at)),
    Column("result", "办理结果", lambda line: _words(RESULT_LABELS, _result(line.row.result))),
    Column("reopened", "重开次数", lambda line: line.row.reopened_count),
    Column("rework", "返工次数", lambda line: line.row.rework_count),
    Column("returned", "退回次数", lambda line: line.row.returned_count),
    Column("late", "补录", lambda line: _("是") if line.row.filed_after_the_fact else ""),
    Column("sensitive", "敏感标识", lambda line: "、".join(line.row.sensitive), IntakePermission.READ_SENSITIVE),
    Column("reporter", "上报人", lambda line: _person(line, "name"), IntakePermission.EXPORT_REPORTERS),
    Column("phone", "联系电话", lambda line: _person(line, "phone"), IntakePermission.EXPORT_REPORTERS),
    Column("synthetic", "数据", lambda line: _("合成示例") if line.row.synthetic else ""),
)
BY_NAME = {column.name: column for column in COLUMNS}


def columns_for(scope: Scope) -> list[str]:
    """The columns this person may have."""
    return [column.name for column in COLUMNS if not column.needs or scope.allows(column.needs)]


def rows_of(by: By, scope: Scope, wanted: dict[str, Any], names: Sequence[str], most: int) -> Iterator[list[Cell]]:
    """The rows of the list, newest first, at most so many; the first row holds the titles.

    Each batch is read in a transaction of its own (or a savepoint), so a long list holds nothing open.
    """
    columns = [BY_NAME[name] for name in names]
    yield [_(column.title) for column in columns]
    personal = any(column.needs == IntakePermission.EXPORT_REPORTERS for column in columns)
    with database.scoped(scope):
        branches = branches_for(by, scope, wanted)
    before, left = None, most
    while left > 0:
        with database.scoped(scope):
            lines = _batch(branches, before, min(BATCH, left), by, scope, personal=personal)
        for line in lines:
            yield [column.cell(line) for column in columns]
        if not lines:
            return
        before, left = lines[-1].row.id, left - len(lines)


def branches_for(by: By, scope: Scope, wanted: dict[str, Any]) -> list[Q]:
    """The conditions of a list that was kept as JSON values."""
    filters = {name: value for name, value in wanted.items() if name != "tab"}
    return lists.branches_of(scope, by, wanted.get("tab", "all"), wanted_from(filters))


def _batch(branches: list[Q], before: UUID | None, size: int, by: By, scope: Scope, *, personal: bool) -> list[Line]:
    rows = lists.newest(branches, before, size)
    names = _area_names(rows)
    reporters = _reporters(rows, by, scope) if personal else {}
    return [Line(row, names, reporters.get(row.id)) for row in rows]


def _area_names(rows: Sequence[Matter]) -> dict[UUID, str]:
    ids = {area for row in rows for area in (row.district_id, row.town_id, row.village_id, row.grid_id) if area}
    return {area.id: area.short_name for area in areas.areas(ids).values()}


def _reporters(rows: Sequence[Matter], by: By, scope: Scope) -> dict[UUID, MatterReporter]:
    """Who reported, only where this person may see it on the matter's own page too (举报保护)."""
    seen = [row.id for row in rows if shaping.sees_reporter(row, by, scope)]
    return {one.matter_id: one for one in MatterReporter.objects.filter(matter__in=seen)} if seen else {}


def _person(line: Line, field: str) -> str:
    return str(getattr(line.reporter, field) or "") if line.reporter else ""


def _result(value: str) -> CloseResult | None:
    return CloseResult(value) if value else None


def _local(at: Any) -> str:
    return moment(timezone.localtime(at)) if at else ""


def write(
    path: Path, kind: ExportFormat, rows: Iterator[list[Cell]], progress: Callable[[int], None]
) -> tuple[int, str]:
    """Write the rows to `path`, readable by this account alone; says how many rows after each batch.

    Answers how many there were, the titles left out, and the SHA-256 of the file.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    counted = _counted(rows, progress)
    if kind is ExportFormat.CSV:
        with path.open("w", encoding="utf-8", newline="") as target:
            target.writelines(csv_lines(counted))
    else:
        _write_workbook(path, counted)
    with path.open("rb") as made:
        digest = hashlib.file_digest(made, "sha256").hexdigest()
    return counted.count, digest


class _counted:  # noqa: N801 - used like the function it is
    """Passes rows on and counts them, the titles left out."""

    def __init__(self, rows: Iterator[list[Cell]], progress: Callable[[int], None]) -> None:
        self._rows, self._progress, self.count = rows, progress, -1

    def __iter__(self) -> Iterator[list[Cell]]:
        for row in self._rows:
            self.count += 1
            if self.count and self.count % BATCH == 0:
                self._progress(self.count)
            yield row
        self.count = max(self.count, 0)


def _write_workbook(path: Path, rows: _counted) -> None:
    from openpyxl import Workbook  # large: loaded by the job that needs it, not by every program

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("事件"))
    for row in rows:
        sheet.append([_workbook_cell(sheet, cell) for cell in row])
    book.save(path)


def _workbook_cell(sheet: Any, value: Cell) -> Any:
    """Numbers stay numbers; text is written as text, never as a formula, whatever it begins with."""
    if not isinstance(value, str):
        return value
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=str(harmless(value))[:LONGEST_CELL])
    cell.data_type = "s"
    return cell
