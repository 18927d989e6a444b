"""Boards and details that packages declare: every number opens its rows, every row its own page, nothing unknown passes."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from city1361.base.kernel.ids import new_id
from city1361.centres.execution import api as execution
from city1361.platform.applications.packages import api
from city1361.platform.applications.packages.parts import page_source
from tests import cast
from tests.centres.execution import matters
from tests.platform.applications.packages.folders import change, lifts, write

pytestmark = pytest.mark.django_db
BOARD = "/apps/government/city-management/board/"
PAGES = """\
pages:
  - {key: board, title: {zh: 看板, en: Board}, kind: board, source: matters, groups: [state, area], opens: all}
  - {key: all, title: {zh: 全部, en: All}, kind: list, source: matters, columns: [title], filters: [state, area, standing, due], opens: one}
  - {key: one, title: {zh: 一件, en: One}, kind: detail, source: matters, columns: [number], blocks: [timeline]}
"""


def reported(**more: object) -> execution.MatterView:
    given = {"matter_type": "01003", "description": "井盖破损，看板要数到", "area_id": matters.grid(), **more}
    return execution.matter_report(by=cast.by(cast.GRID_WORKER), client_key=str(new_id()), **given)  # type: ignore[arg-type]


def shown(address: str, who: str = cast.TOWN_DUTY_OFFICER, status: int = 200) -> str:
    answer = cast.client(who).get(address)
    assert answer.status_code == status, answer.content[:300]
    return html.unescape(answer.content.decode())


def test_every_number_of_a_board_is_the_number_of_rows_that_it_opens() -> None:
    for _ in range(3):
        reported()
    reported(matter_type="02016")
    reported(matter_type="D01")  # of another application: never counted here
    board = shown(BOARD)
    lines = re.findall(r'<a class="number" href="([^"]+)"[^>]*>(\d+)</a>', board)
    assert len(lines) >= 3, "a state, a village and two types"
    for address, count in lines:
        assert shown(address).count("<tr><td") == int(count), address
    assert "矛盾纠纷" not in board
    assert cast.client(cast.SIBLING_DUTY_OFFICER).get(BOARD).content.decode().count('class="number"') == 0


def test_a_row_opens_its_own_page_with_the_blocks_that_are_declared() -> None:
    made = reported(matter_type="01003", answers={"condition": "lost", "fenced": True})
    listed = shown("/apps/government/city-management/matters/")
    address = f"/apps/government/city-management/matter/{made.id}/"
    assert f'href="{address}"' in listed
    page = shown(address)
    for words in ("办到哪里", "丢失", "办理过程", made.number, f"/desk/matters/{made.id}/"):
        assert words in page
    shown(address, cast.SIBLING_DUTY_OFFICER, 404)
    shown(f"/apps/grassroots/dispute-mediation/dispute/{made.id}/", status=404)
    shown(f"/apps/government/city-management/matters/{made.id}/", status=404)
    shown("/apps/government/city-management/matter/", status=404)


@pytest.mark.parametrize(
    ("good", "bad", "code"),
    [
        ("groups: [state, area]", "groups: [state, colour]", "column_unknown"),
        ("blocks: [timeline]", "blocks: [video]", "column_unknown"),
        ("opens: all", "opens: one", "page_opened"),
        ("opens: one", "opens: nothing", "page_opened"),
        ("filters: [state, area, standing, due]", "filters: [state, standing, due]", "board_filter"),
        ("kind: board", "kind: map", "declaration"),
        ("groups: [state, area], ", "", "declaration"),
        ("blocks: [timeline]", "blocks: [timeline], filters: [state]", "declaration"),
    ],
)
def test_what_is_unknown_or_opens_nothing_is_refused(tmp_path: Path, good: str, bad: str, code: str) -> None:
    folder = lifts(tmp_path)
    change(folder, "manifest.yaml", "permissions: []", "permissions: [execution.read_matter]")
    write(folder, "pages.yaml", PAGES)
    assert [problem.code for problem in api.check(folder)] == []
    change(folder, "pages.yaml", good, bad)
    assert code in [problem.code for problem in api.check(folder)]


def test_a_detail_page_is_no_way_in(tmp_path: Path) -> None:
    folder = lifts(tmp_path)
    change(folder, "manifest.yaml", "permissions: []", "permissions: [execution.read_matter]")
    change(folder, "manifest.yaml", "entries: []", "entries: [{page: one, icon: check}]")
    write(folder, "pages.yaml", PAGES)
    assert [problem.code for problem in api.check(folder)] == ["page_of_one"]


def test_what_a_source_offers_has_its_words() -> None:
    source = page_source("matters")
    assert source is not None
    assert set(source.groups) | set(source.narrowing) <= set(source.filters)
