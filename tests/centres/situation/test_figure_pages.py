"""Boards and the API show the same numbers, each with its definition, moment, responsible unit and rows."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from city1361.base.kernel import clock
from city1361.centres.execution import api as execution
from city1361.centres.situation import api, panel
from tests import cast
from tests.centres.execution import matters

pytestmark = pytest.mark.django_db


def page(address: str, who: str = cast.TOWN_DUTY_OFFICER) -> Any:
    return cast.client(who).get(address)


def test_page_supervision_and_api_tell_the_same_number() -> None:
    matters.closed()
    matters.handling()
    api.fold()
    month = execution.period_now(execution.PeriodKind.MONTH).text
    told = page("/api/v1/figures/?codes=in_hand&codes=closed_count&codes=closing").json()
    values = {one["code"]: one["value"] for one in told["figures"]}
    assert (values["in_hand"], values["closed_count"], told["period"]) == (1, 1, month)
    closing = next(one for one in told["figures"] if one["code"] == "closing")
    assert closing["responsible"]
    assert closing["definition"].endswith("剔除作废和在库挂账。")
    assert closing["companion"] == "solution"
    board = page("/situation/").content.decode()
    for words in (
        "办结率",
        "解决率",
        "按期办结率",
        "返工率",
        "延期率",
        "立案率",
        "口径",
        closing["responsible"],
        "数据截至",
    ):
        assert words in board
    shown = f"{closing['value']:.2f}%" if closing["value"] is not None else "—"
    assert shown in board
    assert shown in page("/supervision/").content.decode()
    assert "1" in page("/situation/figures/in_hand/").content.decode()


def test_a_figure_is_drilled_by_area_type_and_time_and_other_periods_open() -> None:
    matters.handling()
    api.fold()
    board = page("/api/v1/figures/?codes=in_hand", cast.CITY_DUTY_OFFICER).json()
    city = board["area"]["id"]
    below = page(f"/api/v1/figures/in_hand/by-area?area={city}", cast.CITY_DUTY_OFFICER).json()
    assert {one["key"] for one in below} == {one["id"] for one in board["below"]}
    assert sum(one["value"] for one in below) == 1
    types = page("/api/v1/figures/in_hand/by-type").json()
    assert [(one["key"], one["value"]) for one in types] == [("01003", 1)]
    points = page("/api/v1/figures/reported_count/trend?kind=week&points=4").json()
    assert [one["value"] for one in points] == [0, 0, 0, 1]
    district = next(one for one in below if one["value"])
    for address in (
        f"/situation/?area={district['key']}&period=2026-W10",
        f"/situation/figures/closing/?area={district['key']}&period=2026-03-01",
        "/situation/figures/solution/",
        "/situation/figures/overdue/",
    ):
        assert page(address, cast.CITY_DUTY_OFFICER).status_code == 200, address
    assert page("/situation/figures/unheard-of/").status_code == 404
    assert page(f"/situation/?area={city}").status_code == 404
    assert page(f"/api/v1/figures/?area={uuid4()}").status_code == 404
    assert page("/api/v1/figures/?period=2026-13").status_code == 422
    assert page("/situation/", cast.RESIDENT).status_code == 404


def test_what_was_left_out_stands_in_a_list_with_the_limits_before_and_after() -> None:
    matter = matters.handling()
    asked = execution.matter_request_extend(
        by=cast.by(cast.TOWN_HANDLER), matter_id=matter.id, expected_version=matter.version, reason="等待配件", amount=2,
        unit="working_day",
    )  # fmt: skip
    granted = execution.matter_extend(
        by=cast.by(cast.TOWN_DUTY_OFFICER), matter_id=matter.id, expected_version=asked.version, text="同意"
    )
    api.fold()
    due = execution.period_at(execution.PeriodKind.MONTH, granted.total.due_at).text
    told = page(f"/api/v1/figures/?codes=extension&period={due}").json()["figures"][0]
    assert (told["value"], told["fraction"]["numerator"]) == (100.0, 1)
    listed = page("/situation/exclusions/").content.decode()
    assert "等待配件" in listed
    assert "延期" in listed
    assert "等待配件" not in page("/situation/exclusions/?kind=voided").content.decode()
    assert "等待配件" not in page("/situation/exclusions/", cast.SIBLING_DUTY_OFFICER).content.decode()


def test_a_number_that_is_not_up_to_date_says_so() -> None:
    matters.reported()
    with clock.frozen(clock.now() + timedelta(minutes=5)), matters.seen_by(cast.TOWN_DUTY_OFFICER) as asking:
        stale = api.figures(scope=asking["scope"], codes=["in_hand"])
        assert stale.stale
        assert stale["in_hand"].value == 0
    api.fold()
    with matters.seen_by(cast.TOWN_DUTY_OFFICER) as asking:
        fresh = api.figures(scope=asking["scope"], codes=["in_hand"])
    assert not fresh.stale
    assert fresh["in_hand"].value == 1


def test_lists_for_inspection_count_what_they_open() -> None:
    matters.handling()
    board = page("/supervision/").content.decode()
    for label in ("超时未结", "退回过", "重新打开", "反复发生", "自报自结"):
        assert label in board
    listed = re.findall(
        r'href="(/desk/search/[^"]*flags=self[^"]*)"><span>[^<]*</span><b class="number">(\d+)</b>', board
    )
    assert [count for _, count in listed] == ["0"]
    assert page(listed[0][0].replace("&amp;", "&")).status_code == 200


def test_what_is_late_is_the_same_number_on_every_screen_however_long_ago_it_was_reported() -> None:
    matter = matters.handling()
    with clock.frozen(clock.now() + timedelta(days=70)):
        api.fold()
        with matters.seen_by(cast.TOWN_DUTY_OFFICER) as asking:
            assert api.figures(scope=asking["scope"], codes=["overdue"])["overdue"].value == 1
            shown = panel.lists(asking["by"], asking["scope"], execution.period_now(execution.PeriodKind.MONTH).text)
            late = execution.counted(**asking, due="overdue")
    assert '<a class="rate" href="/desk/search/?due=overdue"><span>超时未结</span><b class="number">1</b>' in shown
    assert late == 1
    assert matter.number in page("/desk/search/").content.decode()
