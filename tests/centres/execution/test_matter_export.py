"""Exported lists: harmless to a spreadsheet, no more than the page shows, evidenced, one's own."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from openpyxl import load_workbook

from city1361.base.evidence import api as evidence
from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Invalid, Missing, TooMany
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import ExportFormat, ExportState, Wanted
from city1361.centres.execution.listings import export_actions
from city1361.centres.execution.listings.export_cells import BEGINNINGS, BOM, csv_lines, harmless
from city1361.centres.execution.models import MatterExport
from city1361.platform.assurance.security.accounts import api as accounts
from tests import cast
from tests.centres.execution import matters

FORMULA = '=HYPERLINK("http://evil.example","点我")'
OFFICER = cast.TOWN_DUTY_OFFICER


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "　=1", "＝1", "＠x"])
def test_what_would_begin_a_formula_is_text(text: str) -> None:
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("value", ["井盖破损", "12号=门", "", None, 5, -5])
def test_everything_else_stays_as_it_is(value: str | int | None) -> None:
    assert harmless(value) == value


@given(
    some.lists(some.lists(some.text(max_size=20) | some.integers() | some.none(), min_size=1, max_size=4), max_size=5)
)
def test_a_reader_of_csv_finds_no_formula_and_the_same_rows(rows: list[list[str | int | None]]) -> None:
    text = "".join(csv_lines(rows))
    assert text == "" or text.startswith(BOM)
    back = list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))
    assert len(back) == len(rows)
    for cells, given_row in zip(back, rows, strict=True):
        assert len(cells) == len(given_row)
        for cell, value in zip(cells, given_row, strict=True):
            if isinstance(value, str):
                assert not cell.lstrip(" \u3000\xa0")[:1] or cell.lstrip(" \u3000\xa0")[0] not in BEGINNINGS
            else:
                assert cell == ("" if value is None else str(value))


def made(who: str = OFFICER, kind: str = "csv", **wanted: Any) -> execution.ExportView:
    return execution.matter_export(by=cast.by(who), wanted=execution.wanted_from(wanted), format=ExportFormat(kind))


def file_of(who: str, view: execution.ExportView) -> Path:
    with matters.seen_by(who) as asking:
        return execution.export_file(**asking, export_id=view.id)[1]


def table(who: str = OFFICER, **wanted: Any) -> list[dict[str, str]]:
    text = file_of(who, made(who, **wanted)).read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


@pytest.mark.django_db
def test_both_formats_hold_the_list_and_nothing_that_calculates() -> None:
    matter = matters.reported(description=FORMULA, address="@SUM(A1:A9)")
    matters.reported(area_id=matters.grid(matters.SIBLING_GRID))
    rows = table()
    assert [row["编号"] for row in rows] == [matter.number]
    assert rows[0]["情况说明"] == "'" + FORMULA
    assert rows[0]["事发位置"] == "'@SUM(A1:A9)"
    book = load_workbook(file_of(OFFICER, made(kind="xlsx")))
    cells = {cell.value: cell for row in book.active.iter_rows() for cell in row}
    assert "'" + FORMULA in cells
    assert {cell.data_type for cell in cells.values()} <= {"s", "n", "inlineStr"}
    assert cells["编号"].row == 1


@pytest.mark.django_db
def test_an_export_follows_the_filters_and_is_evidenced_with_its_digest() -> None:
    urgent = matters.reported(urgency="urgent")
    matters.reported()
    view = made(urgency="urgent", q="井盖")
    assert (view.state, view.total) == (ExportState.READY, 1)
    entry = evidence.entries_about("matter_export", view.id)[0]
    assert entry.facts["filters"] == {"urgency": "urgent"}
    assert entry.facts["rows"] == 1
    assert "number" in entry.facts["columns"]
    assert len(entry.facts["digest"]) == 64
    assert [row["编号"] for row in table(urgency="urgent")] == [urgent.number]


@pytest.mark.django_db
def test_personal_columns_are_for_those_who_may_have_them_and_see_them_anyway() -> None:
    matters.reported(contact_name="王小明", contact_phone="13800001234")
    assert [(row["上报人"], row["联系电话"]) for row in table()] == [("王小明", "13800001234")]
    for who in (cast.TOWN_COMMANDER, cast.DISTRICT_DUTY_OFFICER, cast.CITY_DUTY_OFFICER):
        row = table(who)[0]
        assert "上报人" not in row
        assert "13800001234" not in "".join(row.values())
    assert "敏感标识" in table(cast.TOWN_COMMANDER)[0]
    assert "敏感标识" not in table(cast.CITY_DUTY_OFFICER)[0]
    with pytest.raises(Missing):
        made(cast.TOWN_HANDLER)


@pytest.mark.django_db
def test_a_long_list_is_written_by_a_job_with_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    several = [matters.reported().number for _ in range(3)]
    monkeypatch.setattr(export_actions, "AT_ONCE", 0)
    monkeypatch.setattr("city1361.centres.execution.listings.exporting.BATCH", 1)
    view = made()
    assert (view.state, view.total) == (ExportState.WAITING, 3)
    with pytest.raises(Missing):
        file_of(OFFICER, view)
    execution.export_write(view.id)
    with matters.seen_by(OFFICER) as asking:
        (shown,) = execution.exports(**asking)
    assert (shown.state, shown.done, shown.total) == (ExportState.READY, 3, 3)
    text = file_of(OFFICER, view).read_text("utf-8")
    assert [line[: len(several[0])] for line in text.splitlines()[1:]] == several[::-1]
    execution.export_write(view.id)  # a job may run twice
    made(), made(), made()
    with pytest.raises(TooMany):
        made()


@pytest.mark.django_db
def test_an_export_is_its_makers_alone_and_goes_after_a_day() -> None:
    matters.reported()
    view = made()
    where = file_of(OFFICER, view)
    assert where.stat().st_mode & 0o077 == 0
    for who in (cast.TOWN_COMMANDER, cast.CITY_DUTY_OFFICER):
        with pytest.raises(Missing):
            file_of(who, view)
        with matters.seen_by(who):
            assert not MatterExport.objects.exists()
    with clock.frozen(clock.now() + timedelta(hours=25)):
        assert execution.expire_exports() == 1
    assert not where.exists()
    with pytest.raises(Missing):
        file_of(OFFICER, view)


@pytest.mark.django_db
def test_too_many_rows_and_none_are_refused_with_what_to_do(settings: Any) -> None:
    matters.reported()
    matters.reported()
    settings.EXPORT_ROWS = 1
    with pytest.raises(Invalid) as caught:
        made()
    assert caught.value.code == "export_too_large"
    with pytest.raises(Invalid) as caught:
        made(urgency="urgent")
    assert caught.value.code == "export_empty"


@pytest.mark.django_db
def test_the_page_exports_what_it_shows() -> None:
    urgent = matters.reported(urgency="urgent")
    matters.reported()
    officer = cast.client(OFFICER)
    answer = officer.post("/desk/search/export/", {"urgency": "urgent", "format": "csv"}, follow=True)
    text = b"".join(answer.streaming_content).decode("utf-8")
    assert answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "no-store"
    assert text.count("\r\n") == 2
    assert urgent.number in text
    assert "可以下载" in officer.get("/desk/exports/").content.decode()
    empty = officer.post("/desk/search/export/", {"urgency": "urgent", "q": "飞碟", "format": "csv"}, follow=True)
    assert "没有符合条件的事件" in empty.content.decode()
    assert cast.client(cast.TOWN_HANDLER).post("/desk/search/export/", {"format": "csv"}).status_code == 404


def test_a_filter_free_list_is_the_whole_list() -> None:
    assert not Wanted().anything
    assert Wanted().query() == ""


@pytest.mark.django_db
def test_who_leaves_his_post_leaves_its_lists_behind() -> None:
    matters.reported()
    view = made()
    assert file_of(OFFICER, view).is_file()
    appointment = cast.by(OFFICER).appointment
    assert appointment is not None
    accounts.appointment_end(by=By.system("test", channel="command"), appointment_id=appointment)
    with pytest.raises(Missing):
        file_of(OFFICER, view)
    with matters.seen_by(OFFICER) as asking:
        assert [shown.state for shown in execution.exports(**asking)] == [ExportState.EXPIRED]
